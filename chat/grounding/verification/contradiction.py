"""Whether a passage says the contrary of a claim: the same words denied, or their opposites in their place."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chat.grounding.verification.alignment import SAID
from chat.grounding.verification.english import OPPOSITES
from chat.grounding.verification.similarity import Analysed, Matrix

NEAR, CLOSE = 9, 6
"""Words within which other words of the claim make it likely that both speak of the same."""
ENOUGH = 2
"""Words of the claim around a word's opposite that make it the place that the claim speaks of."""
AHEAD = 2
"""By how many words around it a denied place must beat one that isn't."""

_OPPOSITE: dict[str, frozenset[str]] = {}
for _pair in OPPOSITES:
    for _word in _pair:
        _OPPOSITE[_word] = _OPPOSITE.get(_word, frozenset()) | (_pair - {_word})

Flags = npt.NDArray[np.bool_]


def denied_words(claim: Analysed, passage: Analysed, matrix: Matrix) -> tuple[str, ...]:
    """Return the claim's words that the passage says only with the contrary sign, where it speaks of the same."""
    said = matrix >= SAID
    places = np.array([term.place for term in passage.terms], dtype=np.int64)
    found: list[str] = []
    agrees = False
    for row, term in enumerate(claim.terms):
        columns = np.flatnonzero(said[row])
        if not columns.size:
            continue
        support = [(_support(said, row, places, int(column)), int(column)) for column in columns]
        agreeing = [count for count, column in support if not _contrary(claim, term.place, passage, places[column])]
        contrary = [count for count, column in support if _contrary(claim, term.place, passage, places[column])]
        if contrary and max(contrary) >= (max(agreeing) + AHEAD if agreeing else 1):
            found.append(term.text)
        # A denial that the passage has too may stand before other words there: "doesn't work for words".
        agrees = agrees or (claim.negative[term.place] and any(count > 0 for count in agreeing))
    return () if agrees else tuple(found)


def _contrary(claim: Analysed, own: int, passage: Analysed, place: int) -> bool:
    """Say whether one place is denied and the other is not; a claim's whole clause counts, a passage's as it may."""
    if claim.negative[own]:
        return not passage.negative[place] and not passage.denied[place]
    return passage.denied[place]


def _support(said: Flags, row: int, places: npt.NDArray[np.int64], column: int) -> int:
    """Return how many other words of the claim stand near a place."""
    near = np.abs(places - places[column]) <= NEAR
    return int(np.delete(said, row, axis=0)[:, near].any(axis=1).sum())


def opposite_words(claim: Analysed, passage: Analysed, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return the claim's words with the opposites that the passage has in their place."""
    return tuple(_opposites(claim, passage, matrix >= SAID))


def _opposites(claim: Analysed, passage: Analysed, said: Flags) -> Iterator[tuple[str, str]]:
    rows = {term.place: row for row, term in enumerate(claim.terms)}
    for place, word in enumerate(claim.words):
        contrary = _OPPOSITE.get(word)
        is_said = word in passage.words or (place in rows and bool(said[rows[place]].any()))
        if contrary is None or is_said:
            continue
        for at, other in enumerate(passage.words):
            same_sign = passage.denied[at] == claim.negative[place]
            if other in contrary and same_sign and _shared(claim, passage, said, place, at) >= ENOUGH:
                yield word, other
                break


def _shared(claim: Analysed, passage: Analysed, said: Flags, place: int, at: int) -> int:
    mine = _within(claim, place)
    theirs = _within(passage, at)
    return int(said[np.ix_(mine, theirs)].any(axis=1).sum()) if mine and theirs else 0


def _within(text: Analysed, place: int) -> Sequence[int]:
    return [row for row, term in enumerate(text.terms) if 0 < abs(term.place - place) <= CLOSE]
