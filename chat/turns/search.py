"""The search of a turn, as it was planned: whole, part by part, or first in the works that the question names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from chat.events.events import Coverage, Passage, Suggestion, Tier, Understood
from chat.events.messages import MESSAGES
from chat.grounding.asked import is_uncounted, unheard_names
from chat.retrieval import Retrieved, SearchQuery, build_query, retrieve
from chat.understanding import Heard, Narrowing, PlannedPart, SearchPlan
from chat.understanding.language import language_of
from creators.embeddings import get_embedder

NEWER_RELEVANCE = 0.5
"""Share of the best passage's relevance that one of a newer work needs to go first where the newest is asked for."""

LEAST_OF_PART = 4
"""Passages that are consulted for each part of a question at least; of two parts each has as many as one question."""


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part of a question with its own query, and which of the turn's passages are for it, in their order.

    ``passages`` are these as they lie to its own query: of one that serves two parts, each has its own scores.
    """

    plan: PlannedPart
    query: SearchQuery
    numbers: tuple[int, ...]
    passages: tuple[Passage, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    coverage: Coverage = "full"


@dataclass(frozen=True, slots=True)
class Found:
    """What a turn's search found, and how the question was taken."""

    query: SearchQuery
    passages: tuple[Passage, ...]
    tier: Tier
    weights: Mapping[str, float]
    suggestions: tuple[Suggestion, ...]
    understood: Understood
    coverage: Coverage
    rewritten: str | None = None
    """The question with its words put right, None where they were right."""
    parts: tuple[FoundPart, ...] = ()
    speaker: str = ""
    """Who alone is to be quoted, because the question names them; "" for whoever speaks."""


Search = Callable[..., Retrieved]
"""``retrieve``, for whoever is asked."""


def search_for(plan: SearchPlan, heard: Heard, *, limit: int, threshold: float | None = None) -> Found:
    """Return up to ``limit`` passages for a plan; with a ``threshold`` every tier answers from that relevance on.

    Synchronous, for a hop; raises what ``retrieve`` raises.
    """
    known = (*heard.names, *(heard.text[start:end] for start, end in heard.named.spans))

    def search(query: SearchQuery, **where: Any) -> Retrieved:
        found = retrieve(query, creator_id=heard.creator_id, threshold=threshold, **where)
        return found if threshold is not None else with_what_is_asked(found, query.text, known=known)

    if plan.parts:
        return _by_parts(plan, heard, limit, search)
    narrowed = _narrowed(plan, plan.narrowing, heard, partial(search, limit=limit)) if plan.narrowing else None
    if narrowed and narrowed.coverage == "full":
        return narrowed
    query = _query(plan.text, heard)
    notes = plan.notes
    if plan.narrowing:
        notes = (*notes, MESSAGES["not_there_first"].format(where=plan.narrowing.where))
    found = search(query, limit=limit, only_creators=plan.creators)
    if plan.creators and not found.passages:
        found = search(query, limit=limit)
    if narrowed and found.coverage != "full":
        return narrowed
    if plan.wants_newest:
        found = replace(found, passages=newest_first(found.passages))
    return _found(query, found, plan, replace(plan.understood, notes=notes))


def with_what_is_asked(found: Retrieved, question: str, *, known: Sequence[str] = ()) -> Retrieved:
    """Return what was found, as only near the question where a name or a number that it asks for isn't there.

    ``known`` are the names of creators, who need not name themselves. Other languages have other capitals.
    """
    if found.coverage != "full" or language_of(question) != "en":
        return found
    is_lacking = unheard_names(question, found.passages, known=known) or is_uncounted(question, found.passages)
    return replace(found, coverage="partly") if is_lacking else found


def _query(text: str, heard: Heard, *, after: str = "") -> SearchQuery:
    return build_query(
        text,
        creator_id=heard.creator_id,
        names=heard.names,
        earlier=(*heard.earlier, after) if after else heard.earlier,
        last_answer="" if after else heard.last_answer,
        embedder=get_embedder(),
        revision=heard.revision,
    )


