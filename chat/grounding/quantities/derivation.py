"""Whether a claim's figure may have been worked out from a passage's in a way that no rule of arithmetic here knows."""

import itertools
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from chat.grounding.quantities.amounts import EXACT, same_amount
from chat.grounding.quantities.bases import ascending, factor_of, has_within
from chat.grounding.quantities.context import QuantityText, context_of, context_overlap
from chat.grounding.quantities.latitude import latitude_of
from chat.grounding.quantities.units import Quantity, Unit, is_pronoun

_WORKED_OUT = re.compile(
    r"\b(?:in all|in total|a total|totals|altogether|overall|amounts? to|works? out|comes? to|average|reckoning|figures"
    r"|rule|gap|difference|later|earlier|longer|shorter|hotter|colder|cooler|warmer|higher|lower|older|younger"
    r"|short of|ago|would|by (?:about|around|roughly|nearly|almost|some))\b"
)
"""What a claim says when its figure is worked out and not repeated."""
_ROUNDED = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|almost|times|twice|doubles?|triples?|half|thirds?|quarters?|fifths?"
    r"|tenths?|percent|per cent|one in)\b|%"
)
"""What it may say of one: enough where the passage gives nothing else for the same."""
FACTORS = (2, 3, 4, 5, 7, 10, 12, 24, 30, 52, 60, 100, 365, 1000)
"""Numbers that need not be said: halves, the weeks of a month, the months of a year."""
WITHIN = 0.03
"""By how much a figure may be off where the claim doesn't say that it is rounded."""
MOST = 24
"""Figures of a passage that are tried with each other, which takes time with the square of their number."""


def may_be_derived(quantity: Quantity, claim: QuantityText, passage: QuantityText, *, has_rival: bool) -> bool:
    """Say whether a claim speaks of a figure worked out, and two of the passage's, or one and a factor, come to it.

    ``has_rival`` says that the passage gives another figure for what seems the same: a claim must then say more clearly
    that its own is worked out. It is no proof, as many figures come to many others: it tells what can't be refused.
    """
    latitude, text, said = latitude_of(quantity, claim.text), claim.text.casefold(), passage.text.casefold()
    # Where the passage says it in the same way, the claim repeats a figure and gets it wrong.
    is_worked_out = any(cue[0] not in said for cue in _WORKED_OUT.finditer(text))
    if not is_worked_out and (has_rival or not (latitude or _ROUNDED.search(text))):
        return False
    if quantity.is_share and any(one.is_share for one in passage.quantities):
        return False
    low, high = (latitude.low, latitude.high) if latitude else (1 - WITHIN, 1 + WITHIN)
    told = {abs(value) * factor for value in quantity.values for factor in (1.0, factor_of(quantity))}
    given = tuple(one for one in passage.quantities if not one.is_ordinal and one.value)[:MOST]
    made = (_made_of_two(given),) if quantity.is_ratio else (_made_of_one(given), _made_of_two(given))
    return any(has_within(values, low * one, high * one) for values in made for one in told if one)


