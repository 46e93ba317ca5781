"""Daphne in this process: it says when it listens, and ends within seconds whatever is still open."""

import asyncio
import signal
import socket
from collections.abc import Callable, Sequence
from typing import Any

from daphne.server import Server, twisted_loop
from twisted.internet import defer

from chrysopedia.bind import Address, AddressError
from chrysopedia.shutdown import shut_down_runs, tune_gc

GRACE = 2.0  # seconds that whatever is open has for its own clean end


class GracefulServer(Server):  # type: ignore[misc]
    """Daphne's server with an end that does not depend on the goodwill of what it serves."""

    def __init__(self, application: Any, *, addresses: Sequence[Address], on_listening: Callable[[], None]) -> None:
        endpoints = [address.endpoint for address in addresses]
        super().__init__(application, endpoints=endpoints, signal_handlers=False, server_name="chrysopedia")
        self.waiting = len(endpoints)
        self.on_listening = on_listening
        self.refused = ""

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
