"""The runs of this process, and what other processes are told of them through the cache."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings

from chat.events.events import Event
from chat.events.turn import TurnHead
from chat.streams import store
from chat.streams.run import Run, Stop
from chat.streams.store import Requests, StoredRun, TickBatch
from chrysopedia.core.cache import HOLD, Lock, new_token
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop

LATELY = 2.0
"""Seconds after which a reader in another process counts as gone."""


@dataclass(slots=True)
class Publication:
    """A run and what of it the cache has: its events up to ``last``, in which rows, and whether it was read then.

    ``tick`` is the first tick that may write of it; ``renewed_at`` when its lock was renewed, by the monotonic clock.
    """

    run: Run
    lock: Lock
    tick: int
    renewed_at: float
    last: int = 0
    was_read: bool | None = None
    rows: list[str] = field(default_factory=list)

    def add_to(self, batch: TickBatch, *, now: float) -> Callable[[], list[str]]:
        """Add what is new of the run; what is returned notes that the cache has it, and returns the rows written."""
        run, log, turn_id = self.run, self.run.log, self.run.head.turn_id
        is_read = run.is_read or now - run.wanted_at < LATELY
        has_ended, last, row = log.is_ended, log.last, None
        is_lock_due = not has_ended and now - self.renewed_at >= HOLD / 3
        if has_ended:
            batch.add_whole(turn_id, log.bytes_after(0))
        elif last > self.last:
            row = batch.add_part(turn_id, log.bytes_after(self.last), at=log.offset_after(self.last))
        if has_ended or is_read != self.was_read:
            batch.add_run(self._stored(batch.process, is_read=is_read))
        if is_lock_due:
            batch.locks.append(self.lock)

        def note() -> list[str]:
            written = [row] if row else []
            self.last, self.was_read = last, is_read
            self.rows += written
            self.renewed_at = now if is_lock_due else self.renewed_at
            return written

        return note

    def _stored(self, process: str, *, is_read: bool) -> StoredRun:
        log = self.run.log
        return StoredRun(
            head=self.run.head,
            process=process,
            tick=self.tick,
            is_read=is_read,
            is_ended=log.is_ended,
            last=log.last if log.is_ended else 0,
        )


logger = logging.getLogger(__name__)

COMING = 0.25
"""Seconds that the first reader of a run has to arrive, however short the grace time."""
PATIENCE = 60
"""Ticks in a row that fail until logs of ended runs are given up."""


@dataclass(slots=True)
class Publisher:
    """Writes the runs of a process into the cache; a cache that is slow or fails delays only what others see.

    ``rows`` counts, of each row of running runs, for how many of them it is still needed.
    """

    process: str
    runs: dict[UUID, Publication] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    ticks: int = 0
    bell: int = 0
    failures: int = 0
    is_ticking: bool = False
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def publish(self) -> None:
        """Tick until every run has ended and lies in the cache; when that has expired, sweep it up."""
        hop = asyncio.create_task(asyncio.sleep(0))
        while self.runs or self.rows:
            await asyncio.sleep(settings.CHAT_TICK_SECONDS)
            if hop.done():
                hop = asyncio.create_task(self.tick())
            # Who reads elsewhere is heard first; but nobody's grace time depends on a cache that hangs.
            await asyncio.wait([hop], timeout=settings.CHAT_TICK_SECONDS)
            self._stop_unread(time.monotonic())
        self.is_ticking = False
        await asyncio.sleep(settings.CHAT_REPLAY_SECONDS + store.BELL)
        await in_one_hop(store.sweep_all)

    async def tick(self) -> None:
        """Write what is new of every run, and do what other processes have asked."""
        async with self._one_at_a_time:
            await self._exchange()

    async def _exchange(self) -> None:
        now, published = time.monotonic(), list(self.runs.values())
        ended = [one for one in published if one.run.log.is_ended]
        batch = TickBatch(
            process=self.process,
            tick=self.ticks,
            bell=self.bell,
            asked_about=[one.run.head.turn_id for one in published if not one.run.log.is_ended],
            rows_to_remove=[row for row, runs in self.rows.items() if not runs],
        )
        self.ticks += 1
        notes = [one.add_to(batch, now=now) for one in published]
        try:
            requests = await in_one_hop(store.exchange, batch)
        except STORAGE_ERRORS as error:
            self._failed(error)
            return
        self.failures = 0
        for row in batch.rows_to_remove:
            del self.rows[row]
        for note in notes:
            self.rows.update(note())
        for one in ended:
            self._let_go(one)
        self._heed(requests, now)

    def _stop_unread(self, now: float) -> None:
        grace = max(settings.RUN_GRACE_SECONDS, COMING)
        for one in self.runs.values():
            if one.run.unread_for(now) >= grace:
                one.run.stop.ask()

    def _let_go(self, one: Publication) -> None:
        self.rows.subtract(one.rows)
        del self.runs[one.run.head.turn_id]

    def _heed(self, requests: Requests, now: float) -> None:
        self.bell = requests.bell
        for turn_id, one in self.runs.items():
            if turn_id in requests.wanted:
                one.run.wanted_at = now
            if turn_id in requests.stopped:
                one.run.stop.ask()

    def _failed(self, error: Exception) -> None:
        if not self.failures:
            logger.warning("what is said now can't be read again elsewhere: %s", type(error).__name__)
        self.failures += 1
        if self.failures >= PATIENCE:
            for one in [one for one in self.runs.values() if one.run.log.is_ended]:
                self._let_go(one)


class Full(Exception):
    """As many answers are being written as this process may write at once."""


class Runs:
    """All runs that one event loop drives; ``process`` names them to other processes."""

    def __init__(self) -> None:
        self.process = new_token()
        self.running = 0
        self._coming = 0
        self._settling: set[asyncio.Task[object]] = set()
        self._publisher = Publisher(self.process)
        self._ticking: asyncio.Task[None] | None = None

    @property
    def tick(self) -> int:
        """The number of the next tick."""
        return self._publisher.ticks

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place for a run that is about to start; raises ``Full`` where there is none."""
        if self.running + self._coming >= settings.MAX_RUNS:
            raise Full
        self._coming += 1
        try:
            yield
        finally:
            self._coming -= 1

    def start(self, head: TurnHead, events: AsyncGenerator[Event, None], *, lock: Lock, stop: Stop) -> Run:
        """Start the run of a turn, whose lock is renewed until it has ended."""
        self.running += 1
        run = Run(head, events, stop=stop, on_end=self._ended)
        self._publisher.runs[head.turn_id] = Publication(run, lock, tick=self.tick, renewed_at=time.monotonic())
        if not self._publisher.is_ticking:
            self._tick()
        return run

    def find(self, turn_id: UUID) -> Run | None:
        """Return a run that is still known here; others know of it from the cache."""
        found = self._publisher.runs.get(turn_id)
        return found.run if found else None

    async def ended(self, *, within: float) -> None:
        """Wait for the ends of all that run now, at most so many seconds."""
        running = [asyncio.ensure_future(one.run.ended.wait()) for one in self._publisher.runs.values()]
        if running:
            _, going = await asyncio.wait(running, timeout=within)
            for waiting in going:
                waiting.cancel()

    async def close(self, *, within: float) -> None:
        """Stop all runs, wait for their ends, and leave their logs for others to read."""
        running = [one.run for one in self._publisher.runs.values()]
        for run in running:
            run.stop.ask()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await asyncio.gather(*(run.ended.wait() for run in running))
                if running:
                    await self._publisher.tick()

    async def settle(self, writing: Coroutine[Any, Any, object]) -> None:
        """Wait for what a run writes at its end; where the waiting is cancelled it goes on, see ``settled``."""
        await asyncio.shield(self.settle_later(writing))

    def settle_later(self, writing: Coroutine[Any, Any, object]) -> "asyncio.Task[object]":
        """Have a run's writing done while nobody waits for it, but ``settled`` does."""
        task = asyncio.create_task(writing)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        return task

    async def settled(self, *, within: float) -> None:
        """Wait for everything given to ``settle``, at most so many seconds."""
        if self._settling:
            await asyncio.wait(self._settling, timeout=within)

    def _ended(self) -> None:
        self.running -= 1

    def _tick(self) -> None:
        if self._ticking:
            self._ticking.cancel()
        self._publisher.is_ticking = True
        self._ticking = asyncio.create_task(self._publisher.publish(), name="runs: publisher")


class RunsByLoop:
    """The runs of each event loop of this process: what one loop waits for, another can't await."""

    def __init__(self) -> None:
        self._known: dict[asyncio.AbstractEventLoop, Runs] = {}

    def here(self) -> Runs:
        """Return the runs of the running loop; those of closed loops are dropped, as no loop can end them any more."""
        loop = asyncio.get_running_loop()
        if loop not in self._known:
            for closed in [other for other in self._known if other.is_closed()]:
                del self._known[closed]
            self._known[loop] = Runs()
        return self._known[loop]


runs_here = RunsByLoop().here
"""Return the runs of the running event loop."""
