"""How a serving process begins and ends: tuned for streams, then its runs stopped and their readers told."""

import asyncio
import gc
import signal
import sys
import threading
from types import FrameType

from django.conf import settings

from chat.llm import close_models
from chat.streams import runs_here
from chrysopedia.core.asgi_types import Receive, Scope, Send

GRACE = 2.0
"""Seconds that runs have for their own end, and what they write has after it."""
LAST_WORDS = 0.1
"""Seconds in which the readers of stopped runs are sent the last event."""

YOUNG = 20_000
"""Objects made, less those freed, between two looks at the young ones; CPython's 700 suits scripts."""
SWITCH = 0.0005
"""Seconds that a hop's thread may run while the event loop wants to; CPython's 0.005 let a tick stop every stream."""


def tune_gc() -> None:
    """Set the garbage collector and the switching of threads for a process that streams; call it once.

    A full collection of all that Django and the models bring stopped every stream for 60 to 160 ms; what was there at
    the start is set apart, and not looked through again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 50)
    sys.setswitchinterval(SWITCH)


async def shut_down_runs() -> None:
    """Stop every run of this loop, and wait for what they write; never longer than twice ``GRACE``."""
    runs = runs_here()
    await runs.close(within=GRACE)
    await asyncio.sleep(LAST_WORDS)
    await runs.settled(within=GRACE)
    await close_models()


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a server that tells when it starts and ends (ASGI lifespan): most do, daphne doesn't."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tune_gc()
            _end_runs_on(signal.SIGTERM)
        if message["type"] == "lifespan.shutdown":
            await shut_down_runs()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _end_runs_on(number: signal.Signals) -> None:
    """Have a signal end the runs first, before whatever the server does on it.

    A server tells of its end only when its connections are closed, or their time is up and they are cut: uvicorn cut
    them without a last event.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # only there may signals be handled; a server elsewhere is somebody's own affair
    loop, servers_own = asyncio.get_running_loop(), signal.getsignal(number)
    ending: set[asyncio.Task[None]] = set()

    def begin() -> None:
        ending.add(loop.create_task(_end_runs(), name="runs: end"))

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(begin)
        if callable(servers_own):
            servers_own(number, frame)

    signal.signal(number, handle)


async def _end_runs() -> None:
    """Let every run come to its own end for the grace time, then stop those that go on; their readers are told."""
    runs = runs_here()
    await runs.ended(within=settings.SHUTDOWN_GRACE_SECONDS)
    await runs.close(within=GRACE)
