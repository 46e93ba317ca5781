"""The answer of a turn: passages found, a model that speaks or the creators' own words, event by event."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from functools import lru_cache

from django.utils import timezone

from chat.events.events import Source, Sources, Token
from chat.events.messages import MESSAGES
from chat.grounding.citations import Checker
from chat.grounding.disagreements import Conflict, conflicts_in
from chat.grounding.markers import MarkerFilter
from chat.grounding.quote_scores import QuoteQuery
from chat.grounding.quotes import ANSWER, NEAREST, best_quotes, pieces_of, quotable, quoted_answer, quoted_disagreements
from chat.grounding.verification.features import sentence_embedder
from chat.grounding.vocabulary import Vocabulary, vocabulary_of
from chat.llm import BreakerState
from chat.retrieval import SearchQuery, sources_of
from chat.turns.model_answer import breaker_states, first_model_ready, has_short_prompt, said_by_model
from chat.turns.replies import heard_in, reply_to
from chat.turns.search import Found, FoundPart, search_for
from chat.turns.state import Turn, TurnState, elapsed
from chat.understanding import plan_search
from chrysopedia.core.database import ANSWERS
from chrysopedia.core.text import is_blank, without_unseen
from creators.embeddings.sentences import sentence_vectors
from creators.models import Domain

NOTHING_FOUND = "No source here answers that."
HARDLY_SUPPORTED = "As hardly any of this could be found in the sources, here are the creators' own words:"
"""A lead-in, so that it is no claim itself."""


async def answer(turn: Turn, state: TurnState) -> AsyncGenerator[Sources | Token, None]:
    """Yield the sources and then the answer, keeping in ``state`` what became of it.

    Raises what the database, the cache and the embedder raise while the passages are searched for; a model that
    fails is no error here, because the quotes can always answer.
    """
    with first_model_ready(turn) as state.ready:
        search_query = await _search(turn, state)
        if search_query is None or state.reply:
            async with aclosing(_replied(turn, state)) as events:
                async for event in events:
                    yield event
            return
        yield Sources(state.sources)
        if not state.passages:
            yield _piece(turn, state, NOTHING_FOUND)
            return
        async with aclosing(said_by_model(turn, state)) as texts:
            async for text in texts:
                is_first = state.first_token is None
                yield _piece(turn, state, text)
                if is_first:
                    # It goes out before anything is done to what came with it.
                    await asyncio.sleep(0)
    if state.coverage == "none" and is_blank(state.answer) and not has_short_prompt(state.asked_model):
        yield _piece(turn, state, NOTHING_FOUND)
    lead = await _lead_to_quotes(state)
    if lead is not None:
        async with aclosing(_quotes(turn, state, search_query, lead=lead)) as pieces:
            async for piece in pieces:
                yield piece


async def _lead_to_quotes(state: TurnState) -> str | None:
    """Return what leads on from a model's answer to the creators' own words, None where that can stand by itself."""
    if is_blank(state.answer):
        # No model said a word, or only markers of no source: as if it had failed. A small one that only says that
        # nothing is answered is often wrong, so that the nearest words let the reader judge.
        if state.answered_by != "none":
            state.fall_silent(has_failed=state.coverage != "none")
            state.coverage = "partly" if state.coverage == "none" else state.coverage
        state.answered_by, state.voice_applied = "quotes", 0.0
        return ""
    is_loop = state.reason == "repetition"
    if state.coverage == "none" or not await asyncio.to_thread(
        state.checker.is_hardly_supported, state.answer, is_loop=is_loop
    ):
        return None
    return f"\n\n{HARDLY_SUPPORTED}\n\n"


async def _replied(turn: Turn, state: TurnState) -> AsyncGenerator[Sources | Token, None]:
    """Yield a reply that was known without a search."""
    yield Sources(state.sources)
    for piece in pieces_of(state.reply.text if state.reply else ""):
        yield _piece(turn, state, piece)


async def _search(turn: Turn, state: TurnState) -> SearchQuery | None:
    """Find the passages in one hop; questions are embedded in the same worker thread. None where there is a reply."""

    def search() -> tuple[Found, tuple[Source, ...], tuple[Conflict, ...], Checker, Mapping[str, BreakerState]] | None:
        heard = heard_in(turn)
        if reply_to(turn, state, heard=heard):
            return None
        plan, options = plan_search(heard, today=timezone.localdate()), turn.options
        found = search_for(plan, heard, limit=options.passages, threshold=options.threshold)
        creators = frozenset(passage.creator_slug for passage in found.passages)
        vocabulary = _kept_vocabulary(creators, heard.revision)
        query = found.rewritten or turn.head.query
        conflicts = conflicts_in(found.passages, query=query, asked=found.weights, vocabulary=vocabulary)
        checker = Checker(found.passages, embed=sentence_embedder(), vocabulary=vocabulary, asked=query)
        return found, sources_of(found.passages), conflicts, checker, breaker_states() if found.passages else {}

    result = await ANSWERS.hop(search)
    state.retrieval = elapsed(turn)
    if result is None:
        return None
    found, sources, state.conflicts, checker, state.breaker_states = result
    state.found(found.passages, sources=sources, checker=checker)
    state.coverage = found.coverage
    state.tier, state.weights, state.suggestions = found.tier, found.weights, found.suggestions
    state.understood, state.rewritten, state.parts = found.understood, found.rewritten, found.parts
    state.speaker = found.speaker
    return found.query


@lru_cache(maxsize=256)
def _kept_vocabulary(creators: frozenset[str], _revision: str) -> Vocabulary:
    """Return the vocabulary of these creators' domains, as it is at a revision of them."""
    return vocabulary_of(Domain.objects.words_for(creators))


