"""Asking models from synchronous code: a loop of its own, and no database connection held while a model speaks."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from django.db import connections

from chat.llm import close_models

T = TypeVar("T")


def run_alone(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine to its end. Not in the server's loop: closing its connections would break others' answers."""

    async def closing() -> T:
        try:
            return await work
        finally:
            await close_models()

    _give_connections_back()
    return asyncio.run(closing())


def _give_connections_back() -> None:
    """Let others have this thread's place in the pool for the minutes that a model may take."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
