"""Asking models from synchronous code: a loop of its own, whose connections are closed in the end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from chat.llm import close_models

T = TypeVar("T")


def run_alone(work: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine to its end. Not the server's loop: closing its connections would break others' answers."""

    async def closing() -> T:
        try:
            return await work
        finally:
            await close_models()

    return asyncio.run(closing())
