"""A chat model behind the OpenAI chat-completions protocol: hosted ones, vLLM, Ollama, llama.cpp and others."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import TypeVar

from chat.events.events import Prompt
from chat.llm.base import Delta, ModelError
from chat.llm.completions import Completions
from chat.llm.deadline import Deadline
from chat.llm.errors import FAILURES, as_model_error
from chat.llm.reader import AnswerReader

_T = TypeVar("_T")

# After a finish reason come only the usage and the end of the body, which frees the connection.
_SETTLE_SECONDS = 0.5


class OpenAICompatible:
    """Streams answers from ``base_url``; timeouts in seconds.

    ``first_token_timeout`` bounds all that comes before the first sign of life, connecting and one
    retry included; ``idle_timeout`` the wait between two of them. A piece of reasoning is a sign
    of life, though it is no text.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        connect_timeout: float = 5.0,
        first_token_timeout: float = 30.0,
        idle_timeout: float = 30.0,
    ) -> None:
        self._completions = Completions(
            base_url=base_url, model=model, api_key=api_key.strip(), connect_timeout=connect_timeout
        )
        self._first_token_timeout = first_token_timeout
        self._idle_timeout = idle_timeout

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Delta, None]:
        """Yield texts, then one delta with the finish and the usage; or raise ``ModelError``."""
        reader = AnswerReader()
        deadline = Deadline(_now() + self._first_token_timeout)
        async with AsyncExitStack() as stack:
            stack.callback(deadline.close)
            try:
                with deadline:
                    read = await self._completions.open(prompt, stack)
                del prompt  # it is the largest part of what an open stream would hold
                while True:
                    with deadline:
                        packet = await read()
                    if not packet:
                        break
                    signs = reader.signs
                    for delta in reader.feed(packet):
                        yield delta
                    self._move(deadline, reader, signs)
                for delta in reader.close():
                    yield delta
            except (ModelError, TimeoutError, *FAILURES) as error:
                # An answer that has said it is finished can no longer be spoilt.
                if reader.finish is None:
                    raise self._named(error, reader) from None
        yield reader.last()

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._completions.aclose()

    def _move(self, deadline: Deadline, reader: AnswerReader, signs_before: int) -> None:
        # Counted from when the reader of the answer is ready for more, however slow that reader was.
        if reader.signs != signs_before:
            deadline.move(deadline.now() + self._idle_timeout)
        if reader.finish is not None:
            deadline.move(min(deadline.when, deadline.now() + _SETTLE_SECONDS))

    def _named(self, error: Exception, reader: AnswerReader) -> ModelError:
        if isinstance(error, ModelError):
            return error
        # A timeout of the client's own, in connecting, comes as one of its errors.
        return (
            ModelError(self._silence(reader), retryable=True) if type(error) is TimeoutError else as_model_error(error)
        )

    def _silence(self, reader: AnswerReader) -> str:
        if reader.signs:
            return f"the model fell silent for {self._idle_timeout:g} s"
        return f"no token from the model within {self._first_token_timeout:g} s"


def _now() -> float:
    return asyncio.get_running_loop().time()