def may_come_of(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether two figures of a passage that go together come to a claim's, with its unit.

    Where the passage gives no other figure in its place, such a claim is as often right as not: it has worked it out.
    """
    if quantity.is_ordinal:
        return False
    latitude, unit = latitude_of(quantity, claim.text), quantity.unit
    low, high = (latitude.low, latitude.high) if latitude else (1 - EXACT, 1 + EXACT)
    if quantity.is_ratio:
        low, high = min(low, 1 - WITHIN), max(high, 1 + WITHIN)
    told = abs(quantity.value) * (1.0 if quantity.is_ratio else factor_of(quantity))
    given = tuple(one for one in passage.quantities if not one.is_ordinal and one.value)[:MOST]
    if quantity.is_ratio or (unit and unit.dimension == "percent"):
        told /= 100 if unit and unit.dimension == "percent" else 1
        wanted = context_of(quantity, claim)
        if any(one.is_share and context_overlap(wanted, context_of(one, passage)) >= SAME for one in given):
            return any(low * told <= 1 - one.value <= high * told for one in given if one.is_share)
        return has_within(_shares(given), low * told, high * told)
    return has_within(_typed(given, unit), low * told, high * told)


SAME = 0.5
"""What the contexts of two shares must have in common to be of the same: a claim then repeats the passage's."""


@lru_cache(maxsize=4)
def _shares(given: tuple[Quantity, ...]) -> tuple[float, ...]:
    """Return what shares figures of a passage may have of each other, and of the whole of both."""
    return ascending(_shares_of(given))


def _shares_of(given: Sequence[Quantity]) -> Iterator[float]:
    for one in given:
        if one.is_share or (one.unit and one.unit.dimension == "percent"):
            yield 1 - one.value / (1 if one.is_share else 100)
    for one, other in itertools.permutations(given, 2):
        if (one.unit and other.unit and one.unit.dimension != other.unit.dimension) or _are_apart(one, other):
            continue
        first, second = (abs(each.value) * (factor_of(each) if one.unit and other.unit else 1) for each in (one, other))
        yield from (first / second, 1 - first / second, first / (first + second))


@lru_cache(maxsize=8)
def _typed(given: tuple[Quantity, ...], unit: Unit | None) -> tuple[float, ...]:
    """Return what figures come to with others of their unit, or as often as one without a unit says."""
    return ascending(_typed_of(given, unit))


def _typed_of(given: Sequence[Quantity], unit: Unit | None) -> Iterator[float]:
    amounts = [(one, value) for one in given if not one.is_share for value in _in_base(one, unit)]
    for (one, first), (other, second) in itertools.combinations(amounts, 2):
        if one is not other and not _are_apart(one, other):
            yield from (first + second, abs(first - second))
    counts = [one for one in given if one.value != 1 and (one.unit is None or one.unit.dimension == "times")]
    for (one, amount), count in itertools.product(amounts, counts):
        if one is not count and not _are_apart(one, count):
            yield from (amount * abs(count.value), amount / abs(count.value))


def _are_apart(one: Quantity, other: Quantity) -> bool:
    """Say whether two figures of a passage stand too far from each other to be reckoned with together."""
    return max(one.start, other.start) - min(one.end, other.end) > FAR


FAR = 60
"""Characters between such figures."""


def _in_base(quantity: Quantity, unit: Unit | None) -> Iterator[float]:
    """Yield what a figure of a passage is in the base of a unit, if it may be of that."""
    own = quantity.unit or (None if quantity.is_count else quantity.elided or unit)
    if unit is None or (own and own.dimension == unit.dimension):
        yield from (abs(value) * (own.factor if own and unit else 1) for value in quantity.values)


def is_of_own_case(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim reckons a case of its own: "six ducks get a kilo" where each gets 170 grams.

    Then it has two figures that the passage doesn't give, which are to each other as the passage says.
    """
    given = [one for one in passage.quantities if one.value and not (one.is_ordinal or is_pronoun(one))]
    if _has_another_unit(quantity, given):
        return False
    latitude = latitude_of(quantity, claim.text)
    low, high = (latitude.low, latitude.high) if latitude else (1 - WITHIN, 1 + WITHIN)
    rates = {abs(one.value) * factor_of(one) for one in given} | {abs(one.value) for one in given}
    rates |= {abs(one.value) * one.elided.factor for one in given if one.elided}
    pairs = [(one, other) for one, other in itertools.pairwise(given) if other.start - one.end < TOGETHER]
    rates |= {abs(one.value) / abs(other.value) for both in pairs for one, other in (both, both[::-1])}
    for other in claim.quantities:
        if other is quantity or not other.value or other.is_implied or is_pronoun(other):
            continue
        if any(same_amount(other, one) for one in given) or _has_another_unit(other, given):
            continue
        for one, per in itertools.product(_amounts(quantity), _amounts(other)):
            if any(low * rate <= one / per <= high * rate or low * rate <= per / one <= high * rate for rate in rates):
                return True
    return False


def _has_another_unit(quantity: Quantity, given: Sequence[Quantity]) -> bool:
    """Say whether the passage has the number of a quantity with another unit for what that measures."""
    return quantity.unit is not None and any(
        abs(one.value) == abs(quantity.value) and one.unit not in (None, quantity.unit) and not one.is_implied
        for one in given
    )


TOGETHER = 30
"""Characters between two figures of a passage that are a rate: "three stitches out of every four rows"."""


def fits_a_bound(quantity: Quantity, rival: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    """Say whether a claim names a case within a bound that its passage gives: 75 minutes, of "under ninety minutes"."""
    bound = _BOUND.search(passage.text[max(0, rival.start - BEFORE) : rival.start].casefold())
    own = _BOUND.search(claim.text[max(0, quantity.start - BEFORE) : quantity.start].casefold())
    if not bound or own or not (quantity.unit and rival.unit) or quantity.unit.dimension != rival.unit.dimension:
        return False
    is_less = abs(quantity.value) * factor_of(quantity) < abs(rival.value) * factor_of(rival)
    return is_less == (bound["less"] is not None)


BEFORE = 30
_BOUND = re.compile(
    r"\b(?:(?P<less>under|below|less than|up to|at most|within|no more than)|over|above|more than|at least|beyond|past"
    r"|unless [\w ]*?(?:gentler|less|lower|smaller) than)\W*$"
)


@lru_cache(maxsize=4)
def _made_of_one(given: tuple[Quantity, ...]) -> tuple[float, ...]:
    return ascending(_of_one(given))


@lru_cache(maxsize=4)
def _made_of_two(given: tuple[Quantity, ...]) -> tuple[float, ...]:
    return ascending(_of_two(given))


def _of_one(given: tuple[Quantity, ...]) -> Iterator[float]:
    for one in given:
        for own in _amounts(one):
            yield from itertools.chain((own * factor for factor in FACTORS), (own / factor for factor in FACTORS))


def _of_two(given: tuple[Quantity, ...]) -> Iterator[float]:
    for one, other in itertools.permutations(given, 2):
        for first, second in itertools.product(_amounts(one), _amounts(other)):
            yield from (first + second, abs(first - second), first * second, first / second)
            yield from (100 * first / second, 1 - first / second, 100 - 100 * first / second, 2 * (first + second))


def _amounts(quantity: Quantity) -> set[float]:
    amounts = {abs(quantity.value), abs(quantity.value) * factor_of(quantity)}
    return {amount for amount in amounts if amount and math.isfinite(amount)}
