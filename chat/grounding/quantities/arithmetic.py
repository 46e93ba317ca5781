"""What follows from a passage's quantities by arithmetic: shares, multiples, steps, totals, dates, ranges."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chat.grounding.quantities.amounts import EXACT, nearly_equal
from chat.grounding.quantities.bases import ascending, base_of, dimension_of, factor_of, has_within, may_be_one
from chat.grounding.quantities.context import OTHER_SENTENCE, QuantityText, context_of, speaks_of
from chat.grounding.quantities.latitude import latitude_of
from chat.grounding.quantities.sums import (
    BESIDE,
    COMPARES,
    FAR,
    FEW,
    LEFT,
    SUMS,
    shares_of_sums,
    steps_of,
    sums_of,
    totals_of,
)
from chat.grounding.quantities.units import UNITS, Quantity, is_year

CLOSE = 0.02
NEAR = 40
"""Characters within which "double that" belongs to a quantity."""
BEHIND = 25
"""Characters behind a multiple within which stands what it is of: "twice its weight in water"."""
_DENIES = re.compile(r"\b(?:not|never|no|none|cannot|without|fail\w*|los[et]\w*|miss\w*|empty|die[ds]?)\b|n['’]t\b")
_YEAR_AFTER = re.compile(r"\b(?:(?:the )?(?:year after|following year|next year)|a year later)\b")
_YEAR_BEFORE = re.compile(r"\b(?:the year before|the previous year|a year (?:earlier|before))\b")
_ABOUT = re.compile(r"(?:\b(?:about|around|roughly|approximately|some|nearly|almost|circa|say)|~|≈)\W*$")
_JOINS = re.compile(
    r"\s*(?:(?:all the way |right )?(?:up )?to|or|till|until|-|–|—|(?:to|or)? ?(?:maybe|even|um|uh|sometimes))\s*"
)
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
    latitude, told = latitude_of(quantity, claim.text), abs(base_of(quantity))
    if _is_multiple(quantity):
        parts = (*_parts(amounts), *shares_of_sums(quantity, claim, passage)) if quantity.is_share else ()
        others = speaks_of(_DENIES, claim.text) or speaks_of(LEFT, claim.text)
        shares = [*parts, *(_rests(amounts) if others else ())]
        low, high = (latitude.low, latitude.high) if latitude else (1 - CLOSE, 1 + CLOSE)
        low, high = low * _share(quantity), high * _share(quantity)
        if has_within(_quotients(tuple(amounts)), low, high) or any(low <= share <= high for share in shares if share):
            return True
    sums = list(sums_of(quantity, claim, passage))
    is_rest = speaks_of(LEFT, claim.text)
    steps = list(steps_of(quantity, amounts, is_rest=is_rest)) if is_rest or speaks_of(COMPARES, claim.text) else []
    if latitude and any(latitude.low * told <= amount <= latitude.high * told for amount in (*sums, *steps)):
        return True
    made = [
        *_multiplied(quantity, amounts, claim, passage),
        *steps,
        *(totals_of(quantity, amounts) if speaks_of(SUMS, claim.text) else ()),
        *sums,
        *_times(quantity, passage),
        *(_owned_percents(claim, passage) if dimension_of(quantity) == "percent" else ()),
        *_rated(quantity, claim, passage),
        *_products(quantity, amounts, claim),
        *(_dated(amounts, passage) if is_year(quantity) else ()),
    ]
    return any(nearly_equal(abs(base_of(quantity)), abs(amount), EXACT) for amount in made if amount) or _is_between(
        quantity, amounts, claim, passage
    )


def _is_between(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a quantity lies within a range: 14 hours in "between twelve and sixteen hours"."""
    is_about = _ABOUT.search(claim.text[max(0, quantity.start - BEHIND) : quantity.start].casefold()) is not None
    for one, other in itertools.pairwise(amounts):
        is_alike = may_be_one(one, other) and may_be_one(quantity, one) and may_be_one(quantity, other)
        is_alike = is_alike and not (quantity.is_count and (one.elided or other.elided))
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


def _dated(amounts: Sequence[Quantity], passage: QuantityText) -> Iterator[float]:
    """Yield the years that come as long after one as the passage says: "around 1870, and within twenty years"."""
    for year in filter(is_year, amounts):
        behind = passage.text[year.end : year.end + FAR].casefold()
        yield from (year.value + step for words, step in ((_YEAR_AFTER, 1), (_YEAR_BEFORE, -1)) if words.search(behind))
    for year, span in itertools.pairwise(amounts):
        is_span = span.unit is not None and span.unit.name in {"year", "decade", "century"}
        near = passage.text[year.end : span.end + BEHIND].casefold()
        if is_year(year) and is_span and span.start - year.end < FAR and _LATER.search(near):
            yield year.value + base_of(span) / 12


def _is_multiple(quantity: Quantity) -> bool:
    dimension = quantity.unit.dimension if quantity.unit else ""
    return (
        (quantity.is_share and not dimension)
        or dimension == "times"
        or (dimension == "percent" and quantity.value in {25, 50, 75, 100, 200})
    )


def _share(quantity: Quantity) -> float:
    return quantity.value / 100 if quantity.unit and quantity.unit.dimension == "percent" else quantity.value


