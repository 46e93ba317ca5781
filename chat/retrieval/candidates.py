"""Candidates for an answer: a search, what its legs propose, and how far they share words with it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage, Suggestion, Tier

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


Vector = npt.NDArray[np.float32]


class SpaceMissing(RuntimeError):
    """The corpus has no vectors by the embedder that is set: searching would silently find nothing."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A question as it is searched for: its words, its vector and the space that the vector lives in.

    ``context`` holds the earlier questions that this one follows, a line each; "" for a first one or a new subject.
    """

    text: str
    vector: Vector
    space: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A tier and the creators in it; ``creators`` is None for everyone. What is hidden is named by itself."""

    tier: Tier
    creators: tuple[int, ...] | None
    without_creators: tuple[int, ...] = ()
    without_works: tuple[int, ...] = ()

    @property
    def condition(self) -> str:
        """What holds in the scope, in SQL over the columns ``creator_id`` and ``work_id``; goes with ``parameters``."""
        parts = [
            *(["creator_id = ANY(%(creators)s)"] if self.creators is not None else []),
            *(["creator_id <> ALL(%(without_creators)s)"] if self.without_creators else []),
            *(["work_id <> ALL(%(without_works)s)"] if self.without_works else []),
        ]
        return " AND ".join(parts) or "true"

    @property
    def parameters(self) -> dict[str, list[int]]:
        """What ``condition`` names."""
        return {
            "creators": list(self.creators or ()),
            "without_creators": list(self.without_creators),
            "without_works": list(self.without_works),
        }


@dataclass(frozen=True, slots=True)
class Near:
    """A chunk that a leg proposes, with its exact cosine."""

    chunk_id: int
    creator_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate chunk with both legs and the one number made of them."""

    chunk_id: int
    creator_id: int
    cosine: float
    words: Overlap
    relevance: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms of a question with the weight (inverse document frequency) of each, and how many chunks hold it.

    ``chunks`` is how many published ones there are; ``mean_length`` is in words.
    """

    weights: Mapping[str, float]
    frequencies: Mapping[str, int]
    chunks: int
    mean_length: float


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What a retrieval came to: the passages, best first, the tier, and topics to offer where there are none.

    ``weights`` are the question's terms, stemmed, with their inverse document frequency.
    """

    passages: tuple[Passage, ...]
    tier: Tier
    weights: Mapping[str, float]
    suggestions: tuple[Suggestion, ...] = ()
