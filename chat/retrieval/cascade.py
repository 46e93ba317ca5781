"""The cascade: creator, domain, everyone; the next is tried where this one holds too little."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from django.db import connection, transaction
from ninja import Schema

from chat.events.events import Tier
from chat.retrieval import dense, lexical
from chat.retrieval.calibration import Calibration, calibration_for
from chat.retrieval.dense import scope_size
from chat.retrieval.passages import passages_from, source_of, suggestions_from, with_vectors
from chat.retrieval.query import (
    NO_OVERLAP,
    Candidate,
    QueryTerms,
    Retrieved,
    Scope,
    ScoredCandidate,
    SearchQuery,
    SpaceMissing,
    glossary_rules,
    normalised,
    query_in_context,
)
from chrysopedia.core.errors import not_found
from creators.embeddings import get_embedder
from creators.models import Chunk, Creator, Space, Work
from creators.models.creator import CreatorQuerySet


def scopes_for(creator_id: int | None) -> tuple[Scope, ...]:
    """Return the scopes to try in order; without a creator there is only ``global``.

    What is not published is in none of them. A tier that adds nobody to the one before is left out.
    """
    withdrawn = tuple(Work.objects.filter(is_withdrawn=True).order_by("pk").values_list("pk", flat=True))
    hidden = _ids(Creator.objects.filter(is_published=False))
    widest = Scope(Tier.GLOBAL, None, without_creators=hidden, without_works=withdrawn)
    if creator_id is None:
        return (widest,)
    peers = _ids(Creator.objects.published().sharing_domain_with(Creator(pk=creator_id)))
    own = Scope(Tier.CREATOR, (creator_id,), without_creators=hidden, without_works=withdrawn)
    domain = (Scope(Tier.DOMAIN, peers, without_works=withdrawn),) if len(peers) > 1 else ()
    adds = Creator.objects.published().exclude(pk__in=[creator_id, *peers]).exists()
    return own, *domain, *((widest,) if adds else ())


def narrowest_tier(creator_id: int, scopes: tuple[Scope, ...]) -> Tier:
    """Return the narrowest of the scopes' tiers that holds this creator."""
    return next(scope.tier for scope in scopes if scope.creators is None or creator_id in scope.creators)


def _ids(creators: CreatorQuerySet) -> tuple[int, ...]:
    return tuple(creators.order_by("pk").values_list("pk", flat=True))


CANDIDATES = 100
"""Chunks that the dense leg proposes, and the most that the lexical leg adds."""
MIN_DEPTH = 10
"""How many of the best have to be right, unless more are asked for."""


def rank(
    query: SearchQuery,
    terms: QueryTerms,
    *,
    space: Space,
    scope: Scope,
    calibration: Calibration,
    depth: int = MIN_DEPTH,
    min_relevance: float = 0.0,
) -> list[ScoredCandidate]:
    """Return the candidates in this scope with their relevance, best first; the first ``depth`` are the best there are.

    The dense leg goes first. A chunk that it did not propose has a smaller cosine than all that it did, so it needs so
    and so much of the question's words to be among the best: only chunks that hold as much are looked for (the
    threshold algorithm of Fagin, Lotem and Naor, 2003). Below a relevance of ``min_relevance`` the order is free.
    """
    limit = dense.exact_limit(terms.chunks)
    size = terms.chunks if scope.creators is None else dense.scope_size(scope, space=space, most=limit)
    most = max(CANDIDATES, 2 * depth)
    near = dense.nearest(query.vector, space=space, scope=scope, is_small=size <= limit, limit=most)
    found = _scored_candidates(near, terms, calibration=calibration)
    if len(near) == most and terms.weights:
        scores = sorted(calibration.score_of(cosine=one.cosine, overlap=one.overlap) for one in found)
        least = max(scores[-depth], calibration.score_at(min_relevance))
        share = (least - near[-1].cosine) / calibration.ratio
        known = {one.chunk_id for one in near}
        more = lexical.matching(
            terms, share=share, vector=query.vector, space=space, scope=scope, size=size, limit=most
        )
        found += _scored_candidates([one for one in more if one.chunk_id not in known], terms, calibration=calibration)
    return sorted(found, key=lambda scored: (-scored.relevance, scored.chunk_id))


def _scored_candidates(
    near: Sequence[Candidate], terms: QueryTerms, *, calibration: Calibration
) -> list[ScoredCandidate]:
    overlaps = lexical.overlaps(terms, chunks=[one.chunk_id for one in near]) if near else {}
    return [
        ScoredCandidate(
            chunk_id=one.chunk_id,
            creator_id=one.creator_id,
            cosine=one.cosine,
            overlap=overlaps.get(one.chunk_id, NO_OVERLAP),
            relevance=calibration.relevance(cosine=one.cosine, overlap=overlaps.get(one.chunk_id, NO_OVERLAP)),
        )
        for one in near
    ]


STATEMENT_TIMEOUT = "10s"

RELATIVE_FLOOR = 0.03
"""A passage is kept when its relevance is at least this share of the best one's."""

LARGE_CREATOR = 2_000
"""Chunks of a creator from which on everyone is searched first: then finding nothing costs one search, not two."""

Search = Callable[[Scope, float], list[ScoredCandidate]]
"""What ranks a scope; below the relevance given the order doesn't matter."""


