"""A chat model behind HTTP, at any server that speaks the OpenAI protocol."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING, Any, TypeVar, cast

import aiohttp
import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI, DefaultAioHttpClient, Omit, omit

from chat.events.events import Prompt
from chat.llm.base import Delta, ModelError, MovableTimeout
from chat.llm.stream import AnswerReader, PacketReader, code_of, open_packets

# Everything that the client raises for a request or a stream that failed.
CLIENT_ERRORS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    aiohttp.ClientError,
    OSError,
    ValueError,
)

_DEFAULT_WAIT = 0.1
_MAX_WAIT = 2.0


def as_model_error(error: Exception) -> ModelError:
    """Return a failure by its kind and status alone: its own message may quote the key or the prompt."""
    match error:
        case openai.APIStatusError(status_code=status):
            retryable = status in {408, 409, 425, 429} or status >= 500
            return ModelError(f"the model server answered {status} {code_of(error.body)}".rstrip(), retryable)
        case openai.APITimeoutError() if _is_timeout(error):
            return ModelError("no connection to the model server in time", retryable=True)
        case openai.APIConnectionError():
            return ModelError(f"no connection to the model server ({_kind(_origin(error))})", retryable=True)
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol() | ValueError():
            return ModelError(f"no request can be made of the model's settings ({_kind(error)})", retryable=False)
        case _:
            return ModelError(f"the connection to the model server broke ({_kind(error)})", retryable=True)


def wait_before_retry(error: Exception) -> float | None:
    """Return the seconds to wait before asking once more; None if that can't help soon enough for a reader.

    A timeout has used up the reader's patience, and a long Retry-After is time for the fallback.
    """
    match error:
        case openai.APITimeoutError() if _is_timeout(error):
            return None
        case openai.APIConnectionError():
            return _DEFAULT_WAIT
        case openai.APIStatusError(status_code=status) if status == 429 or status >= 500:
            return _retry_after(error.response.headers.get("retry-after", ""))
        case _:
            return None


def rejected_field(error: Exception, sent: dict[str, object]) -> str | None:
    """Return the optional field among those sent that this refusal names, if there is one.

    Servers differ in what they take: some know no ``stream_options``, some models no
    ``temperature``, some ask for ``max_completion_tokens`` instead of ``max_tokens``.
    """
    if not isinstance(error, openai.APIStatusError) or error.status_code not in {400, 422}:
        return None
    named = {
        "stream_options": "stream_options" in error.message,
        "temperature": error.param == "temperature",
        "max_tokens": "max_completion_tokens" in error.message,
    }
    return next((field for field in named if field in sent and named[field]), None)


def _retry_after(retry_after: str) -> float | None:
    try:
        wait = float(retry_after)
    except ValueError:
        return _DEFAULT_WAIT
    return wait if 0 <= wait <= _MAX_WAIT else None


def _is_timeout(error: BaseException) -> bool:
    # The client's transport calls a connection that was closed a timeout, too.
    return isinstance(_origin(error), TimeoutError)


def _origin(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


def _kind(error: BaseException | None) -> str:
    return type(error).__name__


# The wait between bytes is bounded by the caller, who knows which bytes are a sign of life.
_NO_LIMIT = None

# How many may ask at once is bounded by MAX_RUNS; a queue before the model would only hide it. None would mean 100.
_NO_QUEUE = httpx2.Limits(max_connections=100_000, max_keepalive_connections=1000, keepalive_expiry=15)


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
            http_client=DefaultAioHttpClient(timeout=self._timeout, limits=_NO_QUEUE),
            timeout=self._timeout,
        )


if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam


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
        return self._clients.get().chat.completions.with_streaming_response.create(
            model=self._model,
            messages=cast("list[ChatCompletionMessageParam]", messages),
            stream=True,
            extra_headers=self._headers,
            extra_body=options,
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
        timeout = MovableTimeout(_now() + self._first_token_timeout)
        async with AsyncExitStack() as stack:
            stack.callback(timeout.close)
            try:
                with timeout:
                    read = await self._completions.open(prompt, stack)
                del prompt  # it is the largest part of what an open stream would hold
                while True:
                    with timeout:
                        packet = await read()
                    if not packet:
                        break
                    signs = reader.signs
                    for delta in reader.feed(packet):
                        yield delta
                    self._move(timeout, reader, signs)
                for delta in reader.close():
                    yield delta
            except (ModelError, TimeoutError, *CLIENT_ERRORS) as error:
                # An answer that has said it is finished can no longer be spoilt.
                if reader.finish is None:
                    raise self._named(error, reader) from None
        yield reader.last()

    async def aclose(self) -> None:
        """Close the connections that the running loop holds."""
        await self._completions.aclose()

    def _move(self, timeout: MovableTimeout, reader: AnswerReader, signs_before: int) -> None:
        # Counted from when the reader of the answer is ready for more, however slow that reader was.
        if reader.signs != signs_before:
            timeout.move(timeout.now() + self._idle_timeout)
        if reader.finish is not None:
            timeout.move(min(timeout.when, timeout.now() + _SETTLE_SECONDS))

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
