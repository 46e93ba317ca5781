"""Answering an accepted question: retrieve, then let a model, its fallback, the quotes or nobody answer."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from django.conf import settings

from chat import memory
from chat.events import Sources, Token
from chat.grounding.markers import MarkerFilter
from chat.grounding.quotes import as_pieces, best_quotes
from chat.llm import Delta, ModelError, get_model
from chat.llm.fallback import CutOff, NoModel, stream_with_fallback
from chat.personality import voice_applied
from chat.prompts.compose import compose
from chat.record import Record
from chat.retrieval import Probe, Retrieved, retrieve
from chat.retrieval.jargon import bridged, entries_for
from chat.retrieval.question import probe_for
from chat.sources import sources_of
from chat.turns import Turn
from chat.values import Prompt
from creators.database import in_one_hop
from creators.embeddings import get_embedder

logger = logging.getLogger(__name__)

PASSAGES = 6
"""Passages that a turn consults."""
NOTHING_FOUND = "No source here answers that."


async def answer(turn: Turn, record: Record) -> AsyncGenerator[Sources | Token, None]:
    """Yield the sources and then the answer, keeping in ``record`` what became of it.

    Raises what the database, the cache and the embedder raise while the passages are searched for; a model that
    fails is no error here, because the quotes can always answer.
    """
    probe = await _search(turn, record)
    yield Sources(sources_of(record.passages))
    if not record.passages:
        yield _piece(turn, record, NOTHING_FOUND)
        return
    markers = MarkerFilter(sources=len(record.passages))
    async with aclosing(_texts(turn, record, probe)) as texts:
        async for text in texts:
            if shown := markers.feed(text):
                yield _piece(turn, record, shown)
    if rest := markers.finish():
        yield _piece(turn, record, rest)
    record.markers_removed = markers.removed


async def _search(turn: Turn, record: Record) -> Probe:
    """Find the passages in one hop; questions are embedded in the same worker thread."""

    def search() -> tuple[Probe, Retrieved]:
        embedder = get_embedder()
        entries = entries_for(turn.asked.id if turn.asked else None)
        probe = probe_for(
            bridged(turn.question.query, entries),
            asked=[bridged(one.question, entries) for one in turn.history],
            answered=turn.history[-1].answer if turn.history else "",
            names=turn.asked.names if turn.asked else (),
            space=embedder.space.name,
            embed=embedder.embed_questions,
        )
        return probe, retrieve(probe, creator_id=turn.asked.id if turn.asked else None, limit=PASSAGES)

    probe, found = await in_one_hop(search)
    record.passages, record.tier, record.weights = found.passages, found.tier, found.weights
    record.suggestions = found.suggestions
    record.retrieval = elapsed(turn)
    return probe


async def _texts(turn: Turn, record: Record, probe: Probe) -> AsyncGenerator[str, None]:
    """Yield the answer's text as it comes, from whoever is able to give it."""
    try:
        async with aclosing(_spoken(turn, record)) as deltas:
            async for delta in deltas:
                record.usage = delta.usage or record.usage
                record.finish = delta.finish or record.finish
                if delta.text:
                    yield delta.text
    except CutOff:
        record.finish = "cut"
    except NoModel:
        record.answered_by, record.voice_applied = "quotes", 0.0
        for piece in await _quoted(turn, record, probe):
            yield piece


async def _spoken(turn: Turn, record: Record) -> AsyncGenerator[Delta, None]:
    models = [(name, model) for name in ("primary", "fallback") if (model := get_model(name))]
    weight = voice_applied(
        weight=turn.question.personality_weight, tier=record.tier, voice=turn.asked.voice if turn.asked else None
    )
    deadline = asyncio.get_running_loop().time() + settings.CHAT_TURN_TIMEOUT - elapsed(turn) / 1000
    prompt = _prompt(turn, record, weight)
    async with aclosing(stream_with_fallback(models, prompt, on_failure=_log_failure)) as deltas:
        async for name, delta in _until(deltas, deadline):
            record.answered_by = "model" if name == "primary" else "fallback"
            record.voice_applied = weight
            yield delta


async def _until(deltas: AsyncIterator[tuple[str, Delta]], deadline: float) -> AsyncIterator[tuple[str, Delta]]:
    """Yield until the deadline, a reading of the loop's clock; then the answer is cut, or nobody answered at all."""
    spoken = ""
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                spoken, delta = await anext(deltas)
        except StopAsyncIteration:
            return
        except TimeoutError:
            if spoken:
                raise CutOff(spoken, ModelError("the turn took too long", retryable=True)) from None
            raise NoModel from None
        yield spoken, delta


def _prompt(turn: Turn, record: Record, weight: float) -> Prompt:
    return compose(
        query=turn.question.query,
        passages=record.passages,
        tier=record.tier,
        voice=turn.asked.voice if turn.asked else None,
        weight=weight,
        history=memory.as_messages(turn.history),
    )


async def _quoted(turn: Turn, record: Record, probe: Probe) -> list[str]:
    def quote() -> list[str]:
        chosen = best_quotes(
            record.passages,
            query=turn.question.query,
            question=probe.vector,
            weights=record.weights,
            embed=get_embedder().embed_questions,
            said=turn.history[-1].answer if turn.history else "",
        )
        return list(as_pieces(chosen, record.passages, asked=turn.asked.slug if turn.asked else ""))

    return await in_one_hop(quote)


def _piece(turn: Turn, record: Record, text: str) -> Token:
    if record.first_token is None:
        record.first_token = elapsed(turn)
    record.pieces.append(text)
    return Token(text)


def elapsed(turn: Turn) -> int:
    """Return the whole milliseconds since the turn began."""
    return round((time.monotonic() - turn.began) * 1000)


def _log_failure(name: str, error: ModelError) -> None:
    logger.warning("the %s model failed: %s", name, error.reason)
