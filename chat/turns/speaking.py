"""The models' part of an answer: which of them may be asked, and how long they may take."""

import asyncio
import json
import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings

from chat.conversations import memory
from chat.events.events import Prompt
from chat.llm import NAMES, ModelError, get_model
from chat.llm.breaker import Breaker, Standing
from chat.llm.fallback import NoModel, Speaker, first_to_speak
from chat.prompts.compose import compose
from chat.prompts.voice import voice_applied
from chat.turns.state import Record
from chat.turns.turns import Turn, elapsed
from chrysopedia.core.database import STORAGE_ERRORS

logger = logging.getLogger(__name__)


def standings() -> Mapping[str, Standing]:
    """Return how the breakers of the configured models stand; a cache that fails keeps nobody from asking.

    Synchronous, for a hop.
    """
    try:
        return {name: _breaker(name, config).standing() for name, config in settings.CHAT_MODELS.items()}
    except STORAGE_ERRORS as error:
        logger.warning("how the models stand is not known: %s", type(error).__name__)
        return {}


def _breaker(name: str, config: Mapping[str, Any]) -> Breaker:
    # Named by the whole configuration: another model in its place starts without its failures.
    known = json.dumps(config, sort_keys=True, default=str)
    return Breaker(f"{name}:{sha256(known.encode()).hexdigest()[:16]}")


def time_is_up(turn: Turn) -> float:
    """Return when the turn must have ended, as a reading of the loop's clock."""
    return asyncio.get_running_loop().time() + settings.CHAT_TURN_TIMEOUT - elapsed(turn) / 1000


async def speaker_for(turn: Turn, record: Record) -> Speaker:
    """Return the first model that speaks, of those that may be asked now; ``NoModel`` where none does in time."""
    rested = [name for name in NAMES if name not in record.standings or record.standings[name].may_ask]
    models = [(name, model) for name in rested if (model := get_model(name))]

    def on_failure(name: str, error: ModelError, has_spoken: bool) -> None:
        logger.warning("the %s model failed: %s", name, error.reason)
        if not has_spoken:
            record.failed.append(name)

    weight = voice_applied(
        weight=turn.question.personality_weight, tier=record.tier, voice=turn.asked.voice if turn.asked else None
    )
    prompt = _prompt(turn, record, weight)
    record.prompt_characters = sum(len(message.content) for message in prompt.messages) if models else 0
    try:
        async with asyncio.timeout_at(time_is_up(turn)):
            speaker = await first_to_speak(models, prompt, on_failure=on_failure)
    except TimeoutError:
        raise NoModel from None
    record.answered_by = "model" if speaker.name == "primary" else "fallback"
    record.voice_applied = weight
    return speaker


def _prompt(turn: Turn, record: Record, weight: float) -> Prompt:
    return compose(
        query=turn.question.query,
        passages=record.passages,
        tier=record.tier,
        voice=turn.asked.voice if turn.asked else None,
        weight=weight,
        history=memory.as_messages(turn.history),
        disagreeing=[[said.number for said in conflict.said] for conflict in record.conflicts],
    )
