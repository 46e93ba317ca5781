"""What follows from a passage's quantities by arithmetic: shares, multiples, steps, totals, dates, ranges."""

import itertools
import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from chat.grounding.quantities.amounts import EXACT, nearly_equal
from chat.grounding.quantities.context import OTHER_SENTENCE, QuantityText, context_of
from chat.grounding.quantities.latitude import latitude_of
from chat.grounding.quantities.units import UNITS, Quantity, is_pronoun, is_year

CLOSE = 0.02
BESIDE = 60
"""Characters within which a number without a unit may be an amount of the same as one with it."""
FEW = 10
"""Up to this, numbers without a unit are too common for their quotient to mean anything."""
NEAR, FAR = 40, 120
"""Characters within which "double that" belongs to a quantity, and a span of years to a year."""
BEHIND = 25
"""Characters behind a multiple within which stands what it is of: "twice its weight in water"."""
_COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|early|late|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger)\b"
)
_DIFFERS = re.compile(r"\b(?:less|more|fewer|difference|earl(?:y|ier)|late|later)\b(?! than)")
_SUMS = re.compile(
    r"\b(?:in total|a total|total (?:of|is|was|comes)|totals|totalling|adds? up|altogether|in all|overall|combined"
    r"|sums?|together|between them|both|over the (?:two|three|four)|comes? to|came to)\b"
)
_LEFT = re.compile(r"\b(?:is|are|was|were|had|has|have|with|the) left\b|\bleft over\b|\bremain\w*|\bthe rest\b")
_DENIES = re.compile(r"\b(?:not|never|no|none|cannot|without|fail\w*|los[et]\w*|miss\w*|empty|die[ds]?)\b|n['’]t\b")
_MORE = re.compile(r"\b(?:more|another|extra|additional|again|plus|on top)\b")
_YEAR_AFTER = re.compile(r"\b(?:(?:the )?(?:year after|following year|next year)|a year later)\b")
_YEAR_BEFORE = re.compile(r"\b(?:the year before|the previous year|a year (?:earlier|before))\b")
_BESIDE_ONE = re.compile(r"\s*(?:in|on|at|from|for|of)\b")
MOST_ADDED = 4
"""Amounts of a passage, one after the other, that a claim may have added up."""


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
    latitude, told = latitude_of(quantity, claim.text), abs(_base(quantity))
    if _is_multiple(quantity):
        parts = (*_parts(amounts), *_shares_of_sums(quantity, claim, passage)) if quantity.is_share else ()
        others = speaks_of(_DENIES, claim.text) or speaks_of(_LEFT, claim.text)
        shares = [*parts, *(_rests(amounts) if others else ())]
        low, high = (latitude.low, latitude.high) if latitude else (1 - CLOSE, 1 + CLOSE)
        low, high = low * _share(quantity), high * _share(quantity)
        if has_within(_quotients(tuple(amounts)), low, high) or any(low <= share <= high for share in shares if share):
            return True
    sums = list(_sums(quantity, claim, passage))
    compares = speaks_of(_COMPARES, claim.text) or speaks_of(_LEFT, claim.text)
    steps = list(_steps(quantity, amounts)) if compares else []
    if latitude and any(latitude.low * told <= amount <= latitude.high * told for amount in (*sums, *steps)):
        return True
    made = [
        *_multiplied(quantity, amounts, claim, passage),
        *steps,
        *(_totals(quantity, amounts) if speaks_of(_SUMS, claim.text) else ()),
        *sums,
        *_times(quantity, passage),
        *(_owned_percents(claim, passage) if _dimension(quantity) == "percent" else ()),
        *_rated(quantity, claim, passage),
        *_products(quantity, amounts, claim),
        *(_dated(amounts, passage) if is_year(quantity) else ()),
    ]
    return any(nearly_equal(abs(_base(quantity)), abs(amount), EXACT) for amount in made if amount) or _is_between(
        quantity, amounts, claim, passage
    )


