"""Reading a run that another process drives, out of the cache: the same bytes, a moment later."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator
from uuid import UUID

from chat.events import Failed
from chat.renderers.sse import END, HEARTBEAT, block
from chat.runs import stored
from creators.database import STORAGE_ERRORS, in_one_hop

logger = logging.getLogger(__name__)

POLL = 0.3
"""Seconds between two looks into the cache."""
PATIENCE = 10.0
"""Seconds that a cache may fail, or a process be silent, until the reader is told that it is over."""
BROKEN = "The answer broke off here: the server that was writing it is gone. Ask again."


async def read(
    turn_id: UUID, *, conversation_id: UUID, after: int, silence: float, patience: float = PATIENCE
) -> AsyncGenerator[bytes, None]:
    """Yield the events after this number, and a comment after each silence, until the run has ended.

    If its process dies, the last event is an error; if the cache fails, the stream ends and can be taken up again.
    """
    part = number = 0
    well = spoke = time.monotonic()
    while True:
        now = time.monotonic()
        found = await _fetch(turn_id, part)
        if found and found[0] is None:
            return
        head, parts, is_alive = found or (None, [], False)
        data = b"".join(parts)
        if head and head.is_ended:
            yield without_first(data, max(after, number))
            return
        part += len(parts)
        if shown := without_first(data, after - number):
            yield shown
            spoke = now
        number += data.count(END)
        if is_alive or parts:
            well = now
        elif now - well > patience:
            if head:
                yield _broken(turn_id, conversation_id, number + 1)
            return
        if now - spoke >= silence:
            yield HEARTBEAT
            spoke = now
        if len(parts) < stored.PARTS:
            await asyncio.sleep(POLL)


def without_first(data: bytes, events: int) -> bytes:
    """Return what remains of whole events when so many are taken away from the beginning."""
    at = 0
    for _ in range(events):
        if not (found := data.find(END, at) + len(END)) > at:
            return b""
        at = found
    return data[at:]


async def _fetch(turn_id: UUID, part: int) -> "tuple[stored.Head | None, list[bytes], bool] | None":
    try:
        return await in_one_hop(stored.fetch, turn_id, part)
    except STORAGE_ERRORS as error:
        logger.warning("a run can't be read from the cache: %s", type(error).__name__)
        return None


def _broken(turn_id: UUID, conversation_id: UUID, number: int) -> bytes:
    failed = Failed(code="internal", message=BROKEN, retryable=True, conversation_id=conversation_id, turn_id=turn_id)
    return block(failed, number=number)
