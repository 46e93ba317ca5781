"""Ranking a scope: both legs propose, one number decides, and nothing that could be among the best is left out."""

from collections.abc import Sequence

from chat.retrieval import dense, lexical
from chat.retrieval.calibration import Calibration
from chat.retrieval.candidates import Lexicon, Near, Probe, Scope, Scored
from chat.retrieval.overlap import NONE
from creators.models import Space

CANDIDATES = 100
"""Chunks that the dense leg proposes, and the most that the lexical leg adds."""
DEPTH = 10
"""How many of the best have to be right, unless more are asked for."""


def rank(
    probe: Probe,
    words: Lexicon,
    *,
    space: Space,
    scope: Scope,
    calibration: Calibration,
    depth: int = DEPTH,
    enough: float = 0.0,
) -> list[Scored]:
    """Return the candidates in this scope with their relevance, best first; the first ``depth`` are the best there are.

    The dense leg goes first. A chunk that it did not propose has a smaller cosine than all that it did, so it needs so
    and so much of the question's words to be among the best: only chunks that hold as much are looked for (the
    threshold algorithm of Fagin, Lotem and Naor, 2003). Below a relevance of ``enough`` the order doesn't matter.
    """
    limit = dense.exact_limit(words.chunks)
    size = words.chunks if scope.creators is None else dense.size_of(scope, space=space, most=limit)
    most = max(CANDIDATES, 2 * depth)
    near = dense.nearest(probe.vector, space=space, scope=scope, is_small=size <= limit, limit=most)
    found = _scored(near, words, calibration=calibration)
    if len(near) == most and words.weights:
        scores = sorted(calibration.score_of(cosine=one.cosine, words=one.words) for one in found)
        least = max(scores[-depth], calibration.score_at(enough))
        share = (least - near[-1].cosine) / calibration.ratio
        known = {one.chunk_id for one in near}
        more = lexical.holding(words, share=share, vector=probe.vector, space=space, scope=scope, size=size, limit=most)
        found += _scored([one for one in more if one.chunk_id not in known], words, calibration=calibration)
    return sorted(found, key=lambda scored: (-scored.relevance, scored.chunk_id))


def _scored(near: Sequence[Near], words: Lexicon, *, calibration: Calibration) -> list[Scored]:
    overlaps = lexical.overlaps(words, chunks=[one.chunk_id for one in near]) if near else {}
    return [
        Scored(
            chunk_id=one.chunk_id,
            creator_id=one.creator_id,
            cosine=one.cosine,
            words=overlaps.get(one.chunk_id, NONE),
            relevance=calibration.relevance(cosine=one.cosine, words=overlaps.get(one.chunk_id, NONE)),
        )
        for one in near
    ]
