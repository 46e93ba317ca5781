"""Whether a claim's figure may have been worked out from a passage's in a way that no rule of arithmetic here knows."""

import itertools
import math
import re
from collections.abc import Iterator
from functools import lru_cache

from chat.grounding.quantities.arithmetic import ascending, has_within
from chat.grounding.quantities.context import QuantityText
from chat.grounding.quantities.latitude import latitude_of
from chat.grounding.quantities.units import Quantity

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
    told = {abs(value) * factor for value in quantity.values for factor in (1.0, _factor(quantity))}
    given = tuple(one for one in passage.quantities if not one.is_ordinal and one.value)[:MOST]
    made = (_made_of_two(given),) if quantity.is_ratio else (_made_of_one(given), _made_of_two(given))
    return any(has_within(values, low * one, high * one) for values in made for one in told if one)


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
    amounts = {abs(quantity.value), abs(quantity.value) * _factor(quantity)}
    return {amount for amount in amounts if amount and math.isfinite(amount)}


def _factor(quantity: Quantity) -> float:
    return quantity.unit.factor if quantity.unit else 1.0
