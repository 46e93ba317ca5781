"""The answer of a turn: passages found, a model that speaks or the creators' own words, event by event."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone

from chat.conversations import memory
from chat.events.events import Prompt, Sources, Token
from chat.events.messages import MESSAGES
from chat.grounding.disagreements import conflicts_in
from chat.grounding.quotes import best_quotes, pieces_of, quotable, quoted_answer, quoted_disagreements
from chat.grounding.vocabulary import Vocabulary, vocabulary_of
from chat.llm import (
    MODEL_NAMES,
    AllModelsFailed,
    AnswerCutOff,
    Breaker,
    BreakerState,
    ModelError,
    ModelStream,
    first_stream,
    get_model,
)
from chat.prompts import compose_answer, voice_applied
from chat.retrieval import SearchQuery, sources_of
from chat.turns.replies import heard_in, reply_to
from chat.turns.search import Found, FoundPart, search_for
from chat.turns.state import Turn, TurnState, elapsed
from chat.understanding import plan_search
from chrysopedia.core.database import ANSWERS, STORAGE_ERRORS
from chrysopedia.core.text import is_blank, without_unseen
from creators.embeddings.sentences import sentence_vectors
from creators.models import Domain

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


async def speaker_for(turn: Turn, state: TurnState) -> ModelStream:
    """Return the first model that speaks, of those that may be asked now; ``AllModelsFailed`` where none does."""
    rested = [name for name in MODEL_NAMES if name not in state.breaker_states or state.breaker_states[name].may_ask]
    models = [(name, model) for name in rested if (model := get_model(name))]

    def on_failure(name: str, error: ModelError, has_spoken: bool) -> None:
        logger.warning("the %s model failed: %s", name, error.reason)
        if not has_spoken:
            state.failed.append(name)

    weight = voice_applied(weight=turn.head.weight, tier=state.tier, voice=turn.asked.voice if turn.asked else None)
    prompt = _prompt(turn, state, weight)
    state.prompt_characters = sum(len(message.content) for message in prompt.messages) if models else 0
    try:
        async with asyncio.timeout_at(time_is_up(turn)):
            speaker = await first_stream(models, prompt, on_failure=on_failure)
    except TimeoutError:
        raise AllModelsFailed from None
    state.answered_by = "model" if speaker.name == "primary" else "fallback"
    state.voice_applied = weight
    return speaker


def _prompt(turn: Turn, state: TurnState, weight: float) -> Prompt:
    return compose_answer(
        query=turn.head.query,
        passages=state.passages,
        tier=state.tier,
        voice=turn.asked.voice if turn.asked else None,
        weight=weight,
        history=memory.as_messages(turn.history),
        disagreeing=[[said.number for said in conflict.said] for conflict in state.conflicts],
    )


PASSAGES = 6
"""Passages that a turn consults."""
PART_QUOTES = 2
"""Quotations that answer a part of a question."""
NOTHING_FOUND = "No source here answers that."


async def answer(turn: Turn, state: TurnState) -> AsyncGenerator[Sources | Token, None]:
    """Yield the sources and then the answer, keeping in ``state`` what became of it.

    Raises what the database, the cache and the embedder raise while the passages are searched for; a model that
    fails is no error here, because the quotes can always answer.
    """
    search_query = await _search(turn, state)
    if search_query is None or state.reply:
        async with aclosing(_replied(turn, state)) as events:
            async for event in events:
                yield event
        return
    state.sources = sources_of(state.passages)
    yield Sources(state.sources)
    if not state.passages:
        yield _piece(turn, state, NOTHING_FOUND)
        return
    async with aclosing(_pieces(turn, state, _texts(turn, state, search_query))) as pieces:
        async for piece in pieces:
            yield piece
    if is_blank(state.answer) and state.answered_by != "quotes":
        # The model gave nothing but markers of no source: as if it had failed.
        state.fall_silent()
        async with aclosing(_pieces(turn, state, _quotes(turn, state, search_query))) as pieces:
            async for piece in pieces:
                yield piece


async def _pieces(turn: Turn, state: TurnState, texts: AsyncGenerator[str, None]) -> AsyncGenerator[Token, None]:
    """Yield the texts without markers that name no source."""
    async with aclosing(texts):
        async for text in texts:
            if shown := state.markers.feed(text):
                yield _piece(turn, state, shown)
    if rest := state.markers.finish():
        yield _piece(turn, state, rest)


async def _replied(turn: Turn, state: TurnState) -> AsyncGenerator[Sources | Token, None]:
    """Yield a reply that was known without a search."""
    yield Sources(state.sources)
    for piece in pieces_of(state.reply.text if state.reply else ""):
        yield _piece(turn, state, piece)


async def _search(turn: Turn, state: TurnState) -> SearchQuery | None:
    """Find the passages in one hop; questions are embedded in the same worker thread. None where there is a reply."""

    def search() -> tuple[Found, Vocabulary, Mapping[str, BreakerState]] | None:
        heard = heard_in(turn)
        if reply_to(turn, state, heard=heard):
            return None
        found = search_for(plan_search(heard, today=timezone.localdate()), heard, limit=PASSAGES)
        vocabulary = vocabulary_of(Domain.objects.words_for(passage.creator_slug for passage in found.passages))
        state.conflicts = conflicts_in(found.passages, asked=found.weights, vocabulary=vocabulary)
        return found, vocabulary, breaker_states() if found.passages else {}

    result = await ANSWERS.hop(search)
    state.retrieval = elapsed(turn)
    if result is None:
        return None
    found, vocabulary, state.breaker_states = result
    state.found(found.passages, vocabulary=vocabulary)
    state.tier, state.weights, state.suggestions = found.tier, found.weights, found.suggestions
    state.understood, state.rewritten, state.parts = found.understood, found.rewritten, found.parts
    return found.query


async def _texts(turn: Turn, state: TurnState, search_query: SearchQuery) -> AsyncGenerator[str, None]:
    """Yield the answer's text as it comes, from whoever is able to give it."""
    try:
        speaker = await speaker_for(turn, state)
        async with aclosing(speaker.deltas(deadline=time_is_up(turn))) as deltas:
            async for delta in deltas:
                state.tokens += delta.tokens
                state.usage = delta.usage or state.usage
                state.finish = delta.finish or state.finish
                if delta.text:
                    yield delta.text
    except AnswerCutOff:
        state.finish = "cut"
    except AllModelsFailed:
        async with aclosing(_quotes(turn, state, search_query)) as quotes:
            async for piece in quotes:
                yield piece


