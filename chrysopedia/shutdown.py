"""How a serving process begins and ends: tuned for streams, then its runs stopped and their readers told."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chat.llm import close_models
from chat.streams import runs_here

GRACE = 2.0
"""Seconds that runs have for their own end, and what they write has after it."""
LAST_WORDS = 0.1
"""Seconds in which the readers of stopped runs are sent the last event."""

YOUNG = 20_000
"""Objects made, less those freed, between two looks at the young ones; CPython's 700 suits scripts."""
SWITCH = 0.0005
"""Seconds that a hop's thread may run while the event loop wants to; CPython's 0.005 let a tick stop every stream."""
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def tune_gc() -> None:
    """Do it once.

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


async def lifespan(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer a server that tells when it starts and ends (ASGI lifespan): most do, daphne doesn't."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            tune_gc()
        if message["type"] == "lifespan.shutdown":
            await shut_down_runs()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
