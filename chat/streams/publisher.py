"""The runs of this process, and what other processes are told of them through the cache."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings

from chat.conversations.owner import new_token
from chat.events.events import Event
from chat.streams import store
from chat.streams.run import Run, Stop
from chat.streams.store import Head, Heard, Plan
from chat.turns.state import Turn
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.locks import HOLD

LATELY = 2.0
"""Seconds after which a reader in another process counts as gone."""


@dataclass(slots=True)
class Kept:
    """What of a run was written: its events up to ``last``, in which rows, and how it stood then.

    ``tick`` is the first tick that may write of it; ``renewed_at`` when its lock was renewed, by the monotonic clock.
    """

    run: Run
    tick: int
    renewed_at: float
    last: int = 0
    was_read: bool | None = None
    rows: list[str] = field(default_factory=list)

    def is_read(self, now: float) -> bool:
        """Whether somebody reads it, here or elsewhere."""
        return self.run.is_read or now - self.run.wanted_at < LATELY

    def is_lock_due(self, now: float) -> bool:
        """Whether the lock of the conversation wants renewing."""
        return now - self.renewed_at >= HOLD / 3 and not self.run.log.is_ended

    def head(self, *, process: str, is_read: bool) -> dict[str, object]:
        """Return the head as it is written."""
        turn, log = self.run.turn, self.run.log
        head = Head(
            owner=turn.owner.key,
            conversation_id=str(turn.conversation_id),
            process=process,
            heading=turn.heading,
            tick=self.tick,
            is_read=is_read,
            is_ended=log.is_ended,
            last=log.last if log.is_ended else 0,
        )
        return asdict(head)


@dataclass(slots=True)
class Draft:
    """Rows of running runs, rows of ended ones, and what is true of the runs once these are written."""

    process: str
    tick: int
    now: float
    running: dict[str, dict[str, object]] = field(default_factory=dict)
    ended: dict[str, object] = field(default_factory=dict)
    lasts: list[tuple[Kept, int, str]] = field(default_factory=list)
    reads: list[tuple[Kept, bool]] = field(default_factory=list)
    over: list[Kept] = field(default_factory=list)
    due: list[Kept] = field(default_factory=list)

    def add(self, kept: Kept) -> None:
        """Take up what is new in a run."""
        turn_id, log = kept.run.turn.id, kept.run.log
        is_read = kept.is_read(self.now)
        if log.is_ended:
            self.ended[store.head_key(turn_id)] = kept.head(process=self.process, is_read=is_read)
            self.ended[store.whole_key(turn_id)] = log.bytes_after(0)
            self.over.append(kept)
            return
        if log.last > kept.last:
            key = store.row_key(self.process, self.tick, turn_id)
            self.running.setdefault(key, {})[turn_id.hex] = (log.offset_after(kept.last), log.bytes_after(kept.last))
            self.lasts.append((kept, log.last, key))
        if is_read != kept.was_read:
            self.running[store.head_key(turn_id)] = kept.head(process=self.process, is_read=is_read)
            self.reads.append((kept, is_read))
        if kept.is_lock_due(self.now):
            self.due.append(kept)

    def plan(self, kept: Mapping[UUID, Kept], *, bell: int, done: list[str]) -> Plan:
        """Return it as the cache is told; ``done`` are rows that nobody needs any more."""
        return Plan(
            process=self.process,
            tick=self.tick,
            bell=bell,
            asked=[one.run.turn.id for one in kept.values() if not one.run.log.is_ended],
            running=self.running,
            ended=self.ended,
            done=done,
            locks=[one.run.turn.lock for one in self.due],
        )

    def written(self) -> None:
        """Note that the cache has it."""
        for kept, last, key in self.lasts:
            kept.last = last
            kept.rows.append(key)
        for kept, is_read in self.reads:
            kept.was_read = is_read
        for kept in self.due:
            kept.renewed_at = self.now


logger = logging.getLogger(__name__)

COMING = 0.25
"""Seconds that the first reader of a run has to arrive, however short the grace time."""
PATIENCE = 60
"""Ticks in a row that fail until logs of ended runs are given up."""


@dataclass(slots=True)
class Ticker:
    """Keeps the runs of a process in the cache; a cache that is slow or fails delays only what others see."""

    process: str
    kept: dict[UUID, Kept] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    ticks: int = 0
    bell: int = 0
    failures: int = 0
    is_ticking: bool = False
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Tick until every run has ended and lies in the cache; when that has expired, sweep it up."""
        hop = asyncio.create_task(asyncio.sleep(0))
        while self.kept or self.rows:
            await asyncio.sleep(settings.CHAT_TICK_SECONDS)
            if hop.done():
                hop = asyncio.create_task(self.tick())
            # Who reads elsewhere is heard first; but nobody's grace time depends on a cache that hangs.
            await asyncio.wait([hop], timeout=settings.CHAT_TICK_SECONDS)
            self._give_up_unread(time.monotonic())
        self.is_ticking = False
        await asyncio.sleep(settings.CHAT_REPLAY_SECONDS + store.BELL)
        await in_one_hop(store.sweep_all)

    async def tick(self) -> None:
        """Exchange with the cache all there is to exchange."""
        async with self._one_at_a_time:
            await self._exchange()

    async def _exchange(self) -> None:
        draft = Draft(self.process, self.ticks, time.monotonic())
        self.ticks += 1
        for kept in self.kept.values():
            draft.add(kept)
        done = [row for row, runs in self.rows.items() if not runs]
        plan = draft.plan(self.kept, bell=self.bell, done=done)
        try:
            heard = await in_one_hop(store.exchange, plan)
        except STORAGE_ERRORS as error:
            self._failed(error)
            return
        self.failures = 0
        draft.written()
        self._count_rows(draft, done)
        self._hear(heard, draft.now)

    def _give_up_unread(self, now: float) -> None:
        grace = max(settings.RUN_GRACE_SECONDS, COMING)
        for kept in self.kept.values():
            if kept.run.unread_for(now) >= grace:
                kept.run.stop.ask()

    def _count_rows(self, draft: Draft, done: list[str]) -> None:
        """Keep count of how many running runs every row is needed for."""
        for row in done:
            del self.rows[row]
        for _, _, row in draft.lasts:
            self.rows[row] = self.rows.get(row, 0) + 1
        for kept in draft.over:
            self._let_go(kept)

    def _let_go(self, kept: Kept) -> None:
        for row in kept.rows:
            self.rows[row] -= 1
        del self.kept[kept.run.turn.id]

    def _hear(self, heard: Heard, now: float) -> None:
        self.bell = heard.bell
        for turn_id, kept in self.kept.items():
            if turn_id in heard.wanted:
                kept.run.wanted_at = now
            if turn_id in heard.stopped:
                kept.run.stop.ask()

    def _failed(self, error: Exception) -> None:
        if not self.failures:
            logger.warning("what is said now can't be read again elsewhere: %s", type(error).__name__)
        self.failures += 1
        if self.failures >= PATIENCE:
            for kept in [kept for kept in self.kept.values() if kept.run.log.is_ended]:
                self._let_go(kept)


