"""What a claim and a passage both say: content words and quantities, with the places where the passage has them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from chat.grounding.quantities import same_amount
from chat.grounding.quantities.units import is_pronoun
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

Span = tuple[int, int]
_WHERE = frozenset("back above below under inside outside".split())
"""Words that say little by themselves, but where of two places."""
NEAR = 3
"""Sentences within which two things of a passage are said together."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A relation that a claim turns round, as the ``words`` of the claim that it is between."""

    kind: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Item:
    """A content word or a quantity of a claim, and the only place where it stands in what is looked at, as offsets."""

    text: str
    own: int
    place: int
    is_quantity: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A content word or a quantity of a claim, and all places of the passage where it stands, as offsets.

    ``dimension`` is what a quantity measures, "" where that isn't said.
    """

    text: str
    own: int
    places: Sequence[int]
    is_quantity: bool = False
    dimension: str = ""


def found_in(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> list[Found]:
    """Return what a claim and a passage both say, in the order of the claim."""
    found = []
    starts = [passage.spans[term.place][0] for term in passage.terms]
    for row, term in enumerate(claim.terms):
        if term.place not in claim.units:
            places = [starts[column] for column in np.flatnonzero(matrix[row] >= SAID).tolist()]
            found.append(Found(term.text, claim.spans[term.place][0], places))
    for place, word in enumerate(claim.words):
        if word in _WHERE:
            places = [start for (start, _), one in zip(passage.spans, passage.words, strict=True) if one == word]
            found.append(Found(word, claim.spans[place][0], places))
    given = [one for one in passage.quantity_text.quantities if not one.is_retracted]
    for quantity in claim.quantity_text.quantities:
        if not (quantity.is_implied or is_pronoun(quantity)):
            places = [one.start for one in given if same_amount(quantity, one)]
            dimension = quantity.unit.dimension if quantity.unit else ""
            found.append(Found(quantity.text, quantity.start, places, is_quantity=True, dimension=dimension))
    return sorted(found, key=lambda one: one.own)


def items_in(found: Sequence[Found], span: Span) -> list[Item]:
    """Return what stands in one place alone of a span of the passage, in the order of the claim."""
    inside = [(one, [place for place in one.places if span[0] <= place < span[1]]) for one in found]
    return [Item(one.text, one.own, places[0], one.is_quantity) for one, places in inside if len(places) == 1]


def sentence_spans(passage: AnalysedText) -> list[Span]:
    """Return the offsets of a passage's sentences."""
    starts = [
        passage.spans[place][0]
        for place, number in enumerate(passage.sentences)
        if not place or number != passage.sentences[place - 1]
    ]
    return list(zip(starts, [*starts[1:], len(passage.text)], strict=True))


def is_together(passage: AnalysedText, offsets: Sequence[int]) -> bool:
    """Say whether places of a passage are within a few sentences."""
    starts = [start for start, _ in passage.spans]
    sentences = [passage.sentences[starts.index(_word_at(passage, offset))] for offset in offsets]
    return max(sentences) - min(sentences) < NEAR


def _word_at(passage: AnalysedText, offset: int) -> int:
    return next((start for start, end in passage.spans if end > offset), passage.spans[-1][0])
