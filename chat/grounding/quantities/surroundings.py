"""What stands around a figure, by which the attack's 30 ms is told from the release's."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.grounding.quantities.values import Figure

REACH = 7
"""Content words on each side that a figure may belong to."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text, stemmed, and where it begins."""

    stem: str
    start: int


def around(figure: Figure, words: Sequence[Word]) -> dict[str, float]:
    """Return the words around a figure, the nearer the heavier, from 1 down."""
    at = bisect_left(words, figure.start, key=lambda word: word.start)
    after = bisect_left(words, figure.end, key=lambda word: word.start)
    weights: dict[str, float] = {}
    for distance, word in [*enumerate(words[max(0, at - REACH) : at][::-1]), *enumerate(words[after : after + REACH])]:
        weights[word.stem] = max(weights.get(word.stem, 0.0), 1 / (1 + distance / 3))
    return weights


def shared(some: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Return how much two surroundings have in common."""
    return sum(min(weight, others[word]) for word, weight in some.items() if word in others)
