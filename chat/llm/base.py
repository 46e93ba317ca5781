"""The seam of language models: what a chat model is asked, what it streams, and how it fails."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from chat.events.events import Prompt
from chat.events.events_part import Usage


class Delta(NamedTuple):
    """A piece of an answer: text, or how it ended, or what it cost; usually only one of them is set.

    ``tokens`` is how many pieces of the model's own, thinking included, were joined in it. A tuple: one is made
    for each token, several times cheaper than a frozen dataclass.
    """

    text: str = ""
    tokens: int = 0
    finish: Literal["complete", "length"] | None = None
    usage: Usage | None = None


@dataclass(eq=False)
class ModelError(Exception):
    """A model that failed. ``reason`` is for the log, never for the reader.

    ``retryable`` says whether asking again later may help (a timeout does, a 401 does not).
    """

    reason: str
    retryable: bool

    def __str__(self) -> str:
        return self.reason


class ChatModel(Protocol):
    """Anything that streams an answer to a prompt."""

    def stream(self, prompt: Prompt) -> AsyncIterator[Delta]:
        """Yield the answer piece by piece; end after a ``finish``, or raise ``ModelError``.

        An answer that breaks off without a finish reason raises ``ModelError`` too.
        Closing the iterator closes the connection to the model at once.
        """
        ...
