"""Daphne in this process: it reads no body too far, says when it listens, and ends soon whatever is still open."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from http import HTTPStatus
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server, twisted_loop
from django.conf import settings
from twisted.internet import defer

from chrysopedia.bind import Address, AddressError
from chrysopedia.core.errors import Problem
from chrysopedia.edge import LINGER, path_of, rendered
from chrysopedia.request_bodies import body_limit, body_seconds, too_large, too_slow
from chrysopedia.shutdown import shut_down_runs, tune_gc

GRACE = 2.0  # seconds that whatever is open has for its own clean end


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne ships no types
    """A request whose body is measured while it comes in: daphne asks the application only when it has all of it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._is_refused = False
        self._deadline: asyncio.TimerHandle | None = None
        # Django parses forms; Twisted would do it too, on the event loop.
        super().__init__(*args, parsePOSTFormSubmission=False, **kwargs)

    def gotLength(self, length: int | None) -> None:
        """Refuse a body by its declared length, or make room for it; ``length`` is None for one in chunks."""
        # Twisted tells a request its own target after the body only.
        self._target = path_of(self.channel._path)
        named = self.requestHeaders.getAllRawHeaders()  # each name with a list of values
        headers = [(name, value) for name, values in named for value in values]
        self._limit = self._left = body_limit(self._target, headers)
        self.content = BytesIO() if self._limit <= settings.MAX_BODY_BYTES else TemporaryFile()  # noqa: SIM115 - closed with the request
        if length == 0:
            return
        if length is not None and length > self._limit:
            self._refuse(too_large(self._limit))
            return
        self._deadline = twisted_loop.call_later(body_seconds(self._limit), self._refuse, too_slow())

    def handleContentChunk(self, data: bytes) -> None:
        """Keep a part of the body, unless it is one too many."""
        if self._is_refused:
            return
        self._left -= len(data)
        if self._left < 0:
            self._refuse(too_large(self._limit))
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Hand a whole request on."""
        self._disarm()
        if not self._is_refused:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: Any) -> None:
        """Let go of everything."""
        self._disarm()
        super().connectionLost(reason)

    def _disarm(self) -> None:
        if self._deadline:
            self._deadline.cancel()

    def _refuse(self, problem: Problem) -> None:
        self._disarm()
        self._is_refused = True
        self.requestHeaders.removeHeader(b"expect")  # else the client is told to go on
        transport = self.channel.transport
        raw = [(name.lower(), value) for name, values in self.requestHeaders.getAllRawHeaders() for value in values]
        headers, body = rendered(problem, path=self._target, headers=raw)
        lines = [f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}".encode()]
        lines += [name + b": " + value for name, value in headers]
        transport.write(b"\r\n".join([*lines, b"", body]))
        transport.loseWriteConnection()
        transport.pauseProducing()  # what still comes stays in the kernel's buffers, which are small
        twisted_loop.call_later(LINGER, transport.abortConnection)


class BoundedFactory(HTTPFactory):  # type: ignore[misc]
    """Makes the connections' protocols."""

    def buildProtocol(self, addr: Any) -> Any:
        """Return daphne's protocol with our requests."""
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


class GracefulServer(Server):  # type: ignore[misc]
    """Daphne's server with an end that does not depend on the goodwill of what it serves."""

    def __init__(self, application: Any, *, addresses: Sequence[Address], on_listening: Callable[[], None]) -> None:
        endpoints = [address.endpoint for address in addresses]
        super().__init__(
            application,
            endpoints=endpoints,
            signal_handlers=False,
            server_name="chrysopedia",
            websocket_max_message_size=settings.MAX_BODY_BYTES,
            websocket_max_frame_size=settings.MAX_BODY_BYTES,
        )
        self.waiting = len(endpoints)
        self.on_listening = on_listening
        self.refused = ""

    @property
    def http_factory(self) -> HTTPFactory:
        """What makes protocols. Daphne assigns its own within ``run``, and offers no other place for another one."""
        return self._factory

    @http_factory.setter
    def http_factory(self, _: HTTPFactory) -> None:
        self._factory = BoundedFactory(self)

    def listen_success(self, port: Any) -> None:
        """Report once that every address is open."""
        super().listen_success(port)
        set_keepalive(port.socket)
        self.waiting -= 1
        if not self.waiting:
            self.on_listening()

    def listen_error(self, failure: Any) -> None:
        """Keep the reason for whoever started the server."""
        self.refused = failure.getErrorMessage()
        self.stop()

    def kill_all_applications(self) -> Any:
        """Cancel every request and every run behind it, and wait a little, but no longer, for their ends."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(_cancel_everything(), loop=twisted_loop))


def serve(
    application: Any,
    *,
    addresses: Sequence[Address],
    signals: Sequence[signal.Signals],
    on_listening: Callable[[], None],
) -> None:
    """Serve until one of the signals comes; raise ``AddressError`` if an address can't be had."""
    server = GracefulServer(application, addresses=addresses, on_listening=on_listening)
    for number in signals:
        twisted_loop.add_signal_handler(number, server.stop)
    tune_gc()
    server.run()
    if server.refused:
        raise AddressError(f"can't listen: {server.refused}; set HOST or PORT")


async def _cancel_everything() -> None:
    await shut_down_runs()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=GRACE)


KEEPALIVE = {
    "TCP_KEEPIDLE": 30,  # seconds of silence until the first question whether the other side is there
    "TCP_KEEPINTVL": 10,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 60_000,  # milliseconds that what was sent may stay unacknowledged
}


def set_keepalive(listening: socket.socket) -> None:
    """Have the connections that a socket accepts end within a minute or so of silence; Linux hands these options on.

    Other systems know only some of them, and keep such a connection for longer.
    """
    if listening.family not in (socket.AF_INET, socket.AF_INET6):
        return
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in KEEPALIVE.items():
        option = getattr(socket, name, None)
        if option is not None:
            listening.setsockopt(socket.IPPROTO_TCP, option, value)
