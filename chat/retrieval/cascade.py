"""The cascade: creator, domain, everyone; a wider tier is searched where a narrower one holds nothing relevant."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.db import connection, transaction

from chat.events.events import Coverage, Passage, Suggestion, Tier
from chat.retrieval import dense, lexical
from chat.retrieval.calibration import Calibration, calibrated
from chat.retrieval.candidates import NO_OVERLAP, Candidate, Scope, ScoredCandidate, narrowest_tier, scopes_for
from chat.retrieval.lexical import QueryTerms
from chat.retrieval.passages import passages_from, suggestions_from, with_vectors
from chat.retrieval.query import SearchQuery, Vector
from chat.retrieval.reranking import reranked
from creators.embeddings.windows import cosines
from creators.models import Chunk, Embedding, Space


class SpaceMissing(RuntimeError):
    """The corpus has no vectors of the configured embedder, so a search would silently find nothing."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages, best first, and the widest of their tiers; without any, works to suggest instead.

    ``coverage`` says whether they answer, or are only the nearest there is. ``weights`` are the query's stemmed terms
    with their inverse document frequency.
    """

    passages: tuple[Passage, ...]
    tier: Tier
    weights: Mapping[str, float]
    coverage: Coverage = "none"
    suggestions: tuple[Suggestion, ...] = ()


CANDIDATES = 100
"""Chunks that the dense leg proposes, and the most that the lexical leg adds."""
MIN_DEPTH = 10
"""Places at the top of the ranking that have to be right, unless more are asked for."""


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
    """Return the candidates in this scope, best first; those that would be the first ``depth`` by whole chunks are all
    among them, and are then ordered by what their windows of sentences say too.

    The dense leg goes first. A chunk that it did not propose has a smaller cosine than any that it did, so to be among
    the best it must hold a certain share of the query's terms: the lexical leg looks only for chunks that do (the
    threshold algorithm of Fagin, Lotem and Naor, 2003). Below ``min_relevance`` the order need not be right.
    """
    limit = dense.exact_limit(terms.chunks)
    size = terms.chunks if scope.is_everyone else dense.scope_size(scope, space=space, most=limit)
    most = max(CANDIDATES, 2 * depth)
    near = dense.nearest(query.vector, space=space, scope=scope, exact=size <= limit, limit=most)
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
    found = _read_closely(found, query.vector, space=space, calibration=calibration)
    return sorted(found, key=lambda scored: (-scored.relevance, scored.chunk_id))


def _read_closely(
    found: Sequence[ScoredCandidate], vector: Vector, *, space: Space, calibration: Calibration
) -> list[ScoredCandidate]:
    """Return the candidates with the cosines of their windows of sentences, of which the best counts."""
    windows = cosines(Embedding.objects.windows_of([one.chunk_id for one in found], space=space), vector)
    return [_with_windows(one, windows[one.chunk_id], calibration) if one.chunk_id in windows else one for one in found]


def _with_windows(one: ScoredCandidate, windows: Sequence[float], calibration: Calibration) -> ScoredCandidate:
    best = max(one.cosine, *windows) if windows else one.cosine
    cosine = (1 - calibration.windows) * one.cosine + calibration.windows * best
    relevance = calibration.relevance(cosine=cosine, overlap=one.overlap)
    return ScoredCandidate(one.chunk_id, one.creator_id, cosine, one.overlap, relevance, tuple(windows))


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

RELATIVE_FLOOR = 0.01
"""Share of the best candidate's relevance that a passage needs to be kept."""

LARGE_CREATOR = 2_000
"""Chunks of a creator above which everyone is searched first: finding nothing then costs one search, not two."""

OWN_MARGIN = 0.04
"""How much less near a creator of fewer than ``CANDIDATES`` chunks may come who is asked, where nobody is near: few lie
near hardly anything by chance. Of 20 such questions that they answer the right passage is shown for 16, and 2 of 87
that nobody answers are shown something more. Of larger creators as many of the one kind would be as of the other."""

Search = Callable[[Scope, float], list[ScoredCandidate]]
"""Ranks the chunks of a scope; below the relevance given the order need not be right."""


