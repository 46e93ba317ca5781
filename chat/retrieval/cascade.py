"""The cascade: tiers are tried from the narrowest outwards until one holds enough that is relevant."""

from collections.abc import Iterable

from django.db import connection, transaction

from chat.retrieval import dense, lexical
from chat.retrieval.calibrated import calibration_for
from chat.retrieval.overlap import NONE
from chat.retrieval.passages import passages_from, suggestions_from
from chat.retrieval.relevance import Calibration
from chat.retrieval.scopes import narrowest, scopes_for
from chat.retrieval.values import Lexicon, Probe, Retrieved, Scope, Scored, SpaceMissing
from chat.values import Tier
from creators.models import Chunk, Space

STATEMENT_TIMEOUT = "10s"
CANDIDATES = 60
"""Candidates that each leg proposes in a scope."""

FLOOR = 0.03
"""A passage is kept when its relevance is at least this share of the best one's."""


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
    ranked: list[Scored] = []
    for scope in scopes:
        ranked = rank(probe, words, space=space, scope=scope, calibration=calibration)
        if ranked and ranked[0].relevance >= calibration.enough[scope.tier]:
            kept = [scored for scored in ranked if scored.relevance >= FLOOR * ranked[0].relevance]
            tiers = {scored.chunk_id: narrowest(scored.creator_id, scopes) for scored in kept}
            passages = passages_from(kept, tiers=tiers, limit=limit)
            if passages:
                tier = _widest(passage.tier for passage in passages)
                return Retrieved(passages=passages, tier=tier, weights=words.weights)
    return Retrieved(passages=(), tier=Tier.NONE, weights=words.weights, suggestions=suggestions_from(ranked))


def rank(probe: Probe, words: Lexicon, *, space: Space, scope: Scope, calibration: Calibration) -> list[Scored]:
    """Return the candidates of both legs in this scope with their relevance, best first."""
    proposed = {
        *dense.nearest(probe.vector, space=space, scope=scope, limit=CANDIDATES),
        *lexical.holding(words, scope=scope, limit=CANDIDATES),
    }
    visible = Chunk.objects.visible().filter(pk__in=proposed).values_list("pk", flat=True)
    found = dense.cosines(probe.vector, space=space, chunks=sorted(visible))
    overlaps = lexical.overlaps(words, chunks=sorted(found))
    ranked = [
        Scored(
            chunk_id=chunk,
            creator_id=creator,
            cosine=cosine,
            words=overlaps.get(chunk, NONE),
            relevance=calibration.relevance(cosine=cosine, words=overlaps.get(chunk, NONE)),
        )
        for chunk, (creator, cosine) in found.items()
    ]
    return sorted(ranked, key=lambda scored: (-scored.relevance, scored.chunk_id))


def _limit_time() -> None:
    """Have the database give up before the hop does, so that no query runs on for nobody; for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [STATEMENT_TIMEOUT])


def _widest(tiers: Iterable[Tier]) -> Tier:
    order = list(Tier)
    return max(tiers, key=order.index)
