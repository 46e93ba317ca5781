"""The one way from async code to the database: a synchronous function, one hop, the connection given back."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connections
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

P = ParamSpec("P")
T = TypeVar("T")

CACHE_ERRORS = (ConnectionInterrupted, RedisError)
"""What a cache apart from the database raises where it does not answer: most can be done without it."""
STORAGE_ERRORS = (DatabaseError, *CACHE_ERRORS, TimeoutError)
"""What a hop raises where the database or the cache does not answer; django-redis lets some of Redis's own through."""

HOP_TIMEOUT = 15.0
"""Seconds that a hop may take before its caller gives up on it; the database itself gives up earlier."""


async def in_one_hop(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a synchronous function that may use the database or the cache in a worker thread.

    Its connection goes back to the pool when it returns, so nothing is held while an answer streams.
    Raises ``TimeoutError`` after ``HOP_TIMEOUT``, and whatever the function raises.
    """

    def call() -> T:
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    async with asyncio.timeout(HOP_TIMEOUT):
        return await asyncio.to_thread(call)
