"""What follows from a passage's quantities by arithmetic: shares, multiples, steps, totals, dates, ranges."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chat.grounding.quantities.amounts import EXACT, nearly_equal
from chat.grounding.quantities.context import QuantityText
from chat.grounding.quantities.units import Quantity

CLOSE = 0.02
FEW = 10
"""Up to this, numbers without a unit are too common for their quotient to mean anything."""
NEAR, FAR = 40, 120
"""Characters within which "double that" belongs to a quantity, and a span of years to a year."""
BEHIND = 25
"""Characters behind a multiple within which stands what it is of: "twice its weight in water"."""
_COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger)\b"
)
_SUMS = re.compile(
    r"\b(?:in total|a total|total (?:of|is|was|comes)|totals|totalling|adds? up|altogether|in all|overall|combined"
    r"|sums?)\b"
)


_ABOUT = re.compile(r"(?:\b(?:about|around|roughly|approximately|some|nearly|almost|circa|say)|~|≈)\W*$")
_JOINS = re.compile(r"\s*(?:to|or|till|until|-|–|—|(?:to|or)? ?(?:maybe|even|um|uh|sometimes))\s*")
_BETWEEN = re.compile(r"\b(?:between|from)\W+(?:\w+\W+)?$")
"""What stands between the ends of a range, as it is written or said, and before it."""
_LIKELY = re.compile(r".{0,25}\b(?:maybe|or|perhaps|sometimes)(?: even)?\s*")
_LATER = re.compile(r"\b(?:within|after|later|next|for|over)\b")
WIDE, NARROW = 1.6, 1.35
"""How much more the larger of two quantities may be to be the ends of a range that is only hinted at, or not at all."""


def follows_by_arithmetic(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim's quantity is a quotient, multiple, difference or total of the passage's, or within a range.

    Differences and totals count only where the claim speaks of one: "shorter by", "in all".
    """
    amounts = [one for one in passage.quantities if not one.is_ordinal]
    if _is_multiple(quantity):
        shares = [*_quotients(amounts), *(_parts(amounts) if quantity.is_share else ())]
        if any(_nearly_same_share(_share(quantity), share) for share in shares):
            return True
    made = [
        *_multiplied(quantity, amounts, claim, passage),
        *(_steps(quantity, amounts) if speaks_of(_COMPARES, claim.text) else ()),
        *(_totals(quantity, amounts) if speaks_of(_SUMS, claim.text) else ()),
        *_products(quantity, amounts, claim),
        *(_dated(amounts, passage) if is_year(quantity) else ()),
    ]
    return any(nearly_equal(abs(_base(quantity)), abs(amount), EXACT) for amount in made if amount) or _is_between(
        quantity, amounts, claim, passage
    )


@lru_cache(maxsize=16)
def speaks_of(words: re.Pattern[str], text: str) -> bool:
    """Say whether words stand in a text, which is looked through once for all its quantities."""
    return words.search(text.casefold()) is not None


