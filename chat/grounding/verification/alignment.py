"""Which words of a passage say what each word of a claim says, from the same word to one that is only near it."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import numpy as np

from chat.grounding.verification.similarity import Analysed, Matrix, Term
from chat.grounding.words import stem

SAID = 0.78
"""The likeness from which on a word counts as said: inflected, misheard or written in two."""
INFLECTED, MISHEARD = 0.85, 0.8
_ALIKE = 0.82
"""Share of letters from which on two words are one, heard differently."""


def likeness(claim: Analysed, passage: Analysed) -> Matrix:
    """Return the likeness of each content word of a claim to each of a passage, of shape (claim, passage)."""
    matrix: Matrix = np.clip(claim.vectors @ passage.vectors.T, 0.0, 1.0)
    _same_words(matrix, claim.terms, passage.terms)
    _joined(matrix, claim.terms, passage.terms)
    _joined(matrix.T, passage.terms, claim.terms)
    return matrix


def _same_words(matrix: Matrix, claim: Sequence[Term], passage: Sequence[Term]) -> None:
    places: dict[str, dict[str, list[int]]] = {}
    for place, term in enumerate(passage):
        places.setdefault(term.stem[:1], {}).setdefault(term.stem, []).append(place)
    for row, term in enumerate(claim):
        alike = places.get(term.stem[:1], {})
        if term.stem in alike:
            matrix[row, alike[term.stem]] = 1.0
            continue
        for other, columns in alike.items():
            if (grade := _near(term.stem, other)) > 0:
                matrix[row, columns] = np.maximum(matrix[row, columns], grade)


def _near(one: str, other: str) -> float:
    """Return how near two stems that begin alike are as they are written."""
    if min(len(one), len(other)) < 4:
        return 0.0
    if one.startswith(other) or other.startswith(one):
        return INFLECTED
    if min(len(one), len(other)) < 5 or abs(len(one) - len(other)) > 3:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return MISHEARD if matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE else 0.0


def _joined(matrix: Matrix, whole: Sequence[Term], parts: Sequence[Term]) -> None:
    """Find words that the other text writes in two: "sidechain", "side chain"."""
    wanted: dict[str, list[int]] = {}
    for row, term in enumerate(whole):
        wanted.setdefault(term.stem, []).append(row)
    for column in range(len(parts) - 1):
        first, second = parts[column : column + 2]
        if second.place == first.place + 1 and (rows := wanted.get(stem(first.text + second.text))):
            matrix[rows, column] = matrix[rows, column + 1] = 1.0
