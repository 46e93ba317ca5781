"""A lane: threads for one kind of work, which lets in what it can serve soon and serves visitors in turn."""

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import connections

from chrysopedia.core.errors import unavailable

P = ParamSpec("P")
T = TypeVar("T")

HOP_TIMEOUT = 15.0
"""Seconds that a hop may take before its caller gives up on it; the database itself gives up earlier."""
FADING = 0.9
"""By how much what was measured counts less with each piece of work that begins."""
GUESS = 0.1
"""Seconds that one visitor's work takes, until it has been measured."""
MOST_WAITING = 1000
"""Pieces of work that may wait, of whoever has a seat or needs none."""
LATEST = 60
"""Seconds after which anybody may come again, however many were refused."""


@dataclass(slots=True, eq=False)
class Seat:
    """A visitor's place in a lane, from the door until the first piece of the work begins; what follows it goes first.

    It goes along in the context, so what a request starts has it too.
    """

    lane: "Lane"
    visitor: str
    is_waiting: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """Something to do in a thread, and the future that is told what came of it."""

    call: Callable[[], Any]
    future: "Future[Any]"
    seat: Seat | None


_seat: ContextVar[Seat | None] = ContextVar("seat", default=None)


class Lane:
    """Worker threads for one kind of work, so that no other kind waits in its queue.

    A *seat* is given to whoever would have to wait for ``settings.QUEUE_SECONDS`` at most, by what work has taken
    lately. Those who wait are served in turn, visitor by visitor, so one with many pieces of work delays nobody else.
    """

    def __init__(self, name: str, *, threads: int) -> None:
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._number = threads
        self._lock = Lock()
        self._seated: Counter[str] = Counter()  # seats by visitor whose work hasn't begun
        self._queues: OrderedDict[str, deque[Work]] = OrderedDict()
        self._begun: deque[Work] = deque()  # what goes on with work that has begun
        self._seconds, self._pieces = GUESS, 1.0
        self._booked_until = 0.0

    @contextmanager
    def seat(self, visitor: str) -> Iterator[None]:
        """Hold a seat for what a block does in this lane; raises ``Problem`` 503 where it would have to wait too long.

        ``Retry-After`` names an appointment: those who are refused are told times one after the other, as they can be
        served.
        """
        with self._lock:
            ahead = sum(min(number, self._seated[visitor] + 1) for number in self._seated.values())
            if settings.QUEUE_SECONDS and ahead >= self._number and self._wait(ahead) > settings.QUEUE_SECONDS:
                raise unavailable("Too many others are waiting. Try again later.", retry_after=self._appointment())
            seat = Seat(self, visitor)
            self._seated[visitor] += 1
        token = _seat.set(seat)
        try:
            yield
        finally:
            _seat.reset(token)
            self._leave_queue(seat)

    async def hop(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a synchronous function that may use the database, the cache or the embedder in a thread of this lane.

        Its connection goes back to the pool when it returns, so nothing is held while an answer streams.
        Raises ``TimeoutError`` after ``HOP_TIMEOUT``, ``Problem`` 503 where too many wait, and whatever the function
        raises.
        """
        context, seat = copy_context(), _seat.get()

        def call() -> T:
            try:
                return context.run(function, *args, **kwargs)
            except StopIteration as error:
                # No future takes one, so whoever waits would wait on; a generator makes it this, too.
                raise RuntimeError("a hop raised StopIteration") from error
            finally:
                connections.close_all()

        work = Work(call, Future(), seat if seat and seat.lane is self else None)
        self._queue(work, visitor=seat.visitor if seat else "")
        self._threads.submit(self._serve)
        async with asyncio.timeout(HOP_TIMEOUT):
            return await asyncio.wrap_future(work.future)

    def _queue(self, work: Work, *, visitor: str) -> None:
        with self._lock:
            if sum(map(len, self._queues.values())) >= MOST_WAITING:
                raise unavailable("Too many others are waiting. Try again in a few seconds.")
            if work.seat and not work.seat.is_waiting:
                self._begun.append(work)
            else:
                self._queues.setdefault(visitor, deque()).append(work)

    def _serve(self) -> None:
        """Do the piece of work whose turn it is; there is one for each call."""
        with self._lock:
            work = self._next()
        if not work.future.set_running_or_notify_cancel():
            return
        began = time.monotonic()
        try:
            result = work.call()
        except BaseException as error:
            work.future.set_exception(error)
        else:
            work.future.set_result(result)
        with self._lock:
            self._seconds += time.monotonic() - began

    def _next(self) -> Work:
        if self._begun:
            return self._begun.popleft()
        visitor, queue = self._queues.popitem(last=False)
        work = queue.popleft()
        if queue:
            self._queues[visitor] = queue  # behind all others
        self._seconds, self._pieces = self._seconds * FADING, self._pieces * FADING + 1
        if work.seat:
            self._rise(work.seat)
        return work

    def _leave_queue(self, seat: Seat) -> None:
        with self._lock:
            self._rise(seat)

    def _rise(self, seat: Seat) -> None:
        if seat.is_waiting:
            seat.is_waiting = False
            self._seated -= Counter((seat.visitor,))

    def _wait(self, ahead: int) -> float:
        """Return for how many seconds somebody waits who has so many before them."""
        return ahead * self._seconds / self._pieces / self._number

    def _appointment(self) -> int:
        now = time.monotonic()
        begins = max(self._booked_until, now + self._wait(self._seated.total()))
        self._booked_until = min(begins + self._wait(1), now + LATEST)
        return math.ceil(self._booked_until - now)
