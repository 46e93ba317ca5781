"""The one way from async code to the database: a synchronous function, one hop, the connection given back."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, connections
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from chrysopedia.core.errors import unavailable

P = ParamSpec("P")
T = TypeVar("T")

CACHE_ERRORS = (ConnectionInterrupted, RedisError)
"""What a cache apart from the database raises where it does not answer: most can be done without it."""
STORAGE_ERRORS = (DatabaseError, *CACHE_ERRORS, TimeoutError)
"""What a hop raises where the database or the cache does not answer; django-redis lets some of Redis's own through."""

HOP_TIMEOUT = 15.0
"""Seconds that a hop may take before its caller gives up on it; the database itself gives up earlier."""


class Lane:
    """Worker threads for one kind of work, so that no other kind waits in its queue.

    asyncio's own threads were one queue for all: 40 clients that searched held the front page up for 17 seconds.
    """

    def __init__(self, name: str, *, threads: int, most_waiting: int = 1000) -> None:
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)
        self._most = threads + most_waiting
        self._inside = 0
        self._counting = Lock()

    async def hop(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a synchronous function that may use the database, the cache or the embedder in a thread of this lane.

        Its connection goes back to the pool when it returns, so nothing is held while an answer streams.
        Raises ``TimeoutError`` after ``HOP_TIMEOUT``, ``Problem`` 503 where too many wait, and whatever the function
        raises.
        """
        if self._inside >= self._most:
            raise unavailable("Too many others are waiting. Try again in a few seconds.")
        context = copy_context()

        def call() -> T:
            try:
                return context.run(function, *args, **kwargs)
            finally:
                connections.close_all()

        with self._counting:
            self._inside += 1
        begun = self._threads.submit(call)
        begun.add_done_callback(self._done)
        async with asyncio.timeout(HOP_TIMEOUT):
            return await asyncio.wrap_future(begun)

    def _done(self, _: "Future[Any]") -> None:
        with self._counting:
            self._inside -= 1


HEAVY_THREADS = max(2, os.cpu_count() or 2)

SEARCHES = Lane("search", threads=HEAVY_THREADS, most_waiting=64)
"""What ``/search`` looks for, which anybody may ask for as fast as they like."""
ANSWERS = Lane("answer", threads=HEAVY_THREADS)
"""What the answers of turns are looked for and put together in."""
STORAGE = Lane("storage", threads=6)
"""All else: pages, opening and settling turns, and what a process tells the others."""

in_one_hop = STORAGE.hop
"""Run a synchronous function that may use the database or the cache in a worker thread: see ``Lane.hop``."""