@transaction.atomic
def retrieve(
    query: SearchQuery,
    *,
    creator_id: int | None,
    limit: int,
    only_creators: tuple[int, ...] = (),
    only_works: tuple[int, ...] = (),
    threshold: float | None = None,
) -> Retrieved:
    """Return up to ``limit`` passages, best first, from the narrowest tier with one that answers.

    Where no tier answers, they come from the narrowest with one that is near, and the coverage is ``partly``.
    With ``only_creators`` or ``only_works``, by primary key, nothing else is searched. A ``threshold`` is the relevance
    from which on every tier answers, in place of the calibration's.
    Synchronous, meant for one hop. Raises ``SpaceMissing`` where there are chunks but none in the query's space.
    """
    _limit_statement_time()
    known = calibrated(query.space)
    if known is None:
        if Chunk.objects.exists():
            raise SpaceMissing(query.space)
        return Retrieved(passages=(), tier=Tier.NONE, weights={})
    space, calibration = known
    terms = lexical.query_terms(query.text, context=query.context)
    scopes = tuple(
        replace(scope, only_creators=only_creators, only_works=only_works) for scope in scopes_for(creator_id)
    )
    is_named = bool(only_creators or only_works)
    calibration = calibration.for_follow_up() if is_named or query.context else calibration
    # Who names the creator or the work that is meant knows of it: no tier then asks for more than the narrowest.
    calibration = calibration.as_narrowest() if is_named else calibration
    calibration = calibration if threshold is None else calibration.answering_from(threshold)
    search = partial(rank, query, terms, space=space, calibration=calibration, depth=max(limit, MIN_DEPTH))
    ranked, tier, coverage = _covering(
        scopes,
        calibration=calibration,
        # A calibration that already asks for less is not lowered twice.
        own_margin=0.0 if is_named or query.context else OWN_MARGIN,
        search=lambda scope, least: search(scope=scope, min_relevance=least),
        widest_first=len(scopes) > 1 and dense.scope_size(scopes[0], space=space, most=LARGE_CREATOR) > LARGE_CREATOR,
    )
    if coverage == "none":
        return Retrieved(passages=(), tier=tier, weights=terms.weights, suggestions=suggestions_from(ranked))
    asked = f"{query.context} {query.text}".strip()
    ranked, coverage = reranked(asked, ranked, space=space.name, tier=tier, coverage=coverage, threshold=threshold)
    kept = [scored for scored in ranked if scored.relevance >= RELATIVE_FLOOR * ranked[0].relevance]
    tiers = {scored.chunk_id: narrowest_tier(scored.creator_id, scopes) for scored in kept}
    passages = with_vectors(passages_from(kept, tiers=tiers, limit=limit), space=space)
    return Retrieved(
        passages=passages,
        tier=_widest_tier([passage.tier for passage in passages]),
        weights=terms.weights,
        coverage=coverage if passages else "none",
    )


def _covering(
    scopes: Sequence[Scope], *, calibration: Calibration, own_margin: float, search: Search, widest_first: bool
) -> tuple[list[ScoredCandidate], Tier, Coverage]:
    """Return the candidates and tier of the narrowest scope that answers, else of the narrowest that comes near.

    Where none does, the creator who is asked may come ``own_margin`` less near if they said little.
    """
    found: dict[Tier, list[ScoredCandidate]] = {}

    def once(scope: Scope, _: float) -> list[ScoredCandidate]:
        if scope.tier not in found:
            found[scope.tier] = search(scope, least)
        return found[scope.tier]

    least = min(calibration.thresholds.values())
    ranked, tier = narrowest_relevant(scopes, search=once, thresholds=calibration.thresholds, widest_first=widest_first)
    if tier != Tier.NONE:
        return ranked, tier, "full"
    for scope in scopes:
        near = once(scope, least)
        if _top_cosine(near) >= calibration.near:
            return near, scope.tier, "partly"
    own = once(scopes[0], least)
    is_small = scopes[0].tier is Tier.CREATOR and len(own) < CANDIDATES
    if is_small and _top_cosine(own) >= calibration.near - own_margin:
        return own, Tier.CREATOR, "partly"
    # What is suggested then is what the narrowest scope does speak of.
    return own or ranked, Tier.NONE, "none"


def _top_cosine(ranked: Sequence[ScoredCandidate]) -> float:
    return max((one.cosine for one in ranked), default=-1.0)


def narrowest_relevant(
    scopes: Sequence[Scope], *, search: Search, thresholds: Mapping[Tier, float], widest_first: bool
) -> tuple[list[ScoredCandidate], Tier]:
    """Return the candidates and tier of the narrowest scope whose best candidate meets the tier's threshold.

    Where none does, that is the candidates of the widest scope and ``Tier.NONE``. The widest scope holds all others, so
    a scope whose threshold is above the widest's best needs no search. It is therefore searched before those between,
    and with ``widest_first`` before the narrowest too, which pays where that one is large.
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
    """Have the database give up before the caller does, so that no query outlives its reader; for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])


def _widest_tier(tiers: Sequence[Tier]) -> Tier:
    # Tier.NONE where everything found has been withdrawn meanwhile.
    return max(tiers, key=list(Tier).index, default=Tier.NONE)