def _found(query: SearchQuery, found: Retrieved, plan: SearchPlan, understood: Understood) -> Found:
    passages, tier, weights = found.passages, found.tier, found.weights
    return Found(
        query, passages, tier, weights, found.suggestions, understood, found.coverage, rewritten=plan.rewritten
    )


def _narrowed(plan: SearchPlan, narrowing: Narrowing, heard: Heard, search: Search) -> Found | None:
    """Search the works that the question names; None where they hold nothing that is relevant enough."""
    text = narrowing.text.replace("NAME", " ")
    query = _query(text, heard)
    works = tuple(work.pk for work in narrowing.works)
    found = search(query, only_works=works)
    if narrowing.speaker and not found.passages:
        # What is left of a question without its frame may be one word, near nothing by itself.
        query = _query(plan.text, heard)
        found = search(query, only_works=works)
    passages = found.passages
    if narrowing.speaker:
        passages = tuple(one for one in passages if narrowing.speaker in one.names.values())
    if not passages:
        return None
    slugs = tuple(work.slug for work in narrowing.works)
    note = MESSAGES["searched_first"].format(where=narrowing.where)
    understood = replace(plan.understood, works=slugs, notes=(*plan.notes, note))
    return replace(_found(query, replace(found, passages=passages), plan, understood), speaker=narrowing.speaker)


def _by_parts(plan: SearchPlan, heard: Heard, limit: int, search: Search) -> Found:
    """Search each part by itself; a passage that serves two of them is consulted once."""
    each = max(LEAST_OF_PART, limit + 2 - len(plan.parts))
    passages: list[Passage] = []
    parts: list[FoundPart] = []
    weights: dict[str, float] = {}
    suggestions: tuple[Suggestion, ...] = ()
    for part in plan.parts:
        query = _query(part.text, heard, after=part.after)
        only = (part.creator.id,) if part.creator else plan.creators
        found = search(query, limit=each, only_creators=only)
        numbers = tuple(_number(one, passages) for one in found.passages)
        own = tuple(_as_found(one, passages[at - 1]) for one, at in zip(found.passages, numbers, strict=True))
        parts.append(FoundPart(part, query, numbers, own, found.weights, found.coverage))
        weights |= found.weights
        suggestions = suggestions or found.suggestions
    tier = max((one.tier for one in passages), key=list(Tier).index, default=Tier.NONE)
    return Found(
        query=parts[0].query,
        passages=tuple(passages),
        tier=tier,
        weights=weights,
        suggestions=() if passages else suggestions,
        understood=plan.understood,
        coverage=_coverage(parts),
        rewritten=plan.rewritten,
        parts=tuple(parts),
    )


def _coverage(parts: Sequence[FoundPart]) -> Coverage:
    coverages = {part.coverage for part in parts}
    return coverages.pop() if len(coverages) == 1 else "partly"


def _number(passage: Passage, passages: list[Passage]) -> int:
    """Return the passage's number, from 1, among those of the turn, to which it is added where it is new."""
    for number, one in enumerate(passages, start=1):
        if one.chunk_id == passage.chunk_id or (one.work_slug, one.text) == (passage.work_slug, passage.text):
            return number
    passages.append(passage)
    return len(passages)


def _as_found(own: Passage, shared: Passage) -> Passage:
    """Return a passage of the turn with the scores that a part's own search gave it, by its windows' words."""
    spans = [(shared.text.find(own.text[one.start : one.end]), one) for one in own.windows]
    windows = tuple(replace(one, start=at, end=at + one.end - one.start) for at, one in spans if at >= 0)
    return replace(shared, windows=windows, cosine=own.cosine, relevance=own.relevance)


def newest_first(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """Return the passages with those of newer works first, as far as they are about as relevant as the best."""
    best = max((one.relevance for one in passages), default=0.0)
    near = [one for one in passages if one.relevance >= NEWER_RELEVANCE * best]
    ordered = sorted(near, key=lambda one: one.published, reverse=True)
    return (*ordered, *(one for one in passages if one.relevance < NEWER_RELEVANCE * best))
