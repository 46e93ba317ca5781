"""Daphne in this process: it says when it listens, and ends within seconds whatever is still open."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from daphne.server import Server, twisted_loop
from twisted.internet import defer

from chat.llm import close_models
from chat.streams import runs_here
from chat.turns.run import SETTLING
from chrysopedia.addresses import Address, AddressError

GRACE = 2.0  # seconds that whatever is open has for its own clean end


class CleanServer(Server):  # type: ignore[misc]
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
        notice_the_vanished(port.socket)
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
    server = CleanServer(application, addresses=addresses, on_listening=on_listening)
    for number in signals:
        twisted_loop.add_signal_handler(number, server.stop)
    tune_for_streams()
    server.run()
    if server.refused:
        raise AddressError(f"can't listen: {server.refused}; set HOST or PORT")


async def _cancel_everything() -> None:
    await end_runs()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=GRACE)


OPTIONS = {
    "TCP_KEEPIDLE": 30,  # seconds of silence until the first question whether the other side is there
    "TCP_KEEPINTVL": 10,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 60_000,  # milliseconds that what was sent may stay unacknowledged
}


def notice_the_vanished(listening: socket.socket) -> None:
    """Have the connections that a socket accepts end within a minute or so of silence; Linux hands these options on.

    Other systems know only some of them, and keep such a connection for longer.
    """
    if listening.family not in (socket.AF_INET, socket.AF_INET6):
        return
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OPTIONS.items():
        option = getattr(socket, name, None)
        if option is not None:
            listening.setsockopt(socket.IPPROTO_TCP, option, value)


YOUNG = 20_000
"""Objects made, less those freed, between two looks at the young ones; CPython's 700 suits scripts."""
SWITCH = 0.0005
"""Seconds that a hop's thread may run while the event loop wants to; CPython's 0.005 let a tick stop every stream."""


def tune_for_streams() -> None:
    """Do it once.

    A full collection of all that Django and the models bring stopped every stream for 60 to 160 ms; what was there at
    the start is set apart, and not looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
    sys.setswitchinterval(SWITCH)


"""Seconds that runs have for their own end, and what they write has after it."""
LAST_WORDS = 0.1
"""Seconds in which the readers of stopped runs are sent the last event."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def end_runs() -> None:
    """Stop every run of this loop, and wait for what they write; never longer than twice ``GRACE``."""
    await runs_here().close(within=GRACE)
    await asyncio.sleep(LAST_WORDS)
    settling = {task for task in asyncio.all_tasks() if task.get_name() == SETTLING}
    if settling:
        await asyncio.wait(settling, timeout=GRACE)
    await close_models()


async def lifespan(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer a server that tells when it starts and ends (ASGI lifespan): most do, daphne doesn't."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tune_for_streams()
        if message["type"] == "lifespan.shutdown":
            await end_runs()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