class Full(Exception):
    """As many answers are being written as this process may write at once."""


class Runs:
    """All runs that one event loop drives; ``process`` names them to other processes."""

    def __init__(self) -> None:
        self.process = new_token()
        self.running = 0
        self._coming = 0
        self._settling: set[asyncio.Task[None]] = set()
        self._ticker = Ticker(self.process)
        self._ticking: asyncio.Task[None] | None = None

    @property
    def tick(self) -> int:
        """The number of the next tick."""
        return self._ticker.ticks

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

    def start(self, turn: Turn, events: AsyncGenerator[Event, None], *, stop: Stop) -> Run:
        """Start the run of a turn."""
        self.running += 1
        run = Run(turn, events, stop=stop, on_end=self._ended)
        self._ticker.kept[turn.id] = Kept(run, tick=self.tick, renewed_at=turn.began)
        if not self._ticker.is_ticking:
            self._tick()
        return run

    def find(self, turn_id: UUID) -> Run | None:
        """Return a run that is still known here; others know of it from the cache."""
        kept = self._ticker.kept.get(turn_id)
        return kept.run if kept else None

    async def close(self, *, within: float) -> None:
        """Stop all runs, wait for their ends, and leave their logs for others to read."""
        running = [kept.run for kept in self._ticker.kept.values()]
        for run in running:
            run.stop.ask()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await asyncio.gather(*(run.ended.wait() for run in running))
                if running:
                    await self._ticker.tick()

    async def settle(self, writing: Coroutine[Any, Any, None]) -> None:
        """Wait for what a run writes at its end; where the waiting is cancelled it goes on, see ``settled``."""
        task = asyncio.create_task(writing)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        await asyncio.shield(task)

    async def settled(self, *, within: float) -> None:
        """Wait for everything given to ``settle``, at most so many seconds."""
        if self._settling:
            await asyncio.wait(self._settling, timeout=within)

    def _ended(self) -> None:
        self.running -= 1

    def _tick(self) -> None:
        if self._ticking:
            self._ticking.cancel()
        self._ticker.is_ticking = True
        self._ticking = asyncio.create_task(self._ticker.run(), name="runs: ticker")


@cache
def _by_loop() -> dict[asyncio.AbstractEventLoop, Runs]:
    return {}


def runs_here() -> Runs:
    """Return the runs of the running event loop."""
    loop, known = asyncio.get_running_loop(), _by_loop()
    if loop not in known:
        for closed in [other for other in known if other.is_closed()]:
            del known[closed]
        known[loop] = Runs()
    return known[loop]
