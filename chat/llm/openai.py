"""A chat model behind HTTP, at any server that speaks the OpenAI protocol."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack
from typing import TypeVar

from chat.events.events import Prompt, Usage
from chat.llm.base import Delta, ModelError, MovableTimeout, PromptTooLong
from chat.llm.errors import (
    CLIENT_ERRORS,
    NoConnection,
    Refusal,
    ReportedError,
    as_model_error,
    context_in,
    rejected_field,
    wait_before_retry,
)
from chat.llm.http import LoopSessions, PacketReader, open_packets
from chat.llm.stream import MOST_TOKENS, AnswerReader
from chat.llm.thinking import ThoughtFilter


class Completions:
    """Requests to one model of one server; remembers which optional fields it refuses."""

    def __init__(self, *, base_url: str, model: str, api_key: str, connect_timeout: float) -> None:
        self._sessions = LoopSessions(base_url=base_url, connect_timeout=connect_timeout)
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._model = model
        self._api_key = api_key
        self._refused: set[str] = set()

    async def open(self, prompt: Prompt, stack: AsyncExitStack) -> PacketReader:
        """Send the prompt and return the reader of the answer's packets; leaving ``stack`` closes the connection.

        Raises ``CLIENT_ERRORS``.
        """
        retried = False
        while True:
            options = self._options(prompt)
            try:
                return await self._sent(prompt, options, stack)
            except (NoConnection, Refusal) as error:
                if field := rejected_field(error, options):
                    self._refused.add(field)
                    continue  # ends, because each field is left out only once
                wait = wait_before_retry(error)
                if retried or wait is None:
                    raise
            retried = True
            await asyncio.sleep(wait)

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._sessions.aclose()

    async def _sent(self, prompt: Prompt, options: dict[str, object], stack: AsyncExitStack) -> PacketReader:
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        body = {"model": self._model, "messages": messages, "stream": True, **options}
        headers = {"Authorization": f"Bearer {self._api_key}"} if self._api_key else {}
        if not self._api_key.isascii():
            raise ValueError("a header holds ASCII only")
        return await open_packets(self._sessions.get(), self._url, body, headers=headers, stack=stack)

    def _options(self, prompt: Prompt) -> dict[str, object]:
        options: dict[str, object] = {
            "stream_options": {"include_usage": True},
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
        }
        if "max_tokens" in self._refused:
            options["max_completion_tokens"] = prompt.max_tokens
        return {field: value for field, value in options.items() if field not in self._refused}


_T = TypeVar("_T")

# After a finish reason come only the usage and the end of the body, which frees the connection.
_SETTLE_SECONDS = 0.5


class OpenAICompatible:
    """Streams answers from ``base_url``; timeouts in seconds.

    ``first_token_timeout`` bounds all that comes before the first sign of life, connecting and one
    retry included; ``idle_timeout`` the wait between two of them. A piece of reasoning is a sign
    of life, though it is no text. ``context_tokens`` is what prompt and answer may have together; where it is not
    given it is learnt from the first refusal.
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
        context_tokens: int | None = None,
    ) -> None:
        self._completions = Completions(
            base_url=base_url, model=model, api_key=api_key.strip(), connect_timeout=connect_timeout
        )
        self._first_token_timeout = first_token_timeout
        self._idle_timeout = idle_timeout
        self._thinks_first = False
        self.context_tokens = context_tokens

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Delta, None]:
        """Yield texts without thoughts, then one delta with the finish and the usage; or raise ``ModelError``.

        A prompt that is refused for its length raises ``PromptTooLong``.
        """
        reader = AnswerReader(most_tokens=_most_tokens(prompt))
        thoughts = ThoughtFilter(thinks_first=self._thinks_first)
        asked = [message.content for message in prompt.messages if message.role == "user"]
        sent: Prompt | None = prompt
        timeout = MovableTimeout(_now() + self._first_token_timeout)
        async with AsyncExitStack() as stack:
            stack.callback(timeout.close)
            try:
                with timeout:
                    read = await self._completions.open(prompt, stack)
                del prompt
                while True:
                    with timeout:
                        packet = await read()
                    if not packet:
                        break
                    signs = reader.signs
                    for delta in reader.feed(packet):
                        yield delta._replace(text=thoughts.feed(delta.text))
                    if reader.signs:
                        sent = None  # it is the largest part of what an open stream would hold
                    self._move(timeout, reader, signs)
                for delta in reader.close():
                    yield delta._replace(text=thoughts.feed(delta.text))
            except (ModelError, TimeoutError, *CLIENT_ERRORS) as error:
                # An answer that has said it is finished can no longer be spoilt.
                if reader.finish is None:
                    raise self._learnt(error, reader, self._named(error, reader, asked), sent) from None
        last = reader.last()
        self._thinks_first = thoughts.thought_first
        yield last._replace(text=thoughts.finish(was_cut=last.finish == "length"))

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._completions.aclose()

    def _move(self, timeout: MovableTimeout, reader: AnswerReader, signs_before: int) -> None:
        # Counted from when the reader of the answer is ready for more, however slow that reader was.
        if reader.signs != signs_before:
            timeout.move(timeout.now() + self._idle_timeout)
        if reader.finish is not None:
            timeout.move(min(timeout.when, timeout.now() + _SETTLE_SECONDS))

    def _learnt(self, error: Exception, reader: AnswerReader, named: ModelError, sent: Prompt | None) -> ModelError:
        """Return the failure; one for length, before the first word, as such, and its context is remembered."""
        is_refusal = isinstance(error, ReportedError | Refusal) and not reader.signs
        context = context_in(getattr(error, "body", None), tokens=sent.tokens) if sent and is_refusal else None
        if context is None:
            return named
        self.context_tokens = context
        return PromptTooLong(named.reason, context_tokens=context)

    def _named(self, error: Exception, reader: AnswerReader, asked: Sequence[str]) -> ModelError:
        if isinstance(error, ReportedError):
            return error.told(asked=asked)
        if isinstance(error, ModelError):
            return error
        # A timeout of the client's own, in connecting, comes as one of its errors.
        if type(error) is TimeoutError:
            return ModelError(self._silence(reader), retryable=True)
        return as_model_error(error, asked=asked)

    def _silence(self, reader: AnswerReader) -> str:
        if reader.signs:
            return f"the model fell silent for {self._idle_timeout:g} s"
        return f"no token from the model within {self._first_token_timeout:g} s"


def _most_tokens(prompt: Prompt) -> Usage:
    """Return the most that a prompt and its answer can cost: a token has a byte at least, and templates add some."""
    characters = sum(len(message.content) for message in prompt.messages)
    return Usage(prompt_tokens=4 * characters + 10_000, completion_tokens=MOST_TOKENS.completion_tokens)


def _now() -> float:
    return asyncio.get_running_loop().time()
