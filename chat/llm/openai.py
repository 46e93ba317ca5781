"""A chat model behind HTTP, at any server that speaks the OpenAI protocol."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeVar

import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI, DefaultAioHttpClient, Omit, omit

from chat.events.events import Prompt, Usage
from chat.llm.base import Delta, ModelError, MovableTimeout, PromptTooLong
from chat.llm.errors import CLIENT_ERRORS, ReportedError, as_model_error, context_in, rejected_field, wait_before_retry
from chat.llm.stream import MOST_TOKENS, AnswerReader, PacketReader, open_packets
from chat.llm.thinking import ThoughtFilter

# The wait between bytes is bounded by the caller, who knows which bytes are a sign of life.
_NO_LIMIT = None

# How many may ask at once is bounded by MAX_RUNS; a queue before the model would only hide it. None would mean 100.
_NO_QUEUE = httpx2.Limits(max_connections=100_000, max_keepalive_connections=1000, keepalive_expiry=15)


class _Beginning(httpx2.AsyncByteStream):
    """The first ``limit`` bytes of a body."""

    def __init__(self, stream: httpx2.AsyncByteStream, *, limit: int) -> None:
        self._stream = stream
        self._limit = limit

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._limit
        async for piece in self._stream:
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    async def aclose(self) -> None:
        await self._stream.aclose()


_LONGEST_REFUSAL = 64 * 1024


async def _bound_refusal(response: httpx2.Response) -> None:
    """Cut the body of a refusal, which the client reads whole, however long it is."""
    if not response.is_success and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Beginning(response.stream, limit=_LONGEST_REFUSAL)


class LoopClients:
    """A client for each event loop, made when first asked for: a connection pool works only on its own loop."""

    def __init__(self, *, base_url: str, api_key: str, connect_timeout: float) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = httpx2.Timeout(_NO_LIMIT, connect=connect_timeout, write=connect_timeout)
        self._clients: dict[asyncio.AbstractEventLoop, AsyncOpenAI] = {}

    def get(self) -> AsyncOpenAI:
        """Return the client of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._forget_closed_loops()
            self._clients[loop] = self._make()
        return self._clients[loop]

    async def aclose(self) -> None:
        """Close the running loop's client and its idle connections."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.close()

    def _forget_closed_loops(self) -> None:
        # Weak keys would not do: an idle connection in the pool holds its loop.
        for loop in [loop for loop in self._clients if loop.is_closed()]:
            self._clients.pop(loop, None)

    def _make(self) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=self._base_url,
            api_key=self._api_key or "none",  # absent, the client would look for one in the environment
            max_retries=0,  # the client obeys a Retry-After of a minute; ours are bounded by the first token
            http_client=DefaultAioHttpClient(
                timeout=self._timeout,
                limits=_NO_QUEUE,
                follow_redirects=False,  # the prompt and the key would go wherever a server says
                event_hooks={"response": [_bound_refusal]},
            ),
            timeout=self._timeout,
        )


class Completions:
    """Requests to one model of one server; remembers which optional fields it refuses."""

    def __init__(self, *, base_url: str, model: str, api_key: str, connect_timeout: float) -> None:
        self._clients = LoopClients(base_url=base_url, api_key=api_key, connect_timeout=connect_timeout)
        self._model = model
        # Omitted, because the client would take the first two from variables meant for another program.
        self._headers: dict[str, str | Omit] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
        if not api_key:
            self._headers["Authorization"] = omit
        self._refused: set[str] = set()

    async def open(self, prompt: Prompt, stack: AsyncExitStack) -> PacketReader:
        """Send the prompt and return the reader of the answer's packets; leaving ``stack`` closes the connection.

        Raises ``CLIENT_ERRORS``.
        """
        retried = False
        while True:
            options = self._options(prompt)
            try:
                return await open_packets(self._request(prompt, options), stack)
            except openai.APIError as error:
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
        await self._clients.aclose()

    def _request(
        self, prompt: Prompt, options: dict[str, object]
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[Any]]:
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        # In the body as it is sent: the client would look at each by its types, a tenth of what a question costs here.
        return self._clients.get().chat.completions.with_streaming_response.create(
            model=self._model,
            messages=(),
            stream=True,
            extra_headers=self._headers,
            extra_body={"messages": messages, **options},
        )

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


def _most_tokens(prompt: Prompt) -> Usage:
    """Return the most that a prompt and its answer can cost: a token has a byte at least, and templates add some."""
    characters = sum(len(message.content) for message in prompt.messages)
    return Usage(prompt_tokens=4 * characters + 10_000, completion_tokens=MOST_TOKENS.completion_tokens)


def _now() -> float:
    return asyncio.get_running_loop().time()
