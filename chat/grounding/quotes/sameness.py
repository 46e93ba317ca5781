"""Whether two sentences say the same, whatever their case, punctuation, fillers and ways of writing numbers."""

from chat.grounding.quotes.lists import FILLERS, NUMBERS
from chat.grounding.words import stem, stems

SAME = 0.8
"""Share of the shorter one's words from which on two sentences say the same."""

_FILLERS = frozenset(map(stem, FILLERS))
_NUMBERS = {stem(word): figure for word, figure in NUMBERS.items()}


def gist(text: str) -> frozenset[str]:
    """Return the stems that a text is compared by."""
    return frozenset(_NUMBERS.get(word, word) for word in stems(text) if word not in _FILLERS)


def say_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Compare two gists; where each has a figure that the other lacks, they tell of different things."""
    shared = len(one & other)
    if shared < SAME * min(len(one), len(other)):
        return False
    return not (_figures(one - other) and _figures(other - one))


def _figures(words: frozenset[str]) -> bool:
    return any(character.isdigit() for word in words for character in word)