async def _quotes(turn: Turn, state: TurnState, search_query: SearchQuery) -> AsyncGenerator[str, None]:
    state.answered_by, state.voice_applied = "quotes", 0.0
    for piece in await _quoted(turn, state, search_query):
        yield piece


async def _quoted(turn: Turn, state: TurnState, search_query: SearchQuery) -> list[str]:
    def quote() -> list[str]:
        if state.parts:
            return [piece for part in state.parts for piece in _quoted_part(turn, state, part)]
        chosen = best_quotes(
            state.passages,
            query=state.rewritten or turn.head.query,
            question=search_query.vector,
            weights=state.weights,
            embed=sentence_vectors().embed,
            said=turn.history[-1].answer if turn.history else "",
        )
        pieces = quoted_answer(chosen, state.passages, asked=turn.head.creator)
        return [
            *pieces,
            *quoted_disagreements(state.conflicts, state.passages, said={quote.number for quote in chosen}),
        ]

    return await ANSWERS.hop(quote)


def _quoted_part(turn: Turn, state: TurnState, part: FoundPart) -> list[str]:
    """Return the answer to a part of the question under its label: quotes of the passages that were found for it."""
    creator = part.plan.creator
    before = "" if part is state.parts[0] else "\n\n"
    label = f"{before}**{quotable(without_unseen(part.plan.label))}**\n\n"
    if not part.numbers:
        nothing = MESSAGES["nothing_by"].format(creator=creator.name) if creator else MESSAGES["nothing_of_part"]
        return [label, nothing]
    chosen = best_quotes(
        [state.passages[number - 1] for number in part.numbers],
        query=part.plan.text,
        question=part.query.vector,
        weights=part.weights,
        embed=sentence_vectors().embed,
    )
    renumbered = [replace(quote, number=part.numbers[quote.number - 1]) for quote in chosen[:PART_QUOTES]]
    asked = creator.slug if creator else turn.head.creator
    return [label, *quoted_answer(renumbered, state.passages, asked=asked)]


def _piece(turn: Turn, state: TurnState, text: str) -> Token:
    if state.first_token is None:
        state.first_token = elapsed(turn)
    state.say(text)
    return Token(text)
