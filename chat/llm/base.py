"""A deadline over many waits: ``asyncio.timeout`` makes a timer for each, which a relay of tokens would feel."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, NamedTuple, Protocol, Self

from chat.events.events import Prompt, Usage


class MovableTimeout:
    """Ends a wait at a time that may be moved, by one timer that looks again when it rings too early.

    ``with deadline: await …`` raises ``TimeoutError`` as ``asyncio.timeout_at`` does. ``when`` is a reading of the
    loop's clock. Close it in the end.
    """

    def __init__(self, when: float) -> None:
        self.when = when
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[object] | None = None
        self._others = 0
        self._has_rung = False

    def now(self) -> float:
        """Return a reading of the loop's clock."""
        return self._loop.time()

    def move(self, when: float) -> None:
        """Have it end waits at another time."""
        self.when = when
        if self._timer and when < self._timer.when():
            self.close()

    def close(self) -> None:
        """Let go of the timer."""
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def __enter__(self) -> Self:
        # With the loop given: until CPython 3.12 looking for it is a system call.
        self._task = asyncio.current_task(self._loop)
        self._others = self._task.cancelling() if self._task else 0
        if self._timer is None:
            self._timer = self._loop.call_at(self.when, self._ring)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        if self._has_rung:
            self._has_rung = False
            is_ours = task is not None and task.uncancel() <= self._others
            if is_ours and isinstance(error, asyncio.CancelledError):
                raise TimeoutError from error

    def _ring(self) -> None:
        self._timer = None
        if self.when > self._loop.time():
            self._timer = self._loop.call_at(self.when, self._ring)
        elif self._task:
            self._has_rung = True
            self._task.cancel()


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
