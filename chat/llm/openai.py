"""A chat model behind HTTP, at any server that speaks the OpenAI protocol."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack

import openai

from chat.events.events import Prompt, Usage
from chat.llm.base import Delta, ModelError, MovableTimeout, PromptTooLong
from chat.llm.errors import CLIENT_ERRORS, ReportedError, as_model_error, context_in
from chat.llm.requests import BegunRequest, Completions
from chat.llm.stream import MOST_TOKENS, AnswerReader
from chat.llm.thinking import ThoughtFilter

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

    def ready(self) -> "BegunModel":
        """Return this model with its next question on the way, up to what is asked; close it in the end."""
        return BegunModel(self, self._completions.begin())

    async def stream(self, prompt: Prompt, *, begun: BegunRequest | None = None) -> AsyncGenerator[Delta, None]:
        """Yield texts without thoughts, then one delta with the finish and the usage; or raise ``ModelError``.

        ``begun`` is the request to send, which costs less time than one that is still to be made. A prompt that is
        refused for its length raises ``PromptTooLong``.
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
                    read = await self._completions.open(prompt, stack, begun)
                del prompt, begun
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
        is_refusal = isinstance(error, ReportedError | openai.APIStatusError) and not reader.signs
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


class BegunModel:
    """A model whose next question was begun before it was known; all others are asked as usual."""

    def __init__(self, model: OpenAICompatible, begun: BegunRequest) -> None:
        self._model = model
        self._begun: BegunRequest | None = begun

    @property
    def context_tokens(self) -> int | None:
        """What prompt and answer may have together, None where that is not known."""
        return self._model.context_tokens

    def stream(self, prompt: Prompt) -> AsyncGenerator[Delta, None]:
        """Yield the answer as the model does."""
        begun, self._begun = self._begun, None
        return self._model.stream(prompt, begun=begun)

    def close(self) -> None:
        """Ask nothing more than was asked."""
        if self._begun:
            self._begun.cancel()


def _most_tokens(prompt: Prompt) -> Usage:
    """Return the most that a prompt and its answer can cost: a token has a byte at least, and templates add some."""
    characters = sum(len(message.content) for message in prompt.messages)
    return Usage(prompt_tokens=4 * characters + 10_000, completion_tokens=MOST_TOKENS.completion_tokens)


def _now() -> float:
    return asyncio.get_running_loop().time()
