"""The cascade: tiers are tried from the narrowest outwards until one holds enough that is relevant."""

from collections.abc import Callable, Mapping, Sequence

from django.db import connection, transaction

from chat.events.events import Tier
from chat.retrieval import lexical
from chat.retrieval.calibrated import calibration_for
from chat.retrieval.candidates import Probe, Retrieved, Scope, Scored, SpaceMissing
from chat.retrieval.dense import size_of
from chat.retrieval.passages import passages_from, suggestions_from, with_vectors
from chat.retrieval.ranking import DEPTH, rank
from chat.retrieval.scopes import narrowest, scopes_for
from creators.models import Chunk, Space

STATEMENT_TIMEOUT = "10s"

FLOOR = 0.03
"""A passage is kept when its relevance is at least this share of the best one's."""

LARGE = 2_000
"""Chunks of a creator from which on everyone is searched first: then finding nothing costs one search, not two."""

Search = Callable[[Scope, float], list[Scored]]
"""What ranks a scope; below the relevance given the order doesn't matter."""


@transaction.atomic
def retrieve(probe: Probe, *, creator_id: int | None, limit: int) -> Retrieved:
    """Return up to ``limit`` passages, best first, from the narrowest tier that holds enough.

    Synchronous, meant for one hop. Raises ``SpaceMissing`` where there are chunks but none in the probe's space.
    """
    _limit_time()
    space = Space.objects.filter(name=probe.space).first()
    if space is None:
        if Chunk.objects.exists():
            raise SpaceMissing(probe.space)
        return Retrieved(passages=(), tier=Tier.NONE, weights={})
    calibration = calibration_for(space.name)
    words = lexical.lexicon(probe.text, context=probe.context)
    scopes = scopes_for(creator_id)

    def search(scope: Scope, enough: float) -> list[Scored]:
        depth = max(limit, DEPTH)
        return rank(probe, words, space=space, scope=scope, calibration=calibration, depth=depth, enough=enough)

    ranked, tier = first_enough(
        scopes,
        search=search,
        enough=calibration.enough_for(leans=bool(probe.context)),
        widest_first=len(scopes) > 1 and size_of(scopes[0], space=space, most=LARGE) > LARGE,
    )
    if tier == Tier.NONE:
        return Retrieved(passages=(), tier=tier, weights=words.weights, suggestions=suggestions_from(ranked))
    kept = [scored for scored in ranked if scored.relevance >= FLOOR * ranked[0].relevance]
    tiers = {scored.chunk_id: narrowest(scored.creator_id, scopes) for scored in kept}
    passages = with_vectors(passages_from(kept, tiers=tiers, limit=limit), space=space)
    return Retrieved(passages=passages, tier=_widest([passage.tier for passage in passages]), weights=words.weights)


def first_enough(
    scopes: Sequence[Scope], *, search: Search, enough: Mapping[Tier, float], widest_first: bool
) -> tuple[list[Scored], Tier]:
    """Return what the narrowest scope holds whose best is relevant enough, and its tier; else the widest and ``none``.

    The widest holds all others: one that asks for more than the widest's best needs no search. So it is searched
    before those between, and ``widest_first`` also before the narrowest, where that is as large as to cost as much.
    """
    *narrower, widest = scopes
    everything: list[Scored] | None = None
    for place, scope in enumerate(narrower):
        if everything is None and (place or widest_first):
            everything = search(widest, min(enough[one.tier] for one in scopes[place:]))
        if everything is None or _best(everything) >= enough[scope.tier]:
            ranked = search(scope, enough[scope.tier])
            if _best(ranked) >= enough[scope.tier]:
                return ranked, scope.tier
    everything = search(widest, enough[widest.tier]) if everything is None else everything
    return everything, widest.tier if _best(everything) >= enough[widest.tier] else Tier.NONE


def _best(ranked: Sequence[Scored]) -> float:
    return ranked[0].relevance if ranked else -1.0


def _limit_time() -> None:
    """Have the database give up before the hop does, so that no query runs on for nobody; for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])


def _widest(tiers: Sequence[Tier]) -> Tier:
    # None where what was found has been withdrawn meanwhile.
    return max(tiers, key=list(Tier).index, default=Tier.NONE)
