"""Requests to a chat server over aiohttp: a session for each event loop, refusals, and the packets of an answer."""

import asyncio
import json
import weakref
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress

import aiohttp
import httpx2

from chat.llm.base import ModelError
from chat.llm.errors import NoConnection, Refusal

PacketReader = Callable[[], Awaitable[bytes]]
"""Returns the next packet of a body, b"" at its end."""

KEEP_ALIVE = 15.0
"""Seconds that an idle connection is kept."""
LONGEST_REFUSAL = 64 * 1024
"""Bytes that are read of a refusal, however long it is."""
# What is compressed comes when a block is full, not when a word is there.
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "Content-Type": "application/json"}
_NO_STREAMS = ("text/html", "application/json")
"""A gateway's page, and an answer in one piece; servers call a stream by any other name."""


class LoopSessions:
    """A session for each event loop, made when first asked for: a connection pool works only on its own loop."""

    def __init__(self, *, base_url: str, connect_timeout: float) -> None:
        self._is_encrypted = base_url.startswith("https:")
        # The wait between bytes is bounded by the caller, who knows which bytes are a sign of life.
        self._timeout = aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout)
        self._sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}
        weakref.finalize(self, _close_of_closed_loops, self._sessions)

    def get(self) -> aiohttp.ClientSession:
        """Return the session of the running loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._sessions:
            # Weak keys would not do: an idle connection in the pool holds its loop.
            _close_of_closed_loops(self._sessions)
            self._sessions[loop] = self._make()
        return self._sessions[loop]

    async def aclose(self) -> None:
        """Close the running loop's session and its idle connections."""
        session = self._sessions.pop(asyncio.get_running_loop(), None)
        if session is not None:
            await session.close()

    def _make(self) -> aiohttp.ClientSession:
        # The certificates that the clients of the other servers trust: a slim image has none of its own.
        encryption = httpx2.create_ssl_context() if self._is_encrypted else True
        # How many may ask at once is bounded by MAX_RUNS; a queue before the model would only hide it.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE, ssl=encryption)
        return aiohttp.ClientSession(
            connector=connector, timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), headers=HEADERS
        )


def _close_of_closed_loops(sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession]) -> None:
    """Close and drop the sessions whose loops are closed: there is nothing left that could be waited for."""
    for loop in [loop for loop in sessions if loop.is_closed()]:
        closing = sessions.pop(loop).close()
        with suppress(StopIteration):
            closing.send(None)
        closing.close()


async def open_packets(
    session: aiohttp.ClientSession,
    url: str,
    body: Mapping[str, object],
    *,
    headers: Mapping[str, str],
    stack: AsyncExitStack,
) -> PacketReader:
    """Send a request and return the reader of its packets; leaving ``stack`` closes the connection.

    Raises ``NoConnection``, ``Refusal``, ``ValueError`` for a request that can't be made, and ``ModelError`` where what
    comes is no stream.
    """
    data = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    try:
        # A redirect is not followed: the prompt and the key would go wherever a server says.
        response = await session.post(url, data=data, headers=headers, allow_redirects=False)
    except aiohttp.InvalidURL:
        raise
    except (aiohttp.ClientError, OSError) as error:
        raise NoConnection from error
    stack.push_async_exit(response)
    if not response.ok or response.status >= 300:
        raise await _refusal(response)
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _NO_STREAMS:
        raise ModelError(f"the model server sent {kind}, and no stream of events", retryable=False)
    read: PacketReader = response.content.readany
    return read


async def _refusal(response: aiohttp.ClientResponse) -> Refusal:
    said = b""
    try:
        while len(said) < LONGEST_REFUSAL and (packet := await response.content.readany()):
            said += packet
    except aiohttp.ClientError as error:
        raise NoConnection from error
    text = said[:LONGEST_REFUSAL].decode("utf-8", "replace").strip()
    return Refusal(response.status, text, retry_after=response.headers.get("retry-after", ""))
