"""Reading a run that another process drives, out of the cache: the same bytes, a moment later."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from uuid import UUID

from chat.events.events_part import Failed
from chat.rendering.sse import END, HEARTBEAT, block
from chat.streams import store
from chat.streams.store import Found, Head
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop

logger = logging.getLogger(__name__)

POLL = 0.3
"""Seconds between two looks into the cache."""
PATIENCE = 10.0
"""Seconds that a cache may fail, or a process be silent, until the reader is told that it is over."""
BROKEN = "The answer broke off here: the server that was writing it is gone. Ask again."


async def read(
    turn_id: UUID, head: Head, *, after: int, silence: float, patience: float = PATIENCE
) -> AsyncGenerator[bytes, None]:
    """Yield the events after this number, and a comment after each silence, until the run has ended.

    If its process dies, the last event is an error; if the cache fails, the stream ends and can be taken up again.
    """
    tick, at, number = head.tick, 0, 0
    well = spoke = time.monotonic()
    while True:
        now = time.monotonic()
        found = await _fetch(turn_id, head, tick=tick, at=at)
        if found.head is None or found.head.is_ended:
            if rest := without_first(found.data, max(after, number)):
                yield rest
            return
        if shown := without_first(found.data, after - number):
            yield shown
            spoke = now
        at, number = at + len(found.data), number + found.data.count(END)
        well = now if found.is_alive else well
        if now - well > patience:
            if not found.has_failed:
                yield _broken(turn_id, UUID(head.conversation_id), number + 1)
            return
        if now - spoke >= silence:
            yield HEARTBEAT
            spoke = now
        if found.tick < tick + store.TICKS:
            await asyncio.sleep(POLL)
        tick = found.tick


def without_first(data: bytes, events: int) -> bytes:
    """Return what remains of whole events when so many are taken away from the beginning."""
    at = 0
    for _ in range(events):
        if not (found := data.find(END, at) + len(END)) > at:
            return b""
        at = found
    return data[at:]


async def _fetch(turn_id: UUID, head: Head, *, tick: int, at: int) -> Found:
    try:
        return await in_one_hop(store.fetch, turn_id, head, tick=tick, at=at)
    except STORAGE_ERRORS as error:
        logger.warning("a run can't be read from the cache: %s", type(error).__name__)
        return Found(head, tick=tick, has_failed=True)


def _broken(turn_id: UUID, conversation_id: UUID, number: int) -> bytes:
    failed = Failed(code="internal", message=BROKEN, retryable=True, conversation_id=conversation_id, turn_id=turn_id)
    return block(failed, number=number)