@transaction.atomic
def retrieve(query: SearchQuery, *, creator_id: int | None, limit: int) -> Retrieved:
    """Return up to ``limit`` passages, best first, from the narrowest tier that holds enough.

    Synchronous, meant for one hop. Raises ``SpaceMissing`` where there are chunks but none in the query's space.
    """
    _limit_statement_time()
    space = Space.objects.filter(name=query.space).first()
    if space is None:
        if Chunk.objects.exists():
            raise SpaceMissing(query.space)
        return Retrieved(passages=(), tier=Tier.NONE, weights={})
    calibration = calibration_for(space.name)
    terms = lexical.query_terms(query.text, context=query.context)
    scopes = scopes_for(creator_id)

    def search(scope: Scope, min_relevance: float) -> list[ScoredCandidate]:
        depth = max(limit, MIN_DEPTH)
        return rank(
            query, terms, space=space, scope=scope, calibration=calibration, depth=depth, min_relevance=min_relevance
        )

    ranked, tier = narrowest_relevant(
        scopes,
        search=search,
        thresholds=calibration.thresholds_for(is_follow_up=bool(query.context)),
        widest_first=len(scopes) > 1 and scope_size(scopes[0], space=space, most=LARGE_CREATOR) > LARGE_CREATOR,
    )
    if tier == Tier.NONE:
        return Retrieved(passages=(), tier=tier, weights=terms.weights, suggestions=suggestions_from(ranked))
    kept = [scored for scored in ranked if scored.relevance >= RELATIVE_FLOOR * ranked[0].relevance]
    tiers = {scored.chunk_id: narrowest_tier(scored.creator_id, scopes) for scored in kept}
    passages = with_vectors(passages_from(kept, tiers=tiers, limit=limit), space=space)
    return Retrieved(
        passages=passages, tier=_widest_tier([passage.tier for passage in passages]), weights=terms.weights
    )


def narrowest_relevant(
    scopes: Sequence[Scope], *, search: Search, thresholds: Mapping[Tier, float], widest_first: bool
) -> tuple[list[ScoredCandidate], Tier]:
    """Return what the narrowest scope holds whose best is relevant enough, and its tier; else the widest and ``none``.

    The widest holds all others: one that asks for more than the widest's best needs no search. So it is searched
    before those between, and ``widest_first`` also before the narrowest, where that is as large as to cost as much.
    """
    *narrower, widest = scopes
    everything: list[ScoredCandidate] | None = None
    for place, scope in enumerate(narrower):
        if everything is None and (place or widest_first):
            everything = search(widest, min(thresholds[one.tier] for one in scopes[place:]))
        if everything is None or _top_relevance(everything) >= thresholds[scope.tier]:
            ranked = search(scope, thresholds[scope.tier])
            if _top_relevance(ranked) >= thresholds[scope.tier]:
                return ranked, scope.tier
    everything = search(widest, thresholds[widest.tier]) if everything is None else everything
    return everything, widest.tier if _top_relevance(everything) >= thresholds[widest.tier] else Tier.NONE


def _top_relevance(ranked: Sequence[ScoredCandidate]) -> float:
    return ranked[0].relevance if ranked else -1.0


def _limit_statement_time() -> None:
    """Have the database give up before the hop does, so that no query runs on for nobody; for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])


def _widest_tier(tiers: Sequence[Tier]) -> Tier:
    # None where what was found has been withdrawn meanwhile.
    return max(tiers, key=list(Tier).index, default=Tier.NONE)


class AlsoIn(Schema):
    """Another work in which a passage stands."""

    title: str
    creator: str
    work: str
    url: str


class FoundPassage(Schema):
    """A passage as ``/search`` returns it: a source with its whole text and the score of each leg."""

    number: int
    title: str
    creator: str
    creator_slug: str
    work: str
    kind: str
    url: str
    start_seconds: float | None
    end_seconds: float | None
    tier: Tier
    relevance: float
    cosine: float
    lexical: float
    excerpt: str
    also: list[AlsoIn]
    text: str


class SearchResult(Schema):
    """The passages, best first, and the tier that the cascade stopped at."""

    cascade_tier: Tier
    passages: list[FoundPassage]


def search_corpus(text: str, *, creator: str | None, limit: int) -> SearchResult:
    """Return what a question would be answered from. Synchronous, for one hop.

    Raises ``Problem`` 404 for an unknown creator, and whatever retrieval raises.
    """
    asked = Creator.objects.published().named(creator) if creator else None
    if creator and asked is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    embedder = get_embedder()
    query = query_in_context(
        normalised(text, glossary_rules(asked.pk if asked else None)),
        asked=(),
        answered="",
        names=(asked.name, *asked.aliases) if asked else (),
        space=embedder.space.name,
        embed=embedder.embed_questions,
    )
    found = retrieve(query, creator_id=asked.pk if asked else None, limit=limit)
    passages = [
        FoundPassage(
            **asdict(source),
            cosine=round(passage.cosine, 4),
            lexical=round(passage.lexical, 4),
            text=passage.text,
        )
        for number, passage in enumerate(found.passages, start=1)
        for source in [source_of(passage, number=number)]
    ]
    return SearchResult(cascade_tier=found.tier, passages=passages)
