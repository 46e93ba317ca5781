"""How a chunk's words overlap a question's: BM25 and the best window, each from 0 to 1.

Both are shares of the most that the question could reach, so that they mean the same for every question.
BM25 is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), without its constant factor.
The best window asks how much of the question stands close together, as proximity measures do (Tao and Zhai, "An
Exploration of Proximity Measures in Information Retrieval", 2007).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

K1, B = 1.5, 0.75
WINDOW = 25
"""Words that a window spans: a long sentence."""

Positions = Mapping[str, Sequence[int]]
"""Where in a chunk each of the question's terms stands, in words, ascending."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a chunk shares with a question."""

    bm25: float = 0.0
    window: float = 0.0


NONE = Overlap()


def overlap(
    found: Positions,
    *,
    weights: Mapping[str, float],
    length: int,
    mean_length: float,
) -> Overlap:
    """Return how a chunk of ``length`` words overlaps a question whose terms have these weights."""
    most = sum(weights.values())
    if not most or not found:
        return NONE
    slope = K1 * (1 - B + B * length / mean_length)
    bm25 = sum(weights[term] * len(places) / (len(places) + slope) for term, places in found.items())
    return Overlap(bm25=bm25 / most, window=_best_window(found, weights) / most)


def _best_window(found: Positions, weights: Mapping[str, float]) -> float:
    """Return the largest sum of weights of different terms that stand within one window."""
    places = sorted((place, term) for term, all_places in found.items() for place in all_places)
    inside: Counter[str] = Counter()
    best = total = 0.0
    first = 0
    for place, term in places:
        inside[term] += 1
        total += weights[term] if inside[term] == 1 else 0.0
        while places[first][0] < place - WINDOW:
            gone = places[first][1]
            inside[gone] -= 1
            total -= weights[gone] if not inside[gone] else 0.0
            first += 1
        best = max(best, total)
    return best
