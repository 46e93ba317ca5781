"""A model's whole reply at once, in a stream of events or outside any."""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connections

from chat.events.events import Prompt
from chat.llm import NAMES, close_models, get_model
from chat.llm.base import ModelError
from chat.llm.fallback import CutOff, NoModel, first_to_speak


class Unanswered(Exception):
    """No model gave a whole answer; says in words why not, and nothing of the prompt or a key."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that was said, the name of the model that said it, and whether it ended at the limit of tokens."""

    text: str
    model: str
    is_cut: bool


def is_there_a_model() -> bool:
    """Say whether any language model is set."""
    return any(get_model(name) for name in NAMES)


async def whole_answer(prompt: Prompt, *, until: float) -> Whole:
    """Return what the first model says that speaks at all; ``until`` is a reading of the loop's clock.

    Raises ``Unanswered`` where none does, or where it breaks off.
    """
    reasons: list[str] = []

    def on_failure(name: str, error: ModelError, has_spoken: bool) -> None:
        reasons.append(f"The {name} model {'broke off' if has_spoken else 'failed'}: {error.reason}.")

    models = [(name, model) for name in NAMES if (model := get_model(name))]
    pieces: list[str] = []
    is_cut = False
    try:
        async with asyncio.timeout_at(until):
            speaker = await first_to_speak(models, prompt, on_failure=on_failure)
        async with aclosing(speaker.said(until=until)) as deltas:
            async for delta in deltas:
                pieces.append(delta.text)
                is_cut = is_cut or delta.finish == "length"
    except TimeoutError:
        raise Unanswered("The language model took too long.") from None
    except (NoModel, CutOff):
        raise Unanswered(" ".join(reasons) or "There is no language model.") from None
    return Whole("".join(pieces), model=speaker.name, is_cut=is_cut)


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
