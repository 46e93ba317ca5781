"""Owners of figures: a figure that stands in a passage beside something else than what a claim tells of."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np

from chat.grounding.quantities import Mismatch, Quantity, same_amount
from chat.grounding.quantities.units import is_pronoun
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

LONGEST = 60
"""Words up to which a claim is looked at."""
SHARE = 0.5
"""Share of a claim's words that must stand in its passage."""
FAR = 12
"""Words from which on a word has nothing to do with a figure."""
FEW, BESIDE = 2, 2
MANY, NEAR = 3, 4
"""How many of a claim's words must all stand nearer to another figure, and how near the nearest of them to that."""


def owned_elsewhere(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[Mismatch, ...]:
    """Return a claim's only figure where all of its words in the passage stand nearer to one other figure."""
    own = [one for one in claim.quantity_text.quantities if not (one.is_implied or one.is_ordinal or is_pronoun(one))]
    if len(own) != 1 or not matrix.size or len(claim.words) > LONGEST:
        return ()
    found = [one for one in passage.quantity_text.quantities if same_amount(own[0], one)]
    rivals = [
        one for one in passage.quantity_text.quantities if one not in found and _may_stand_for(own[0], one, found)
    ]
    if not found or not rivals or any(one.is_retracted for one in found):
        return ()
    nearest = list(_nearest(claim, passage, matrix, found, rivals))
    rows = [row for row, term in enumerate(claim.terms) if term.place not in claim.units]
    near = [one for one in nearest if min(one[:2]) <= FAR]
    if len(nearest) < SHARE * len(rows) or len({rival for _, _, rival in near}) != 1:
        return ()
    is_nearer = all(there < here for here, there, _ in near)
    closest = min(there for _, there, _ in near)
    is_plain = (len(near) >= FEW and closest <= BESIDE) or (len(near) >= MANY and closest <= NEAR)
    return (Mismatch(own[0], "elsewhere", rivals[near[0][2]]),) if is_nearer and is_plain else ()


def _may_stand_for(quantity: Quantity, other: Quantity, found: Sequence[Quantity]) -> bool:
    """Say whether another figure may be the one of what a claim tells of; either may be without its unit."""
    if is_pronoun(other) or other.is_implied or other.is_ordinal or other.is_share or quantity.is_share:
        return False
    if quantity.unit and other.unit:
        return quantity.unit.dimension == other.unit.dimension
    if quantity.unit:
        return not other.is_count
    return other.unit is None or (not quantity.is_count and any(one.unit == other.unit for one in found))


def _nearest(
    claim: AnalysedText, passage: AnalysedText, matrix: Matrix, found: Sequence[Quantity], rivals: Sequence[Quantity]
) -> Iterator[tuple[int, int, int]]:
    """Yield for each word how far it stands from the claim's figure, and from the nearest of the others, and which."""
    starts = [start for start, _ in passage.spans]
    spans, others = (
        [(bisect_left(starts, one.start), bisect_left(starts, one.end) - 1) for one in few] for few in (found, rivals)
    )
    for row, term in enumerate(claim.terms):
        places = [passage.terms[column].place for column in np.flatnonzero(matrix[row] >= SAID).tolist()]
        if term.place in claim.units or not places:
            continue
        here = min(_distance(place, span) for place in places for span in spans)
        there = min((_distance(place, span), rival) for place in places for rival, span in enumerate(others))
        yield here, *there


def _distance(place: int, span: tuple[int, int]) -> int:
    return max(span[0] - place, place - span[1], 0)
