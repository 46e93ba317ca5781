"""The log of a run: its events in order, their bytes, and who waits for more of them."""

import asyncio
from array import array
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any, Generic, TypeVar

from chat.events.events import Event, NumberedEvent
from chat.events.serialize import encode

_T = TypeVar("_T")


class Next(Generic[_T]):
    """Awaits the next value of a stream; ``on_wait`` is called once if it isn't there yet, before anybody waits."""

    def __init__(self, values: AsyncIterator[_T], *, on_wait: Callable[[], None]) -> None:
        self._values = values
        self._on_wait = on_wait

    def __await__(self) -> Generator[Any, Any, _T]:
        step = self._values.__anext__().__await__()
        try:
            waited_for = next(step)
            self._on_wait()
            while True:
                try:
                    got = yield waited_for
                except BaseException as error:
                    waited_for = step.throw(error)
                else:
                    waited_for = step.send(got)
        except StopIteration as end:
            value: _T = end.value
            return value


class Log:
    """Events that are only added to, and who waits for more of them.

    Each is encoded once, when its bytes are first asked for, so that every reader and every replay sees the same bytes.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._events: list[Event] = []
        self._bytes = bytearray()
        self._ends = array("L")
        self._waiting: dict[asyncio.Future[bool], float] = {}
        self.is_ended = False

    @property
    def last(self) -> int:
        """The number of the last event; 0 while there is none."""
        return len(self._events)

    @property
    def events(self) -> tuple[Event, ...]:
        """All events so far."""
        return tuple(self._events)

    def append(self, event: Event) -> None:
        """Number the event and wake whoever waits."""
        self._events.append(event)
        self._wake()

    def end(self) -> None:
        """Say that nothing will follow."""
        self.is_ended = True
        self._wake()
        if self._timer:
            self._timer.cancel()

    def events_after(self, number: int) -> tuple[NumberedEvent, ...]:
        """Return the events after the one with this number."""
        return tuple(enumerate(self._events[number:], start=number + 1))

    def bytes_after(self, number: int) -> bytes:
        """Return the events after the one with this number as Server-Sent Events."""
        at = self.offset_after(number)
        return bytes(memoryview(self._bytes)[at:])

    def offset_after(self, number: int) -> int:
        """Return the byte at which the event after the one with this number begins."""
        ends = self._ends
        if len(ends) < len(self._events):
            self._encode()
        return ends[min(number, len(ends)) - 1] if number > 0 and ends else 0

    async def more(self, *, within: float) -> bool:
        """Wait for an event or the end; False after so many seconds without either."""
        # Kept, because until CPython 3.12 asking for it costs a system call, which each token would pay for.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        waiter: asyncio.Future[bool] = loop.create_future()
        due = self._waiting[waiter] = loop.time() + within
        if self._timer is None or due < self._timer.when():
            self._look_at(loop, due)
        try:
            return await waiter
        finally:
            self._waiting.pop(waiter, None)

    def _encode(self) -> None:
        for number in range(len(self._ends) + 1, len(self._events) + 1):
            self._bytes += encode(self._events[number - 1], number=number)
            self._ends.append(len(self._bytes))

    def _wake(self) -> None:
        for waiter in self._waiting:
            _settle(waiter, True)
        self._waiting.clear()

    def _look_at(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        """Have one timer for all waits, for those of each token too: it looks for the silent ones when it rings."""
        if self._timer:
            self._timer.cancel()
        self._timer = loop.call_at(when, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        now = loop.time()
        for waiter in [waiter for waiter, due in self._waiting.items() if due <= now]:
            del self._waiting[waiter]
            _settle(waiter, False)
        if self._waiting:
            self._look_at(loop, min(self._waiting.values()))


def _settle(waiter: "asyncio.Future[bool]", is_more: bool) -> None:
    if not waiter.done():
        waiter.set_result(is_more)
