"""The tick: twice a second, one hop writes what is new in this process's runs and hears what others ask of them."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from chat.streams import store
from chat.streams.draft import Draft
from chat.streams.kept import Kept
from chat.streams.store import Heard
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop

logger = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between two ticks."""
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
            await asyncio.sleep(TICK)
            if hop.done():
                hop = asyncio.create_task(self.tick())
            # Who reads elsewhere is heard first; but nobody's grace time depends on a cache that hangs.
            await asyncio.wait([hop], timeout=TICK)
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
        for _, _, row in draft.sizes:
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
