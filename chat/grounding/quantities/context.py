"""What a quantity of a text belongs to: the words around it, nearer ones for more, within its clause and sentence."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from chat.grounding.quantities.units import Quantity
from chrysopedia.core.text import stem


@dataclass(frozen=True, slots=True)
class ContextWord:
    """A content word of a text, stemmed, and where it begins."""

    stem: str
    start: int


@dataclass(frozen=True, slots=True)
class QuantityText:
    """A text with its quantities and its content words, each in order, and where its clauses and sentences begin."""

    text: str
    quantities: tuple[Quantity, ...]
    words: tuple[ContextWord, ...]
    clauses: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()

    def words_from(self, offset: int) -> tuple[ContextWord, ...]:
        """Return the content words from an offset to the end of its sentence."""
        following = bisect_left(self.sentences, offset)
        end = self.sentences[following] if following < len(self.sentences) else len(self.text)
        return tuple(word for word in self.words if offset <= word.start < end)


REACH = 7
"""Content words on each side that a quantity may belong to."""
OTHER_CLAUSE, OTHER_SENTENCE = 0.6, 0.2
"""What a word beside a quantity counts in another clause of its sentence, and in another sentence."""
APART = 0.45
"""What it counts in another clause where two quantities of one sentence are told apart."""


def context_of(quantity: Quantity, text: QuantityText, *, other_clause: float = OTHER_CLAUSE) -> dict[str, float]:
    """Return the content words around a quantity, with weights from 1 down, by distance, clause and sentence."""
    words = text.words
    at = bisect_left(words, quantity.start, key=lambda word: word.start)
    after = bisect_left(words, quantity.end, key=lambda word: word.start)
    clause, sentence = (bisect_right(starts, quantity.start) for starts in (text.clauses, text.sentences))
    weights: dict[str, float] = {}
    for distance, word in [*enumerate(words[max(0, at - REACH) : at][::-1]), *enumerate(words[after : after + REACH])]:
        share = 1.0
        if bisect_right(text.sentences, word.start) != sentence:
            share = OTHER_SENTENCE
        elif bisect_right(text.clauses, word.start) != clause:
            share = other_clause
        weights[word.stem] = max(weights.get(word.stem, 0.0), share / (1 + distance / 3))
    return weights


def context_overlap(some: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Return how much two contexts have in common: the sum of the smaller weights of the words they share."""
    return sum(min(weight, others[word]) for word, weight in some.items() if word in others)


def label_of(quantity: Quantity, text: QuantityText) -> str:
    """Return the stem of the word that a number is the name of: "cone" in "cone six"; "" where none is before it."""
    place = bisect_left(text.words, quantity.start, key=lambda word: word.start) - 1
    if place < 0 or quantity.unit or quantity.counted:
        return ""
    between = text.text[text.words[place].start : quantity.start]
    return text.words[place].stem if len(between.split()) == 1 and between[-1:].isspace() else ""


META = frozenset(
    map(
        stem,
        """
        reason thing step way tip point factor option part stage source creator setting parameter rule case example type
        kind aspect element sort detail idea mistake benefit advantage problem issue topic question answer passage
        method approach technique
        """.split(),
    )
)
"""Stems of what an answer counts by itself: "two reasons"."""


@lru_cache(maxsize=16)
def speaks_of(words: re.Pattern[str], text: str) -> bool:
    """Say whether words stand in a text, which is looked through once for all its quantities."""
    return words.search(text.casefold()) is not None
