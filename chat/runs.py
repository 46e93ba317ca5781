"""A run: one task that drives a turn's stream, so that its reader can wait with a time limit and leave at any point."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress

from chat.events import Event

AHEAD = 64
"""Events that a run may be ahead of the transport."""


async def read(events: AsyncGenerator[Event, None], *, silence: float) -> AsyncGenerator[Event | None, None]:
    """Yield the events, and None after each ``silence`` seconds without one.

    Closing it cancels the run, which closes the connection to the model and settles the turn.
    """
    waiting: asyncio.Queue[Event | None] = asyncio.Queue(AHEAD)
    run = asyncio.create_task(_drive(events, waiting))
    try:
        while True:
            try:
                async with asyncio.timeout(silence):
                    event = await waiting.get()
            except TimeoutError:
                yield None
                continue
            if event is None:
                break
            yield event
        await run
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run


async def _drive(events: AsyncGenerator[Event, None], waiting: "asyncio.Queue[Event | None]") -> None:
    try:
        async with aclosing(events):
            async for event in events:
                await waiting.put(event)
    finally:
        with suppress(asyncio.QueueFull):  # only a reader that has left has let it fill up
            waiting.put_nowait(None)
