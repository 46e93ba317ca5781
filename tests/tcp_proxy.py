"""A TCP proxy on loopback, in a thread of its own, whose connections can be cut."""

import asyncio
import threading
from typing import Self
from urllib.parse import urlsplit


class TcpProxy:
    """Hands everything on, until it is cut; afterwards new connections are handed on again. A context manager."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._open: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.port = 0

    @property
    def url(self) -> str:
        """The address of this end."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break off every connection there is."""
        self._loop.call_soon_threadsafe(self._abort)

    def _abort(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(5)

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._closing.wait()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._target.hostname, self._target.port)
        self._open |= {writer, back}
        await asyncio.gather(_hand_on(reader, back), _hand_on(there, writer), return_exceptions=True)
        self._open -= {writer, back}


async def _hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    finally:
        writer.close()
