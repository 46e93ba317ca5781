"""The HTTP clients of a model server, one for each event loop."""

import asyncio

import httpx2
from openai import AsyncOpenAI, DefaultAioHttpClient

# The wait between bytes is bounded by the caller, who knows which bytes are a sign of life.
_NO_LIMIT = None

# How many may ask at once is bounded by MAX_RUNS; a queue before the model would only hide it. None would mean 100.
_NO_QUEUE = httpx2.Limits(max_connections=100_000, max_keepalive_connections=1000, keepalive_expiry=15)


class Clients:
    """Makes a client when a loop first asks for one: a connection pool works only on its own loop."""

    def __init__(self, *, base_url: str, api_key: str, connect_timeout: float) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._timeout = httpx2.Timeout(_NO_LIMIT, connect=connect_timeout, write=connect_timeout)
        self._clients: dict[asyncio.AbstractEventLoop, AsyncOpenAI] = {}

    def get(self) -> AsyncOpenAI:
        """The client of the running loop."""
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