def is_step(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim speaks of a difference, and two amounts of the passage differ by it."""
    amounts = [one for one in passage.quantities if not one.is_ordinal]
    steps = _steps(quantity, amounts) if speaks_of(_DIFFERS, claim.text) else ()
    return any(nearly_equal(abs(_base(quantity)), amount, EXACT) for amount in steps)


def is_sum(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a small count is what counts of the passage come to, or what is left of one."""
    amounts = [one for one in passage.quantities if not one.is_ordinal]
    steps = _steps(quantity, amounts) if speaks_of(_LEFT, claim.text) else ()
    return any(nearly_equal(quantity.value, amount, EXACT) for amount in (*_sums(quantity, claim, passage), *steps))


@lru_cache(maxsize=16)
def speaks_of(words: re.Pattern[str], text: str) -> bool:
    """Say whether words stand in a text, which is looked through once for all its quantities."""
    return words.search(text.casefold()) is not None


def _is_between(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a quantity lies within a range: 14 hours in "between twelve and sixteen hours"."""
    is_about = _ABOUT.search(claim.text[max(0, quantity.start - BEHIND) : quantity.start].casefold()) is not None
    for one, other in itertools.pairwise(amounts):
        is_alike = _may_be(one, other) and _may_be(quantity, one) and _may_be(quantity, other)
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


@lru_cache(maxsize=4)
def _quotients(amounts: tuple[Quantity, ...]) -> tuple[float, ...]:
    """Return the quotients of amounts that are alike, in order: made once, as each of a claim's shares may be one."""
    found = []
    for one, other in itertools.permutations(amounts, 2):
        if other.value and _are_alike(one, other):
            is_bare = one.unit is None or other.unit is None
            found.append(abs(one.value / other.value) if is_bare else abs(_base(one) / _base(other)))
    return ascending(filter(None, found))


def ascending(values: Iterable[float]) -> tuple[float, ...]:
    """Return numbers in order, without what is none."""
    return tuple(sorted(value for value in values if not math.isnan(value)))


def has_within(values: Sequence[float], low: float, high: float) -> bool:
    """Say whether one of some numbers, which are in order, lies between two others."""
    at = bisect_left(values, low)
    return at < len(values) and values[at] <= high


def _parts(amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0


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
        if _dimension(one) == _dimension(quantity) and not one.is_share:
            for multiple in multiples:
                if not multiple.value or not -NEAR < multiple.start - one.end < NEAR:
                    continue
                end = multiple.end + BEHIND
                behind = {word.stem for word in passage.words_from(multiple.end) if word.start < end}
                if not behind or behind & stems:
                    yield _base(one) * multiple.value
                    yield _base(one) / multiple.value
    if _dimension(quantity) == "frequency":
        octaves = [2.0 ** (abs(one.value) * _factor(one) / 1200) for one in amounts if _dimension(one) == "pitch"]
        pairs = itertools.product(amounts, octaves)
        yield from (_base(one) * by for one, octave in pairs if _is_pitched(one) for by in (octave, 1 / octave))


def _products(quantity: Quantity, amounts: Sequence[Quantity], claim: QuantityText) -> Iterator[float]:
    """Yield multiples of what the claim names itself: "two to three times the core count" of a 16-core machine."""
    named = [one for one in claim.quantities if one is not quantity and one.unit is None and not one.is_share]
    for multiple in amounts:
        if multiple.unit and multiple.unit.dimension == "times" and quantity.unit is None:
            yield from (multiple.value * one.value for one in named)


def _steps(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    alike = [one for one in amounts if _may_be(quantity, one) and not (quantity.unit and one.is_count)]
    for one, other in itertools.pairwise(alike):
        first, second = (math.copysign(_base_beside(each, quantity), each.value) for each in (one, other))
        yield abs(first - second)


def _totals(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    counts = [one for one in amounts if one.unit is None and not (one.is_share or is_pronoun(one))]
    for one, count in itertools.product(amounts, counts):
        if one.unit and _dimension(one) == _dimension(quantity) and abs(one.start - count.start) < FAR:
            yield _base(one) * count.value


def _sums(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield what amounts of a passage that follow each other come to, in the claim's base.

    Added up are those that the claim says to be ("in all"), and what the passage itself adds: "and then one more".
    """
    is_told = speaks_of(_SUMS, claim.text)
    alike = [one for one in passage.quantities if _adds_to(quantity, one, passage)]
    if not is_told:
        alike = alike if any(_is_more(one, passage) for one in alike) else []
    for size in range(2, MOST_ADDED + 1):
        for run in (alike[at : at + size] for at in range(len(alike) - size + 1)):
            is_of_same = not quantity.counted or any(set(one.counted) & set(quantity.counted) for one in run)
            if is_of_same and is_told:
                yield sum(_base_beside(one, quantity) for one in run)
    for at, one in enumerate(alike):
        if _is_more(one, passage) and (one.unit or one.elided or not quantity.unit):
            before = [other for other in alike[max(0, at - MOST_ADDED) : at] if one.start - other.end < BESIDE]
            yield from (_base_beside(one, quantity) + _base_beside(other, quantity) for other in before)


def _shares_of_sums(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield the shares that sums of counts have of a larger count: three and one of forty."""
    counts = [one.value for one in passage.quantities if one.unit is None and one.value > FEW]
    for part in _sums(replace(quantity, is_share=False, counted=()), claim, passage) if counts else ():
        yield from (part / whole for whole in counts if part < whole)


def _owned_percents(claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield percents that one amount is of another, each beside a word of the claim: 10 g of salt, 500 g of flour."""
    stems = {word.stem for word in claim.words}
    owners = [(one, _owners(one, passage) & stems) for one in passage.quantities if one.unit and one.value]
    for (one, mine), (other, theirs) in itertools.permutations(owners, 2):
        if mine - theirs and theirs - mine and _dimension(one) == _dimension(other):
            yield 100 * _base(one) / _base(other)


def _owners(quantity: Quantity, passage: QuantityText) -> set[str]:
    """Return the stems of the words that are near a quantity in its sentence."""
    return {word for word, weight in context_of(quantity, passage).items() if weight > OTHER_SENTENCE}


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


def _times(quantity: Quantity, passage: QuantityText) -> Iterator[float]:
    """Yield what so many times an amount come to: "five times four minutes"."""
    for one, other in itertools.pairwise(passage.quantities):
        is_product = _dimension(one) == "times" and other.start - one.end < 3 and other.unit is not None
        if is_product and _dimension(other) == _dimension(quantity):
            yield one.value * _base(other)


def _rated(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> Iterator[float]:
    """Yield what a passage's rate comes to over a time that the claim names: 125 a week in four weeks."""
    spans = [one for one in claim.quantities if one is not quantity and _dimension(one) in _SPANS]
    for one, per in itertools.product(passage.quantities, spans):
        if _is_rate_over(one, per) and _may_be(quantity, one):
            yield _base(one) * _base(per) / UNITS[one.per].factor


def is_span_of_rate(span: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim names a time over which it gives what a rate of the passage comes to."""
    rates = [one for one in passage.quantities if _is_rate_over(one, span)]
    pairs = ((one, other) for one in rates for other in claim.quantities if other is not span and _may_be(other, one))
    return any(
        nearly_equal(_base(other), _base(one) * _base(span) / UNITS[one.per].factor, CLOSE) for one, other in pairs
    )


def _is_rate_over(quantity: Quantity, span: Quantity) -> bool:
    return (
        _dimension(span) in _SPANS
        and quantity.per in UNITS
        and not quantity.is_implied
        and UNITS[quantity.per].dimension == _dimension(span)
    )


_SPANS = frozenset({"time", "month"})


def _is_pitched(quantity: Quantity) -> bool:
    return _dimension(quantity) in {"frequency", ""} and not quantity.is_count


def _factor(quantity: Quantity) -> float:
    return quantity.unit.factor if quantity.unit else 1.0


def _base_beside(quantity: Quantity, other: Quantity) -> float:
    """Return an amount in its base; without a unit it has that of the amount before it, or of the one beside it."""
    unit = quantity.unit or (quantity.elided if other.unit else None) or other.unit
    return abs(quantity.value) * (unit.factor if unit else 1.0)


def _are_alike(one: Quantity, other: Quantity) -> bool:
    if one.unit and other.unit:
        return _dimension(one) == _dimension(other)
    if not (one.unit or other.unit):
        return min(one.value, other.value) > FEW
    bare = other if one.unit else one
    is_beside = max(one.start, other.start) - min(one.end, other.end) < BESIDE
    return not bare.is_count and (
        bare.elided.dimension in {_dimension(one), _dimension(other)} if bare.elided else is_beside
    )


def _may_be(quantity: Quantity, other: Quantity) -> bool:
    return other.unit is None or quantity.unit is None or _dimension(quantity) == _dimension(other)


def _dimension(quantity: Quantity) -> str:
    return quantity.unit.dimension if quantity.unit else ""


def _base(quantity: Quantity) -> float:
    return quantity.value * (quantity.unit.factor if quantity.unit else 1.0)
