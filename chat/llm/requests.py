"""Requests to a model server by the openai client: its clients, one for each loop, and questions begun ahead."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, cast

import httpx2
import openai
from openai import AsyncOpenAI, AsyncStream, DefaultAioHttpClient, Omit, omit

from chat.events.events import Prompt
from chat.llm.errors import rejected_field, wait_before_retry
from chat.llm.stream import PacketReader, open_packets

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


async def _whole(request: httpx2.Request) -> None:
    """Wait for the body of a request, and send it with its length: not every server takes one in chunks."""
    await request.aread()
    request.headers.pop("Transfer-Encoding", None)


_LONGEST_REFUSAL = 64 * 1024


async def _bound_refusal(response: httpx2.Response) -> None:
    """Cut the body of a refusal, which the client reads whole, however long it is."""
    if not response.is_success and isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = _Beginning(response.stream, limit=_LONGEST_REFUSAL)


class LoopClients:
    """A client for each event loop, made when first asked for: a connection pool works only on its own loop.

    It is closed with its loop, which ends the generators that were begun on it.
    """

    def __init__(self, *, base_url: str, api_key: str, connect_timeout: float) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = httpx2.Timeout(_NO_LIMIT, connect=connect_timeout, write=connect_timeout)
        self._clients: dict[asyncio.AbstractEventLoop, tuple[AsyncOpenAI, AsyncGenerator[AsyncOpenAI, None]]] = {}

    async def get(self) -> AsyncOpenAI:
        """Return the client of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            self._forget_closed_loops()
            opened = self._opened()
            self._clients[loop] = await anext(opened), opened
        return self._clients[loop][0]

    async def aclose(self) -> None:
        """Close the running loop's client and its idle connections."""
        _, opened = self._clients.pop(asyncio.get_running_loop(), (None, None))
        if opened is not None:
            await opened.aclose()

    async def _opened(self) -> AsyncGenerator[AsyncOpenAI, None]:
        async with self._make() as client:
            yield client

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
                event_hooks={"request": [_whole], "response": [_bound_refusal]},
            ),
            timeout=self._timeout,
        )


class Body:
    """The body of a request, which may be made before it is known: whoever sends it waits."""

    def __init__(self) -> None:
        self._content: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def give(self, value: dict[str, object]) -> None:
        """Say what it is, as JSON."""
        self._content.set_result(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield it whole, as soon as it is known."""
        yield await self._content


class BegunRequest:
    """A request that a task has made as far as it can without a body, and which goes out when that is given.

    The client takes .8 ms for this, as long as for all that this program does to a prompt: done while the passages are
    searched for, no reader waits for it.
    """

    def __init__(self, clients: LoopClients, headers: dict[str, str | Omit]) -> None:
        self._body = Body()
        self._task = asyncio.create_task(_post(clients, self._body, headers))
        self._task.add_done_callback(_heard)

    async def send(self, value: dict[str, object]) -> httpx2.Response:
        """Send it, and return the response, of which the head has come; raises what the client raises."""
        self._body.give(value)
        try:
            return await self._task
        except asyncio.CancelledError:
            # The head may have come in the moment in which whoever asked was stopped: nobody else would hang up.
            if self._task.done() and not self._task.cancelled() and not self._task.exception():
                await self._task.result().aclose()
            raise

    def cancel(self) -> None:
        """Send nothing; of a request that was sent nothing more is read."""
        self._task.cancel()


def _heard(task: "asyncio.Task[httpx2.Response]") -> None:
    """Take note of how a request ended: one that could not be made is no news where nothing was to be sent."""
    if not task.cancelled():
        task.exception()


async def _post(clients: LoopClients, body: Body, headers: dict[str, str | Omit]) -> httpx2.Response:
    # Not by the method for completions, which looks at each field by its types: a third of what asking costs here.
    response: object = await (await clients.get()).post(
        "/chat/completions",
        cast_to=httpx2.Response,
        content=body,
        options={"headers": headers, "security": {"bearer_auth": True}},
        stream=True,
        stream_cls=AsyncStream[Any],
    )
    return cast(httpx2.Response, response)  # as it was told, whatever its types say of streams


class Completions:
    """Requests to one model of one server; remembers which optional fields it refuses."""

    def __init__(self, *, base_url: str, model: str, api_key: str, connect_timeout: float) -> None:
        self._clients = LoopClients(base_url=base_url, api_key=api_key, connect_timeout=connect_timeout)
        self._model = model
        # Omitted, because the client would take the first two from variables meant for another program.
        self._headers: dict[str, str | Omit] = {"OpenAI-Organization": omit, "OpenAI-Project": omit}
        self._headers["Content-Type"] = "application/json"
        if not api_key:
            self._headers["Authorization"] = omit
        self._refused: set[str] = set()

    def begin(self) -> BegunRequest:
        """Return a request that is being made; cancel it unless it is sent."""
        return BegunRequest(self._clients, self._headers)

    async def open(self, prompt: Prompt, stack: AsyncExitStack, begun: BegunRequest | None = None) -> PacketReader:
        """Send the prompt and return the reader of the answer's packets; leaving ``stack`` closes the connection.

        Raises ``CLIENT_ERRORS``.
        """
        retried = False
        while True:
            options = self._options(prompt)
            request, begun = begun or self.begin(), None
            try:
                return await open_packets(await request.send(self._value(prompt, options)), stack)
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

    def _value(self, prompt: Prompt, options: dict[str, object]) -> dict[str, object]:
        messages = [{"role": message.role, "content": message.content} for message in prompt.messages]
        return {"model": self._model, "messages": messages, "stream": True, **options}

    def _options(self, prompt: Prompt) -> dict[str, object]:
        options: dict[str, object] = {
            "stream_options": {"include_usage": True},
            "temperature": prompt.temperature,
            "max_tokens": prompt.max_tokens,
        }
        if "max_tokens" in self._refused:
            options["max_completion_tokens"] = prompt.max_tokens
        return {field: value for field, value in options.items() if field not in self._refused}
