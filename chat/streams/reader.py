"""Coming back to a run and stopping it, from whichever process, for its owner alone."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from chat.events.events import Event, Failed, NumberedEvent
from chat.events.serialize import END, HEARTBEAT, EventDecoder, encode
from chat.events.turn import Owner, TurnHead
from chat.streams import store
from chat.streams.publisher import runs_here
from chat.streams.run import SILENCE, Run, one_by_one
from chat.streams.store import Fetched, StoredRun
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.errors import Problem, not_found

logger = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds that a cache may fail until the reader is told that it is over."""
SILENT = 0.5
"""Seconds after which that is told of a process that no longer counts as alive."""
BROKEN = "The answer broke off here: the server that was writing it is gone. Ask again."


async def read(
    run: StoredRun, *, after: int, silence: float, patience: float = PATIENCE
) -> AsyncGenerator[bytes, None]:
    """Yield the events after this number, and a comment after each silence, until the run has ended.

    If its process dies, the last event is an error; if the cache fails, the stream ends and can be taken up again.
    """
    tick, at, number = run.tick, 0, 0
    well = spoke = time.monotonic()
    while True:
        now = time.monotonic()
        found = await _fetch(run, tick=tick, at=at)
        if found.run is None or found.run.is_ended:
            if rest := without_first(found.data, max(after, number)):
                yield rest
            return
        if shown := without_first(found.data, after - number):
            yield shown
            spoke = now
        at, number = at + len(found.data), number + found.data.count(END)
        well = now if found.is_alive else well
        if now - well > (patience if found.has_failed else min(patience, SILENT)):
            if not found.has_failed:
                # Its own process may have sent this reader more than it came to write down.
                yield _broken(run.head, max(number, after) + 1)
            return
        if now - spoke >= silence:
            yield HEARTBEAT
            spoke = now
        if found.tick < tick + store.TICKS:
            await asyncio.sleep(settings.CHAT_POLL_SECONDS)
        tick = found.tick


def without_first(data: bytes, events: int) -> bytes:
    """Return what remains of whole events when so many are taken away from the beginning."""
    at = 0
    for _ in range(events):
        if not (found := data.find(END, at) + len(END)) > at:
            return b""
        at = found
    return data[at:]


async def decoded(parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[Sequence[NumberedEvent], None]:
    """Yield the events that another process encoded, in batches; an empty one for each comment."""
    decoder = EventDecoder()
    async with aclosing(parts):
        async for part in parts:
            batch = tuple(decoder.feed(part))
            if batch or part == HEARTBEAT:
                yield batch


async def _fetch(run: StoredRun, *, tick: int, at: int) -> Fetched:
    try:
        return await in_one_hop(store.fetch, run, tick=tick, at=at)
    except STORAGE_ERRORS as error:
        logger.warning("a run can't be read from the cache: %s", type(error).__name__)
        return Fetched(run, tick=tick, has_failed=True)


def _broken(turn: TurnHead, number: int) -> bytes:
    failed = Failed("internal", BROKEN, retryable=True, conversation_id=turn.conversation_id, turn_id=turn.turn_id)
    return encode(failed, number=number)


END_WITHIN = 2.0
"""Seconds that whoever stops a run waits for its end."""
LOOK = 0.1


async def events_after(
    number: int, turn_id: UUID, *, owner: Owner, silence: float = SILENCE
) -> AsyncGenerator[bytes, None] | None:
    """Return the events after this number, as bytes; None where the run has ended and there are none.

    Raises ``Problem`` 404 where there is no such run, or not for this owner.
    """
    found = await _find(turn_id, owner)
    if isinstance(found, Run):
        is_over = found.log.is_ended and number >= found.log.last
        return None if is_over else found.read(after=number, silence=silence)
    if found.is_ended and number >= found.last:
        return None
    return read(found, after=number, silence=silence)


@dataclass(frozen=True, slots=True)
class StoredReader:
    """A run that another process writes, or wrote, read from its beginning as one of this process is."""

    run: StoredRun

    @property
    def head(self) -> TurnHead:
        """The turn that it answers."""
        return self.run.head

    def read(self) -> AsyncGenerator[bytes, None]:
        """Return the events as they go over the wire, and a comment after each silence."""
        return read(self.run, after=0, silence=SILENCE)

    def batches(self) -> AsyncGenerator[Sequence[NumberedEvent], None]:
        """Return the events in batches until the end; an empty one after each silence."""
        return decoded(self.read())

    def events(self) -> AsyncGenerator[Event, None]:
        """Return all events, one by one."""
        return one_by_one(self.batches())


async def reader_of(turn_id: UUID, *, owner: Owner) -> Run | StoredReader:
    """Return what reads a run from its beginning; raises ``Problem`` 404 where there is none, or not for this owner."""
    found = await _find(turn_id, owner)
    return found if isinstance(found, Run) else StoredReader(found)


async def follow(turn_id: UUID, *, owner: Owner) -> tuple[TurnHead, AsyncGenerator[Sequence[NumberedEvent], None]]:
    """Return the turn that a run answers, and its events in batches until its end; an empty one after each silence.

    Raises ``Problem`` 404 where there is no such run, or not for this owner.
    """
    found = await reader_of(turn_id, owner=owner)
    return found.head, found.batches()


async def whole(turn_id: UUID, *, owner: Owner) -> tuple[Event, ...] | None:
    """Return all events of a run that has ended; None while it goes on.

    Raises ``Problem`` 404 where there is no such run, or not for this owner.
    """
    found = await _find(turn_id, owner)
    if isinstance(found, Run):
        return found.log.events if found.log.is_ended else None
    if not found.is_ended:
        return None
    batches = decoded(read(found, after=0, silence=SILENCE))
    return tuple([event async for batch in batches for _, event in batch])


async def stop(turn_id: UUID, *, owner: Owner) -> bool:
    """End a run now, and say whether it has ended; one that is over already stays as it is.

    Raises ``Problem`` 404 where there is no such run, or not for this owner.
    """
    return await _stop(await _find(turn_id, owner))


async def give_way(turn_id: UUID) -> bool:
    """End a run that nobody reads, so that another question can be asked; False where somebody reads it."""
    found = await _look(turn_id)
    return found is not None and not found.is_read and await _stop(found)


async def _find(turn_id: UUID, owner: Owner) -> Run | StoredRun:
    found = await _look(turn_id)
    if found is None or owner != found.head.owner:
        raise _absent()
    return found


async def _look(turn_id: UUID) -> Run | StoredRun | None:
    return runs_here().find(turn_id) or await in_one_hop(store.stored_run, turn_id)


async def _stop(found: Run | StoredRun) -> bool:
    try:
        async with asyncio.timeout(END_WITHIN):
            if isinstance(found, Run):
                found.stop.ask()
                await found.ended.wait()
                return True
            return found.is_ended or await _stop_elsewhere(found)
    except TimeoutError:
        return False


async def _stop_elsewhere(run: StoredRun) -> bool:
    is_alive = await in_one_hop(store.ask_to_stop, run)
    while is_alive:
        await asyncio.sleep(LOOK)
        now = await in_one_hop(store.stored_run, run.head.turn_id)
        if now is None or now.is_ended:
            return True
    return False


def _absent() -> Problem:
    return not_found("turn", hint="An answer can be read again for ten minutes after its end.")
