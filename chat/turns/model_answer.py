"""What a language model says to a question: asked in turn, read as it streams, its markers put right and completed."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing, closing, contextmanager
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone

from chat.conversations import memory
from chat.events.events import Prompt, Usage
from chat.events.messages import MESSAGES
from chat.grounding.markers import MarkerFilter, markers_in, without_markers
from chat.llm import (
    AllModelsFailed,
    AnswerCutOff,
    Breaker,
    BreakerState,
    ChatModel,
    ModelError,
    ModelStream,
    ReadyModel,
    first_stream,
    get_model,
)
from chat.llm.repetition import RepetitionFilter
from chat.llm.spending import Aside, CapReached, Cost, cost_of, payers_for
from chat.prompts import PromptSize, compose_answer, voice_applied
from chat.prompts.reply import ReplyReader
from chat.turns.state import Turn, TurnState, elapsed
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop

logger = logging.getLogger(__name__)


def breaker_states() -> Mapping[str, BreakerState]:
    """Return how the breakers of the configured models stand; a cache that fails keeps nobody from asking.

    Synchronous, for a hop.
    """
    try:
        return {name: _breaker(name, config).state() for name, config in settings.CHAT_MODELS.items()}
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


@contextmanager
def first_model_ready(turn: Turn) -> Iterator[Mapping[str, ChatModel]]:
    """Have the question to the model that is asked first made within a block, up to the prompt, which is found there.

    Yields that model by its name; nothing where there is none, or none that can do this.
    """
    name = next((name for name in turn.options.models if get_model(name)), None)
    begin: Callable[[], ReadyModel] | None = getattr(get_model(name), "ready", None) if name else None
    if name is None or begin is None:
        yield {}
        return
    with closing(begin()) as ready:
        yield {name: ready}


def _models(turn: Turn, state: TurnState) -> list[tuple[str, ChatModel]]:
    """Return the models that may be asked now, by name."""
    rested = [
        name for name in turn.options.models if name not in state.breaker_states or state.breaker_states[name].may_ask
    ]
    return [(name, state.ready.get(name, model)) for name in rested if (model := get_model(name))]


async def _set_aside(turn: Turn, state: TurnState) -> None:
    """Set aside what an answer may cost at most, about; raises ``CapReached``. Without a cap it costs no hop."""
    payers, models = payers_for(turn.terms), _models(turn, state)
    if not models or not any(payer.is_capped for payer in payers):
        return
    prompt = _prompt(turn, state, turn.head.weight, PromptSize())
    most = Usage(prompt_tokens=prompt.tokens - prompt.max_tokens, completion_tokens=prompt.max_tokens)
    costs = [cost_of(most, model=name) for name, _ in models]
    cost = Cost(costs[0].tokens, max(one.micros for one in costs))
    aside = Aside()
    try:
        await in_one_hop(aside.reserve, payers, cost, now=timezone.now())
    finally:
        state.reserved = aside.leave()


async def speaker_for(turn: Turn, state: TurnState) -> ModelStream:
    """Return the first model that speaks, of those that may be asked now; ``AllModelsFailed`` where none does."""
    models = _models(turn, state)

    def on_failure(name: str, error: ModelError, has_spoken: bool) -> None:
        logger.warning("the %s model failed: %s", name, error.reason)
        if not has_spoken:
            state.failed.append(name)

    weight = voice_applied(weight=turn.head.weight, tier=state.tier, voice=turn.asked.voice if turn.asked else None)

    def prompt_for(name: str, context_tokens: int | None) -> Prompt:
        prompt = _prompt(turn, state, weight, PromptSize(context_tokens, has_short_prompt(name)))
        state.prompt, state.markers = prompt, MarkerFilter(sources=prompt.passages)
        state.asked_model = name
        return prompt

    try:
        async with asyncio.timeout_at(time_is_up(turn)):
            speaker = await first_stream(models, prompt_for, on_failure=on_failure)
    except TimeoutError:
        raise AllModelsFailed from None
    state.answered_by = "model" if speaker.name == "primary" else "fallback"
    state.voice_applied = weight
    return speaker


def has_short_prompt(model: str) -> bool:
    """Say whether a model, by its name in the settings, is given the prompt of small ones."""
    return bool(settings.CHAT_MODELS.get(model, {}).get("SHORT_PROMPT"))


def _prompt(turn: Turn, state: TurnState, weight: float, size: PromptSize) -> Prompt:
    return compose_answer(
        query=turn.head.query,
        passages=state.passages,
        tier=state.tier,
        voice=turn.asked.voice if turn.asked else None,
        weight=weight,
        history=memory.as_messages(turn.history),
        disagreeing=[[said.number for said in conflict.said] for conflict in state.conflicts],
        size=size,
    )


async def said_by_model(turn: Turn, state: TurnState) -> AsyncGenerator[str, None]:
    """Yield what a model says, with its markers put right and those that it left out; nothing where none speaks.

    Markers with no word beside them are nothing, so that they wait for the first word.
    """
    held = ""
    async with aclosing(_read(turn, state)) as texts:
        async for text in texts:
            held += await _marked(state, state.markers.feed(text))
            if held and (state.pieces or _has_word(held)):
                yield held
                held = ""
    held += await _marked(state, state.markers.finish())
    held += await asyncio.to_thread(state.sentences.finish)
    if held and (state.pieces or _has_word(held) or not markers_in(held)):
        yield held


def _has_word(text: str) -> bool:
    return any(map(str.isalnum, without_markers(text)))


async def _marked(state: TurnState, text: str) -> str:
    """Return what can be shown of the answer, with markers behind sentences; in a thread where one may have ended."""
    if not text or not state.sentences.is_due(text):
        return state.sentences.feed(text)
    return await asyncio.to_thread(state.sentences.feed, text)


async def _read(turn: Turn, state: TurnState) -> AsyncGenerator[str, None]:
    """Yield the answer as it comes from a model: what stands around it is taken away, and a loop ends it."""
    reply, repetition = ReplyReader(), RepetitionFilter()
    try:
        await _set_aside(turn, state)
        speaker = await speaker_for(turn, state)
        async with aclosing(speaker.deltas(deadline=time_is_up(turn))) as deltas:
            async for delta in deltas:
                state.tokens += delta.tokens
                state.raw.append(delta.text)
                state.usage = delta.usage or state.usage
                state.finish = delta.finish or state.finish
                if shown := repetition.feed(reply.feed(delta.text)):
                    yield shown
                if repetition.is_looping:
                    state.finish, state.reason = "stopped", "repetition"
                    return
    except AnswerCutOff:
        state.finish = "cut"
    except CapReached as reached:
        state.model_note = MESSAGES["spent_site" if reached.is_site else "spent_key"]
        return
    except AllModelsFailed:
        return
    finally:
        state.coverage = reply.coverage or state.coverage
    rest = repetition.feed(reply.finish()) + repetition.finish()
    state.coverage = reply.coverage or state.coverage
    if rest:
        yield rest
