"""The clean end of a process: runs are stopped, their readers told, their logs left to others, connections closed."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from chat.llm import close_models
from chat.streams import runs_here
from chat.turns.run import SETTLING
from chrysopedia.tuning import tune_for_streams

GRACE = 2.0
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
