"""A run: one turn being written to its log, whoever reads it, until its end or until it is stopped."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Literal, TypeVar

from chat.events.events import Event, NumberedEvent, Token
from chat.events.serialize import HEARTBEAT
from chat.events.turn import TurnHead
from chat.streams.log import Log, Next

Reason = Literal["stopped", "length"]
_T = TypeVar("_T")


class Stop:
    """A request to end an answer; whoever streams it waits within ``interrupts``, and goes on after it.

    Only the first request counts, and one that comes too late, when the answer is complete, changes nothing.
    ``heeded`` is why an answer was ended, None for one that came to its own end.
    """

    def __init__(self) -> None:
        self.heeded: Reason | None = None
        self._asked: Reason | None = None
        self._task: asyncio.Task[object] | None = None
        self._is_passed_on = False

    def ask(self, reason: Reason = "stopped") -> None:
        """End the answer at the wait it is in, or else at its next one; call it on the loop of that task."""
        if self._asked is None:
            self._asked = reason
            # Not at once: a task that cancels itself would carry the cancellation out of its block.
            asyncio.get_running_loop().call_soon(self._cancel)

    @contextmanager
    def interrupts(self) -> Iterator[None]:
        """Let a request end this block, and only this block; a cancellation from elsewhere passes through."""
        task = self._task = asyncio.current_task()
        if task is None:
            raise RuntimeError("an answer is streamed by a task")
        others = task.cancelling()
        if self._asked:
            asyncio.get_running_loop().call_soon(self._cancel)
        try:
            yield
        except asyncio.CancelledError:
            if not self._asked or task.uncancel() > others:
                raise
            self.heeded = self._asked
        finally:
            self._task = None

    def _cancel(self) -> None:
        if self._task and not self._is_passed_on:
            self._is_passed_on = True
            self._task.cancel()


MOST_BYTES = 512 * 1024
"""Bytes that a log may have, about, before its answer is ended as too long."""
FRAME_BYTES = 32
"""Bytes that an event has beside its data, at least."""
SILENCE = 15.0
"""Seconds without an event after which a comment goes out, so that nothing between here and the reader gives up."""


class Run:
    """A task that drives a turn's stream into a log; what waits together becomes one event.

    ``wanted_at`` is when a reader in another process was last heard of, a reading of the monotonic clock.
    """

    def __init__(
        self, head: TurnHead, events: AsyncGenerator[Event, None], *, stop: Stop, on_end: Callable[[], None]
    ) -> None:
        self.head = head
        self.stop = stop
        self.log = Log()
        self.ended = asyncio.Event()
        self.wanted_at = 0.0
        self._left_at = time.monotonic()
        self._readers = 0
        self._texts: list[str] = []
        self._size = 0
        self._on_end = on_end
        self._task = asyncio.create_task(self._drive(events), name=f"run {head.turn_id}")

    @property
    def is_read(self) -> bool:
        """Whether anybody reads it in this process."""
        return self._readers > 0

    def unread_for(self, now: float) -> float:
        """Return for how many seconds nobody has read it, here or elsewhere."""
        return 0.0 if self.is_read else now - max(self._left_at, self.wanted_at)

    def read(self, *, after: int = 0, silence: float = SILENCE) -> AsyncGenerator[bytes, None]:
        """Return the events after this number as they go over the wire, and a comment after each silence.

        Its reader counts from now on, not from the first event that is asked for: a busy server may come to that late.
        """
        return self._read(Presence(self), self.log.bytes_after, after=after, silence=silence, silent=HEARTBEAT)

    def batches(self, *, after: int = 0, silence: float = SILENCE) -> AsyncGenerator[Sequence[NumberedEvent], None]:
        """Return the events after this number, those that wait together in one batch; an empty one after each silence.

        Its reader counts from now on, as that of ``read`` does.
        """
        return self._read(Presence(self), self.log.events_after, after=after, silence=silence, silent=())

    def events(self) -> AsyncGenerator[Event, None]:
        """Return all events, one by one. Its reader counts from now on, as that of ``read`` does."""
        return one_by_one(self.batches())

    @contextmanager
    def ends_with_reader(self) -> Iterator[None]:
        """End the answer at once where this block is left early: in protocols that can't come back to it."""
        try:
            yield
        except (asyncio.CancelledError, GeneratorExit):
            self.stop.ask()
            raise

    def come(self) -> None:
        """Count one reader more."""
        self._readers += 1

    def leave(self) -> None:
        """Count one reader less."""
        self._readers -= 1
        self._left_at = time.monotonic()

    async def _read(
        self, presence: "Presence", take: Callable[[int], _T], *, after: int, silence: float, silent: _T
    ) -> AsyncGenerator[_T, None]:
        log = self.log
        with presence:
            while True:
                if after < log.last:
                    part, after = take(after), log.last
                    yield part
                elif log.is_ended:
                    return
                elif not await log.more(within=silence):
                    yield silent

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
            self.ended.set()
            self._on_end()

    def _take(self, event: Event) -> None:
        if isinstance(event, Token):
            # Published when the stream has to be waited for: what has come by then waits together.
            self._texts.append(event.text)
            return
        self._flush()
        self.log.append(event)

    def _flush(self) -> None:
        if self._texts:
            text = "".join(self._texts)
            self._texts.clear()
            self.log.append(Token(text))
            self._size += len(text.encode()) + FRAME_BYTES
            if self._size > MOST_BYTES:
                self.stop.ask("length")


async def one_by_one(batches: AsyncGenerator[Sequence[NumberedEvent], None]) -> AsyncGenerator[Event, None]:
    """Yield the events of batches."""
    async with aclosing(batches):
        async for batch in batches:
            for _, event in batch:
                yield event


class Presence:
    """A reader of a run, from its making until its block ends; or until it is dropped, where that never began."""

    def __init__(self, run: Run) -> None:
        self._run: Run | None = run
        run.come()

    def __enter__(self) -> None:
        """Be there already."""

    def __exit__(self, *_: object) -> None:
        self._leave()

    def __del__(self) -> None:
        self._leave()

    def _leave(self) -> None:
        run, self._run = self._run, None
        if run:
            run.leave()