@lru_cache(maxsize=4)
def _quotients(amounts: tuple[Quantity, ...]) -> tuple[float, ...]:
    """Return the quotients of amounts that are alike, in order: made once, as each of a claim's shares may be one."""
    found = []
    for one, other in itertools.permutations(amounts, 2):
        if other.value and _are_alike(one, other):
            is_bare = one.unit is None or other.unit is None
            found.append(abs(one.value / other.value) if is_bare else abs(base_of(one) / base_of(other)))
    return ascending(filter(None, found))


def _parts(amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0
    for ratio in (one.value for one in amounts if one.unit and one.unit.dimension == "ratio"):
        yield from (ratio / (ratio + 1), 1 / (ratio + 1))


def _rests(amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield the share of those that a share or a count leaves over: of nine out and five taken, four of nine."""
    yield from (1 - one.value for one in amounts if one.is_share and one.unit is None and 0 < one.value < 1)
    counts = [one.value for one in amounts if one.unit is None and not one.is_share and one.value > 1]
    for one, other in itertools.pairwise(counts):
        yield 1 - min(one, other) / max(one, other)


def _multiplied(
    quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> Iterator[float]:
    """Yield half and double of what there is, where the passage speaks of half or double of what the claim is about."""
    stems = {word.stem for word in claim.words}
    multiples = [one for one in amounts if one.is_share or (one.unit and one.unit.dimension == "times")]
    for one in amounts:
        if dimension_of(one) == dimension_of(quantity) and not one.is_share:
            for multiple in multiples:
                if not multiple.value or not -NEAR < multiple.start - one.end < NEAR:
                    continue
                end = multiple.end + BEHIND
                behind = {word.stem for word in passage.words_from(multiple.end) if word.start < end}
                if not behind or behind & stems:
                    yield base_of(one) * multiple.value
                    yield base_of(one) / multiple.value
    if dimension_of(quantity) == "frequency":
        octaves = [2.0 ** (abs(one.value) * factor_of(one) / 1200) for one in amounts if dimension_of(one) == "pitch"]
        pairs = itertools.product(amounts, octaves)
        yield from (base_of(one) * by for one, octave in pairs if _is_pitched(one) for by in (octave, 1 / octave))


def _products(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText) -> Iterator[float]:
    """Yield multiples of what the claim names itself: "two to three times the core count" of a 16-core machine."""
    named = [one for one in claim.quantities if one is not quantity and one.unit is None and not one.is_share]
    for multiple in amounts:
        if multiple.unit and multiple.unit.dimension == "times" and quantity.unit is None:
            yield from (multiple.value * one.value for one in named)


def _owned_percents(claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield percents that one amount is of another, each beside a word of the claim: 10 g of salt, 500 g of flour."""
    stems = {word.stem for word in claim.words}
    owners = [(one, _owners(one, passage) & stems) for one in passage.quantities if one.unit and one.value]
    for (one, mine), (other, theirs) in itertools.permutations(owners, 2):
        if mine - theirs and theirs - mine and dimension_of(one) == dimension_of(other):
            yield 100 * base_of(one) / base_of(other)


def _owners(quantity: Quantity, passage: QuantityText) -> set[str]:
    """Return the stems of the words that are near a quantity in its sentence."""
    return {word for word, weight in context_of(quantity, passage).items() if weight > OTHER_SENTENCE}


def _times(quantity: Quantity, passage: QuantityText) -> Iterator[float]:
    """Yield what so many times an amount come to: "five times four minutes"."""
    for one, other in itertools.pairwise(passage.quantities):
        is_product = dimension_of(one) == "times" and other.start - one.end < 3 and other.unit is not None
        if is_product and dimension_of(other) == dimension_of(quantity):
            yield one.value * base_of(other)


def _rated(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield what a passage's rate comes to over a time that the claim names: 125 a week in four weeks."""
    spans = [one for one in claim.quantities if one is not quantity and dimension_of(one) in _SPANS]
    for one, per in itertools.product(passage.quantities, spans):
        if _is_rate_over(one, per) and may_be_one(quantity, one):
            yield base_of(one) * base_of(per) / UNITS[one.per].factor


def is_span_of_rate(span: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim names a time over which it gives what a rate of the passage comes to."""
    rates = [one for one in passage.quantities if _is_rate_over(one, span)]
    return any(
        nearly_equal(base_of(other), base_of(one) * base_of(span) / UNITS[one.per].factor, CLOSE)
        for one, other in itertools.product(rates, claim.quantities)
        if other is not span and may_be_one(other, one)
    )


def _is_rate_over(quantity: Quantity, span: Quantity) -> bool:
    return (
        dimension_of(span) in _SPANS
        and quantity.per in UNITS
        and not quantity.is_implied
        and UNITS[quantity.per].dimension == dimension_of(span)
    )


_SPANS = frozenset({"time", "month"})


def _is_pitched(quantity: Quantity) -> bool:
    return dimension_of(quantity) in {"frequency", ""} and not quantity.is_count


def _are_alike(one: Quantity, other: Quantity) -> bool:
    if one.unit and other.unit:
        return dimension_of(one) == dimension_of(other)
    if not (one.unit or other.unit):
        return min(one.value, other.value) > FEW
    bare = other if one.unit else one
    is_beside = max(one.start, other.start) - min(one.end, other.end) < BESIDE
    return not bare.is_count and (
        bare.elided.dimension in {dimension_of(one), dimension_of(other)} if bare.elided else is_beside
    )
