"""A run: the generation of one turn's answer, owned by no connection, that readers come to and leave."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager

from chat.events import Done, Event, Failed, Token
from chat.renderers.sse import HEARTBEAT
from chat.runs.eager import Next
from chat.runs.log import Log
from chat.stopping import Stop
from chat.turns import Turn

MOST_BYTES = 512 * 1024
"""Bytes that a log may have before its answer is ended as too long."""
SILENCE = 15.0
"""Seconds without an event after which a comment goes out, so that nothing between here and the reader gives up."""


class Run:
    """A task that drives a turn's stream into a log; what waits together becomes one event.

    ``wanted_at`` is when a reader in another process was last heard of, a reading of the monotonic clock.
    """

    def __init__(
        self, turn: Turn, events: AsyncGenerator[Event, None], *, stop: Stop, on_end: Callable[[], None]
    ) -> None:
        self.turn = turn
        self.stop = stop
        self.log = Log()
        self.ended = asyncio.Event()
        self.wanted_at = 0.0
        self._left_at = time.monotonic()
        self._readers = 0
        self._feeds: list[asyncio.Queue[Event | None]] = []
        self._texts: list[str] = []
        self._on_end = on_end
        self._task = asyncio.create_task(self._drive(events), name=f"run {turn.id}")

    @property
    def is_read(self) -> bool:
        """Whether anybody reads it in this process."""
        return self._readers > 0

    def unread_for(self, now: float) -> float:
        """Return for how many seconds nobody has read it, here or elsewhere."""
        return 0.0 if self.is_read else now - max(self._left_at, self.wanted_at)

    async def read(self, *, after: int = 0, silence: float = SILENCE) -> AsyncGenerator[bytes, None]:
        """Yield the events after this number as they go over the wire, and a comment after each silence."""
        log = self.log
        with self._reading():
            while log.last <= after and not log.is_ended:
                if not await log.more(within=silence):
                    yield HEARTBEAT
            at = log.offset_after(after)
            while True:
                if at < log.size:
                    part = log.since(at)
                    at += len(part)
                    yield part
                elif log.is_ended:
                    return
                elif not await log.more(within=silence):
                    yield HEARTBEAT

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the events as values, to a reader who is there from the beginning."""
        if self.log.last:
            raise RuntimeError("events as values are for a reader who is there from the beginning")
        feed: asyncio.Queue[Event | None] = asyncio.Queue()
        self._feeds.append(feed)
        with self._reading():
            while event := await feed.get():
                yield event

    async def _drive(self, events: AsyncGenerator[Event, None]) -> None:
        try:
            async with aclosing(events):
                while True:
                    self._take(await Next(events, on_wait=self._flush))
        except StopAsyncIteration:
            pass
        finally:
            self._flush()
            self.log.end()
            for feed in self._feeds:
                feed.put_nowait(None)
            self.ended.set()
            self._on_end()

    def _take(self, event: Event) -> None:
        if isinstance(event, Token):
            # Published when the stream has to be waited for: what has come by then waits together.
            self._texts.append(event.text)
            return
        self._flush()
        self._publish(event)

    def _flush(self) -> None:
        if self._texts:
            text = "".join(self._texts)
            self._texts.clear()
            self._publish(Token(text))

    def _publish(self, event: Event) -> None:
        self.log.append(event)
        for feed in self._feeds:
            feed.put_nowait(event)
        if self.log.size > MOST_BYTES and not isinstance(event, Done | Failed):
            self.stop.ask("length")

    @contextmanager
    def _reading(self) -> Iterator[None]:
        self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1
            self._left_at = time.monotonic()
