"""Trials made by chance from known coefficients."""

import numpy as np

from chat.evaluation.samples import CandidateScores, Sample

COSINE, WINDOW, INTERCEPT = 12.0, 6.0, -11.0


def found(legs: list[tuple[float, float]], *, relevant: list[bool]) -> CandidateScores:
    flags = np.array(relevant, bool)
    return CandidateScores(
        legs=np.column_stack([np.array(legs, float).reshape(-1, 2), np.zeros(len(legs))]),
        of_right_work=flags,
        is_relevant=flags,
        is_judged=np.ones(len(flags), bool),
    )


def drawn(chance: np.random.Generator, *, candidates: int = 40) -> CandidateScores:
    """Return candidates whose relevance was drawn with the probability that the coefficients give."""
    legs = chance.uniform([-0.2, 0.0], [0.9, 1.0], (candidates, 2))
    shares = 1 / (1 + np.exp(-(legs @ [COSINE, WINDOW] + INTERCEPT)))
    return found([(one, other) for one, other in legs], relevant=list(chance.uniform(size=candidates) < shares))


def samples(count: int) -> list[Sample]:
    chance = np.random.default_rng(3)
    return [
        Sample(is_answerable=True, everyone=drawn(chance), own=drawn(chance), other=drawn(chance)) for _ in range(count)
    ]
