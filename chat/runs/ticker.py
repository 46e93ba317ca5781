"""The tick: twice a second, one hop writes what is new in this process's runs and hears what others ask of them."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings

from chat.runs import stored
from chat.runs.kept import Kept, News
from chat.runs.stored import Heard, Plan
from creators.database import STORAGE_ERRORS, in_one_hop

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
    bell: int = 0
    failures: int = 0
    is_ticking: bool = False
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Tick until every run has ended and lies in the cache; when that has expired, sweep it up."""
        hop = asyncio.create_task(asyncio.sleep(0))
        while self.kept:
            await asyncio.sleep(TICK)
            if hop.done():
                hop = asyncio.create_task(self.tick())
            # Who reads elsewhere is heard first; but nobody's grace time depends on a cache that hangs.
            await asyncio.wait([hop], timeout=TICK)
            self._give_up_unread(time.monotonic())
        self.is_ticking = False
        await asyncio.sleep(settings.CHAT_REPLAY_SECONDS + stored.BELL)
        await in_one_hop(stored.sweep_all)

    async def tick(self) -> None:
        """Exchange with the cache all there is to exchange."""
        async with self._one_at_a_time:
            await self._exchange()

    async def _exchange(self) -> None:
        now = time.monotonic()
        news = {turn_id: kept.news(process=self.process, now=now) for turn_id, kept in self.kept.items()}
        due = [kept for kept in self.kept.values() if kept.is_lock_due(now)]
        plan = self._plan(news, due)
        try:
            heard = await in_one_hop(stored.exchange, plan)
        except STORAGE_ERRORS as error:
            self._failed(error)
            return
        self.failures = 0
        for kept in due:
            kept.renewed_at = now
        self._written(news)
        self._hear(heard, now)

    def _give_up_unread(self, now: float) -> None:
        grace = max(settings.RUN_GRACE_SECONDS, COMING)
        for kept in self.kept.values():
            if kept.run.unread_for(now) >= grace:
                kept.run.stop.ask()

    def _plan(self, news: Mapping[UUID, News], due: list[Kept]) -> Plan:
        return Plan(
            process=self.process,
            bell=self.bell,
            asked=[turn_id for turn_id, one in news.items() if not one.head.is_ended],
            running={key: row for one in news.values() for key, row in one.running.items()},
            ended={key: row for one in news.values() for key, row in one.ended.items()},
            done=[key for one in news.values() for key in one.done],
            locks=[kept.run.turn.lock for kept in due],
        )

    def _written(self, news: Mapping[UUID, News]) -> None:
        for turn_id, one in news.items():
            self.kept[turn_id].written(one)
            if one.head.is_ended:
                del self.kept[turn_id]

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
            for turn_id in [turn_id for turn_id, kept in self.kept.items() if kept.run.log.is_ended]:
                del self.kept[turn_id]
