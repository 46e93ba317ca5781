"""The runs of this process: how many there may be, which there are, and their end with it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from uuid import UUID

from django.conf import settings

from chat.conversations.owner import new_token
from chat.events.events_part import Event
from chat.streams.cancellation import Stop
from chat.streams.kept import Kept
from chat.streams.publisher import Ticker
from chat.streams.run import Run
from chat.turns.turns import Turn


class Full(Exception):
    """As many answers are being written as this process may write at once."""


class Runs:
    """All runs that one event loop drives; ``process`` names them to other processes."""

    def __init__(self) -> None:
        self.process = new_token()
        self.running = 0
        self._coming = 0
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