async def _quotes(turn: Turn, state: TurnState, search_query: SearchQuery, *, lead: str) -> AsyncGenerator[Token, None]:
    """Yield the creators' own words, behind what leads on to them from an answer."""
    markers = MarkerFilter(sources=len(state.passages))
    pieces = await _quoted(turn, state, search_query)
    if lead and pieces:
        yield _piece(turn, state, lead)
        state.quoted_from = len(state.answer)
    for text in pieces:
        if shown := markers.feed(text):
            yield _piece(turn, state, shown)
    if rest := markers.finish():
        yield _piece(turn, state, rest)


async def _quoted(turn: Turn, state: TurnState, search_query: SearchQuery) -> list[str]:
    def quote() -> list[str]:
        if state.parts:
            return _quoted_parts(turn, state)
        chosen = best_quotes(
            state.passages,
            query=QuoteQuery(
                state.rewritten or turn.head.query, search_query.vector, state.weights, search_query.context
            ),
            embed=sentence_vectors().embed,
            said=turn.history[-1].answer if turn.history else "",
            speaker=state.speaker,
            shape=ANSWER if state.coverage == "full" else NEAREST,
        )
        pieces = quoted_answer(chosen, state.passages, asked=turn.head.creator)
        return [
            *([f"{MESSAGES['nearest']}\n\n"] if state.coverage == "partly" else []),
            *pieces,
            *quoted_disagreements(state.conflicts, state.passages, said={quote.number for quote in chosen}),
        ]

    return await ANSWERS.hop(quote)


def _quoted_parts(turn: Turn, state: TurnState) -> list[str]:
    """Return the answers to the parts of a question; what only asks on isn't answered by what was quoted before it."""
    pieces: list[str] = []
    for part in state.parts:
        pieces += _quoted_part(turn, state, part, said="".join(pieces) if part.plan.after else "")
    return pieces


def _quoted_part(turn: Turn, state: TurnState, part: FoundPart, *, said: str) -> list[str]:
    """Return the answer to a part of the question under its label: quotes of the passages that were found for it."""
    creator = part.plan.creator
    before = "" if part is state.parts[0] else "\n\n"
    label = f"{before}**{quotable(without_unseen(part.plan.label))}**\n\n"
    if not part.numbers:
        nothing = MESSAGES["nothing_by"].format(creator=creator.name) if creator else MESSAGES["nothing_of_part"]
        return [label, nothing]
    chosen = best_quotes(
        part.passages,
        query=QuoteQuery(part.plan.text, part.query.vector, part.weights, part.plan.after),
        embed=sentence_vectors().embed,
        said=said,
        shape=ANSWER if part.coverage == "full" else NEAREST,
    )
    renumbered = [replace(quote, number=part.numbers[quote.number - 1]) for quote in chosen]
    asked = creator.slug if creator else turn.head.creator
    lead = [f"{MESSAGES['nearest']}\n\n"] if part.coverage == "partly" else []
    return [label, *lead, *quoted_answer(renumbered, state.passages, asked=asked)]


def _piece(turn: Turn, state: TurnState, text: str) -> Token:
    if state.first_token is None:
        state.first_token = elapsed(turn)
    state.say(text)
    return Token(text)
