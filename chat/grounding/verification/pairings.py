"""Pairings: which of two things goes with which, in a claim that tells of both and where its passage tells of both."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chat.grounding.verification.matched import Found, Turned, found_in
from chat.grounding.verification.similarity import AnalysedText, Matrix
from chrysopedia.core.text import stem

_JOINTS = frozenset("and while whereas but".split())
"""Words between the halves of a claim; figures may also be parted by a comma."""
_UNLIKE = frozenset("if when once before after because since until unless than".split())
"""Words of a claim whose parts are not alike: "once it blows, pay out more"."""
LONGEST = 60
"""Words up to which a claim is looked at."""
SPAN, CLOSE = 26, 8
"""Words within which a passage tells of both things, and within which a word stands with what goes with it."""
MOST_PLACES = 6
"""Places of a word that are looked at."""


@dataclass(frozen=True, slots=True)
class _Pairing:
    """How a passage pairs two things and what goes with them: as the claim does, or across; and how closely."""

    is_crossed: bool
    is_close: bool


def crossed_pairs(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield a thing and what a claim has with it, where its passage has each of two such with the other's.

    That counts only where the passage nowhere has any two of them as the claim does.
    """
    if len(claim.words) > LONGEST or not _UNLIKE.isdisjoint(claim.words):
        return
    partings = list(_partings(claim))
    found = [one for one in found_in(claim, passage, matrix) if one.places] if partings else []
    starts = [start for start, _ in passage.spans]
    for at, is_joined in partings:
        halves = [[one for one in found if (one.own < at) is is_left] for is_left in (True, False)]
        pairs = list(_pairs(halves, starts))
        if any(not pairing.is_crossed for _, _, pairing in pairs):
            continue
        for one, its, pairing in pairs:
            if one.is_quantity or its.is_quantity or (is_joined and pairing.is_close):
                yield Turned("swapped", (one.text, its.text))
                return


def _partings(claim: AnalysedText) -> Iterator[tuple[int, bool]]:
    """Yield the offsets at which a claim may be parted in two, and whether a word joins the two there."""
    for place in range(2, len(claim.words) - 1):
        is_joined = claim.words[place] in _JOINTS
        if is_joined or "," in claim.text[claim.spans[place - 1][1] : claim.spans[place][0]]:
            yield claim.spans[place][0], is_joined


def _pairs(halves: Sequence[Sequence[Found]], starts: Sequence[int]) -> Iterator[tuple[Found, Found, _Pairing]]:
    """Yield each thing of one half with what goes with it, where the passage pairs them with two of the other half."""
    stems = [{stem(one.text.lower()) for one in half} for half in halves]
    left, right = (
        [one for one in half if stem(one.text.lower()) not in others]
        for half, others in zip(halves, reversed(stems), strict=True)
    )
    for one, its in itertools.combinations(left, 2):
        for other, its_own in itertools.permutations(right, 2):
            is_alike = _is_alike(one, other) and _is_alike(its, its_own)
            has_figures = one.is_quantity or its.is_quantity
            if is_alike and (has_figures or other.own < its_own.own):
                pairing = _paired((one, other), (its, its_own), starts)
                if pairing:
                    yield one, its, pairing


def _is_alike(one: Found, other: Found) -> bool:
    """Say whether both are words, or quantities that may measure the same."""
    is_measured = one.dimension and other.dimension and one.dimension != other.dimension
    return one.is_quantity == other.is_quantity and not is_measured


def _paired(things: Sequence[Found], theirs: Sequence[Found], starts: Sequence[int]) -> _Pairing | None:
    """Return how a passage pairs two things where they stand closest to what goes with them; None if it isn't plain."""
    best: tuple[int, list[tuple[int, bool, int]]] | None = None
    places = [sorted({bisect_left(starts, at) for at in one.places})[:MOST_PLACES] for one in (*things, *theirs)]
    for one, other, its, its_own in itertools.product(*places):
        told = sorted([(one, True, 0), (other, True, 1), (its, False, 0), (its_own, False, 1)])
        if len({place for place, _, _ in told}) < 4 or told[-1][0] - told[0][0] > SPAN:
            continue
        apart = told[1][0] - told[0][0] + told[3][0] - told[2][0]
        if best is None or apart < best[0]:
            best = apart, told
    if best is None or best[1][0][1] == best[1][1][1]:
        return None
    first, second, third, fourth = best[1]
    return _Pairing(first[2] != second[2], second[0] - first[0] <= CLOSE and fourth[0] - third[0] <= CLOSE)