def _is_between(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a quantity lies within a range: 14 hours in "between twelve and sixteen hours"."""
    is_about = _ABOUT.search(claim.text[max(0, quantity.start - BEHIND) : quantity.start].casefold()) is not None
    for one, other in itertools.pairwise(amounts):
        is_alike = _may_be(one, other) and _may_be(quantity, one) and _may_be(quantity, other)
        if not is_alike or one.is_share or other.is_share or one.is_count or one.sign * other.sign < 0:
            continue
        unit = quantity.unit or one.unit or other.unit
        low, high = sorted(abs(each.value) * ((each.unit or unit).factor if unit else 1.0) for each in (one, other))
        if (
            low
            < abs(quantity.value) * (unit.factor if unit else 1.0)
            < high
            <= low * _widest(passage.text, one, other, is_about=is_about)
        ):
            return True
    return False


def _widest(text: str, one: Quantity, other: Quantity, *, is_about: bool) -> float:
    """Return how many times one quantity the other may be for both to end a range; 0 where they don't."""
    before, gap = text[max(0, one.start - BEHIND) : one.start].casefold(), text[one.end : other.start].casefold()
    if _JOINS.fullmatch(gap) or (gap.strip() == "and" and _BETWEEN.search(before)):
        return math.inf
    if is_about and _LIKELY.fullmatch(gap):
        return WIDE
    return NARROW if is_about and not gap.strip() else 0.0


def is_year(quantity: Quantity) -> bool:
    """Say whether a number may be that of a year."""
    return (
        quantity.unit is None
        and not quantity.in_words
        and 1500 <= quantity.value <= 2100
        and quantity.value.is_integer()
    )


def _dated(amounts: Sequence[Quantity], passage: QuantityText) -> Iterator[float]:
    """Yield the years that come as long after one as the passage says: "around 1870, and within twenty years"."""
    for year, span in itertools.pairwise(amounts):
        is_span = span.unit is not None and span.unit.name in {"year", "decade", "century"}
        near = passage.text[year.end : span.end + BEHIND].casefold()
        if is_year(year) and is_span and span.start - year.end < FAR and _LATER.search(near):
            yield year.value + _base(span) / 12


def _is_multiple(quantity: Quantity) -> bool:
    dimension = quantity.unit.dimension if quantity.unit else ""
    return (
        (quantity.is_share and not dimension)
        or dimension == "times"
        or (dimension == "percent" and quantity.value in {25, 50, 75, 100, 200})
    )


def _share(quantity: Quantity) -> float:
    return quantity.value / 100 if quantity.unit and quantity.unit.dimension == "percent" else quantity.value


def _quotients(amounts: Sequence[Quantity]) -> Iterator[float]:
    for one in amounts:
        for other in amounts:
            if one is other or not _are_alike(one, other) or not other.value:
                continue
            is_bare = one.unit is None or other.unit is None
            yield abs(one.value / other.value) if is_bare else abs(_base(one) / _base(other))


def _parts(amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0


def _multiplied(
    quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> Iterator[float]:
    """Yield half and double of what there is, where the passage speaks of half or double of what the claim is about."""
    stems = {word.stem for word in claim.words}
    multiples = [one for one in amounts if one.is_share or (one.unit and one.unit.dimension == "times")]
    for one in amounts:
        if _dimension(one) == _dimension(quantity) and not one.is_share:
            for multiple in multiples:
                behind = {word.stem for word in passage.words if 0 <= word.start - multiple.end < BEHIND}
                if multiple.value and -NEAR < multiple.start - one.end < NEAR and (not behind or behind & stems):
                    yield _base(one) * multiple.value
                    yield _base(one) / multiple.value


def _products(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText) -> Iterator[float]:
    """Yield multiples of what the claim names itself: "two to three times the core count" of a 16-core machine."""
    named = [one for one in claim.quantities if one is not quantity and one.unit is None and not one.is_share]
    for multiple in amounts:
        if multiple.unit and multiple.unit.dimension == "times" and quantity.unit is None:
            yield from (multiple.value * one.value for one in named)


def _steps(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    alike = [one for one in amounts if _may_be(quantity, one)]
    for one, other in itertools.pairwise(alike):
        yield abs(_base(one) - _base(other))


def _totals(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    counts = [one.value for one in amounts if one.unit is None]
    for one in amounts:
        if one.unit and _dimension(one) == _dimension(quantity):
            yield from (_base(one) * count for count in counts)


def _are_alike(one: Quantity, other: Quantity) -> bool:
    if one.unit and other.unit:
        return _dimension(one) == _dimension(other)
    return min(one.value, other.value) > FEW or (bool(one.unit or other.unit) and not (one.is_count or other.is_count))


def _may_be(quantity: Quantity, other: Quantity) -> bool:
    return other.unit is None or quantity.unit is None or _dimension(quantity) == _dimension(other)


def _dimension(quantity: Quantity) -> str:
    return quantity.unit.dimension if quantity.unit else ""


def _base(quantity: Quantity) -> float:
    return quantity.value * (quantity.unit.factor if quantity.unit else 1.0)


def _nearly_same_share(one: float, other: float) -> bool:
    return abs(abs(one) - abs(other)) <= CLOSE * max(abs(one), abs(other)) and bool(one)
