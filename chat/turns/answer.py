"""Answering an accepted question: retrieve, then let a model, its fallback, the quotes or nobody answer."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from chat.events.events_part import Sources, Token
from chat.grounding.disagreements import Conflict, conflicts_in
from chat.grounding.quotes import as_pieces, best_quotes, views
from chat.llm.breaker import Standing
from chat.llm.fallback import CutOff, NoModel
from chat.retrieval import Probe, Retrieved, retrieve
from chat.retrieval.jargon import bridged, entries_for
from chat.retrieval.query import probe_for
from chat.retrieval.sources import sources_of
from chat.turns.speaking import speaker_for, standings, time_is_up
from chat.turns.state import Record
from chat.turns.turns import Turn, elapsed
from chrysopedia.core.database import in_one_hop
from creators.embeddings import get_embedder

PASSAGES = 6
"""Passages that a turn consults."""
NOTHING_FOUND = "No source here answers that."


async def answer(turn: Turn, record: Record) -> AsyncGenerator[Sources | Token, None]:
    """Yield the sources and then the answer, keeping in ``record`` what became of it.

    Raises what the database, the cache and the embedder raise while the passages are searched for; a model that
    fails is no error here, because the quotes can always answer.
    """
    probe = await _search(turn, record)
    record.sources = sources_of(record.passages)
    yield Sources(record.sources)
    if not record.passages:
        yield _piece(turn, record, NOTHING_FOUND)
        return
    async with aclosing(_texts(turn, record, probe)) as texts:
        async for text in texts:
            if shown := record.markers.feed(text):
                yield _piece(turn, record, shown)
    if rest := record.markers.finish():
        yield _piece(turn, record, rest)


async def _search(turn: Turn, record: Record) -> Probe:
    """Find the passages in one hop; questions are embedded in the same worker thread."""

    def search() -> tuple[Probe, Retrieved, tuple[Conflict, ...], Mapping[str, Standing]]:
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
        found = retrieve(probe, creator_id=turn.asked.id if turn.asked else None, limit=PASSAGES)
        conflicts = conflicts_in(found.passages, asked=found.weights)
        return probe, found, conflicts, standings() if found.passages else {}

    probe, found, record.conflicts, record.standings = await in_one_hop(search)
    record.found(found.passages)
    record.tier, record.weights = found.tier, found.weights
    record.suggestions = found.suggestions
    record.retrieval = elapsed(turn)
    return probe


async def _texts(turn: Turn, record: Record, probe: Probe) -> AsyncGenerator[str, None]:
    """Yield the answer's text as it comes, from whoever is able to give it."""
    try:
        speaker = await speaker_for(turn, record)
        async with aclosing(speaker.said(until=time_is_up(turn))) as deltas:
            async for delta in deltas:
                record.tokens += delta.tokens
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
        pieces = as_pieces(chosen, record.passages, asked=turn.asked.slug if turn.asked else "")
        return [*pieces, *views(record.conflicts, record.passages, said={quote.number for quote in chosen})]

    return await in_one_hop(quote)


def _piece(turn: Turn, record: Record, text: str) -> Token:
    if record.first_token is None:
        record.first_token = elapsed(turn)
    record.say(text)
    return Token(text)
