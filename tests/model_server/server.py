"""A model server on loopback, in a thread of its own: for tests, for their subprocesses, and by hand."""

import asyncio
import threading
from typing import Any, Self

from tests.model_server.answers import models, not_found, unscripted
from tests.model_server.behaviours import Behaviours
from tests.model_server.http import Request, WatchedReader, read_request
from tests.model_server.respond import ClientLeft, respond
from tests.model_server.script import Script


class ModelServer(Behaviours):
    """Speaks the OpenAI chat-completions protocol; use it as a context manager.

    ``closed_early`` is set once a client has left in the middle of an answer. ``delay`` is the
    time between two packets in seconds; tests leave it at 0.
    """

    def __init__(self, *, port: int = 0, delay: float = 0.0) -> None:
        super().__init__()
        self.closed_early = threading.Event()
        self.connections = 0
        self.open_connections = 0
        self.answering = 0
        self._port = port
        self._delay = delay
        self._requests: list[Request] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the model server did not start; is its port taken?")
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def requests(self) -> list[Request]:
        """Every request so far, as a copy."""
        return list(self._requests)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The bodies of these requests."""
        return [request.body for request in self.requests]

    def forget(self) -> None:
        """Drop what is scripted and ordered, and that somebody has left."""
        self._queue.clear()
        self.order = None
        self.closed_early.clear()

    def close(self) -> None:
        """Release whatever hangs, and stop."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._closing.set)
            self._thread.join(10)

    async def until_closed_early(self, seconds: float = 5.0) -> bool:
        """Wait until a client has left in the middle of an answer; False if none did in time."""
        return await asyncio.to_thread(self.closed_early.wait, seconds)

    async def _serve(self) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        self._handlers: set[asyncio.Task[None]] = set()
        listener = await self._loop.create_server(self._protocol, "127.0.0.1", self._port)
        self._port = listener.sockets[0].getsockname()[1]
        self._ready.set()
        await self._closing.wait()
        listener.close()
        for handler in self._handlers:
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    def _protocol(self) -> asyncio.StreamReaderProtocol:
        reader = WatchedReader()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            handler = asyncio.create_task(self._connection(reader, writer))
            self._handlers.add(handler)
            handler.add_done_callback(self._handlers.discard)

        return asyncio.StreamReaderProtocol(reader, connected)

    async def _connection(self, reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_connections += 1
        try:
            while request := await read_request(reader):
                self._requests.append(request)
                await self._respond(request, reader, writer)
        except ClientLeft:
            self.closed_early.set()
        except ConnectionError:
            pass
        finally:
            self.open_connections -= 1
            writer.transport.abort()

    async def _respond(self, request: Request, reader: WatchedReader, writer: asyncio.StreamWriter) -> None:
        self.answering += 1
        try:
            await respond(self._script_for(request), reader, writer, delay=self._delay)
        finally:
            self.answering -= 1

    def _script_for(self, request: Request) -> Script:
        match request.method, request.path:
            case "GET", "/v1/models":
                return models()
            case "POST", "/v1/chat/completions":
                return self._queue.popleft() if self._queue else self._unscripted(request.body)
            case _, path:
                return not_found(path)

    def _unscripted(self, body: dict[str, Any]) -> Script:
        order = self.order
        return order.script() if order and order.is_in(body) else unscripted(body)
