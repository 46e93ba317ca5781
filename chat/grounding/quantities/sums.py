"""Sums: what amounts of a passage come to one after the other, what lies between them, and how often one is told."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.grounding.quantities.amounts import EXACT, nearly_equal
from chat.grounding.quantities.bases import base_beside, base_of, dimension_of, may_be_one
from chat.grounding.quantities.context import QuantityText, speaks_of
from chat.grounding.quantities.units import Quantity, is_pronoun

BESIDE = 60
"""Characters within which a number without a unit may be an amount of the same as one with it."""
FEW = 10
"""Up to this, a number is too small to be the whole of which others are a share, or for a quotient to mean anything."""
FAR = 120
"""Characters within which a count belongs to an amount, and a span of years to a year."""
COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|early|late|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger|warmer|hotter|colder|cooler|louder|quieter|sooner"
    r"|deeper|thicker|thinner|cheaper|dearer|ahead|saves?|saved|saving|separates?|separated|points?)\b"
)
_DIFFERS = re.compile(r"\b(?:less|more|fewer|difference|earl(?:y|ier)|late|later)\b(?! than)")
SUMS = re.compile(
    r"\b(?:in total|a total|total (?:of|is|was|comes)|totals|totalling|adds? up|altogether|in all|overall|combined"
    r"|sums?|together|between them|both|over the (?:two|three|four)|comes? to|came to)\b"
)
LEFT = re.compile(r"\b(?:is|are|was|were|had|has|have|with|the) left\b|\bleft over\b|\bremain\w*|\bthe rest\b")
_MORE = re.compile(r"\b(?:more|another|extra|additional|again|plus|on top)\b")
_BESIDE_ONE = re.compile(r"\s*(?:in|on|at|from|for|of)\b")
MOST_ADDED = 4
"""Amounts of a passage, one after the other, that a claim may have added up."""


def is_step(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim speaks of a difference, and two amounts of the passage differ by it."""
    amounts = [one for one in passage.quantities if not one.is_ordinal]
    steps = steps_of(quantity, amounts) if speaks_of(_DIFFERS, claim.text) else ()
    return any(nearly_equal(abs(base_of(quantity)), amount, EXACT) for amount in steps)


def is_sum(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a small count is what counts of the passage come to, or what is left of one."""
    amounts = [one for one in passage.quantities if not one.is_ordinal]
    steps = steps_of(quantity, amounts, is_rest=True) if speaks_of(LEFT, claim.text) else ()
    return any(nearly_equal(quantity.value, amount, EXACT) for amount in (*sums_of(quantity, claim, passage), *steps))


def steps_of(quantity: Quantity, amounts: Sequence[Quantity], *, is_rest: bool = False) -> Iterator[float]:
    """Yield what lies between amounts that follow each other and may measure what a quantity does.

    From 4 to 6 percent are two points, and 50 percent; ``is_rest`` says that percents are parts of one whole.
    """
    is_change = quantity.unit is not None and quantity.unit.dimension == "percent" and not is_rest
    alike = [one for one in amounts if may_be_one(quantity, one) and not (quantity.unit and one.is_count)]
    for one, other in itertools.pairwise(alike):
        first, second = (math.copysign(base_beside(each, quantity), each.value) for each in (one, other))
        whole = abs(first) / 100 if is_change else 1.0
        yield abs(first - second) / (whole or 1.0)


def totals_of(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield amounts as often as a count beside them says."""
    counts = [one for one in amounts if one.unit is None and not (one.is_share or is_pronoun(one))]
    for one, count in itertools.product(amounts, counts):
        if one.unit and dimension_of(one) == dimension_of(quantity) and abs(one.start - count.start) < FAR:
            yield base_of(one) * count.value


def sums_of(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield what amounts of a passage that follow each other come to, in the claim's base.

    Added up are those that the claim says to be ("in all"), and what the passage itself adds: "and then one more".
    """
    is_told = speaks_of(SUMS, claim.text)
    alike = [one for one in passage.quantities if _adds_to(quantity, one, passage)]
    if not is_told:
        alike = alike if any(_is_more(one, passage) for one in alike) else []
    for size in range(2, MOST_ADDED + 1):
        for run in (alike[at : at + size] for at in range(len(alike) - size + 1)):
            is_of_same = not quantity.counted or any(set(one.counted) & set(quantity.counted) for one in run)
            if is_of_same and is_told:
                yield sum(base_beside(one, quantity) for one in run)
    for at, one in enumerate(alike):
        if _is_more(one, passage) and (one.unit or one.elided or not quantity.unit):
            before = [other for other in alike[max(0, at - MOST_ADDED) : at] if one.start - other.end < BESIDE]
            yield from (base_beside(one, quantity) + base_beside(other, quantity) for other in before)


def shares_of_sums(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield the shares that sums of counts have of a larger count: three and one of forty."""
    counts = [one.value for one in passage.quantities if one.unit is None and one.value > FEW]
    for part in sums_of(replace(quantity, is_share=False, counted=()), claim, passage) if counts else ():
        yield from (part / whole for whole in counts if part < whole)


def _adds_to(quantity: Quantity, other: Quantity, passage: QuantityText) -> bool:
    """Say whether an amount may be one of those that a claim's is the sum of."""
    if (
        other.is_ordinal
        or other.is_tolerance
        or other.is_denied
        or (is_pronoun(other) and not _is_one_of(other, passage))
    ):
        return False
    if other.unit is None and (other.is_implied or other.is_share):
        return False
    if other.unit and quantity.unit:
        return other.unit.dimension == quantity.unit.dimension
    if quantity.unit:
        is_left_out = other.elided is None or other.elided.dimension == quantity.unit.dimension
        return is_left_out and not other.is_count
    return other.unit is None


def _is_one_of(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a "one" counts: "one more", "one in the second load", but not "this one"."""
    before = passage.text[max(0, quantity.start - 12) : quantity.start].casefold().split()[-1:]
    is_counted = bool(quantity.counted) or _BESIDE_ONE.match(passage.text[quantity.end : quantity.end + 8].casefold())
    return _is_more(quantity, passage) or (bool(is_counted) and before[:1] not in (["this"], ["that"], ["the"], ["no"]))


def _is_more(quantity: Quantity, passage: QuantityText) -> bool:
    near = passage.text[max(0, quantity.start - 12) : quantity.end + 8].casefold()
    return _MORE.search(near) is not None
