"""How loosely a claim gives a number: what "about", "nearly", "over" and "under" before it leave open."""

import math
import re
from dataclasses import dataclass

from chat.grounding.quantities.amounts import is_comparable, values_in_unit_of
from chat.grounding.quantities.units import Quantity, is_year

BEFORE, BEHIND = 34, 16
"""Characters before and behind a number within which stands how loosely it is meant."""


@dataclass(frozen=True, slots=True)
class Latitude:
    """The shares of a claim's number that the passage's may be; ``has_halves`` where that must round to it, too."""

    low: float
    high: float
    has_halves: bool = False


ABOUT = Latitude(0.92, 1.08, has_halves=True)
NEARLY, JUST_OVER = Latitude(0.91, 1.0), Latitude(1.0, 1.1)
UNDER, OVER = Latitude(0.75, 1.0), Latitude(1.0, 1.34)
FAR_UNDER, FAR_OVER = Latitude(0.5, 0.92), Latitude(1.08, 2.0)
SHARE_UNDER, SHARE_OVER = Latitude(0.6, 1.0), Latitude(1.0, 1.6)
SEVERAL = Latitude(2.0, 9.99)
YEAR_UNDER, YEAR_OVER = Latitude(0.995, 1.0), Latitude(1.0, 1.005)
_DENIED = r"(?<!\bno )(?<!\bnot )(?<!\bnever )(?<!n't )"
_FAR, _JUST = r"\b(?:well|far|much|way|considerably) ", r"\b(?:just|a little|slightly|a bit|a touch|a hair) "
_OVER, _UNDER = r"(?:over|above|more than|upwards of)", r"(?:under|below|less than|fewer than|short of)"
_END = r"(?: (?:a|an|the|some))?\W*$"
_WORDS: tuple[tuple[re.Pattern[str], Latitude], ...] = tuple(
    (re.compile(words + _END), latitude)
    for words, latitude in (
        (_FAR + _OVER, FAR_OVER),
        (_FAR + _UNDER, FAR_UNDER),
        (_JUST + _OVER, JUST_OVER),
        (_JUST + _UNDER, NEARLY),
        (_DENIED + r"\b(?:over|more than|upwards of)", OVER),
        (_DENIED + r"\b(?:under|less than|fewer than)", UNDER),
        (r"\b(?:nearly|almost|not quite|approaching)", NEARLY),
        (r"\b(?:several|many|a few)", SEVERAL),
        (
            r"(?:\b(?:about|around|roughly|approximately|approx|some|circa|ca|close to|in the region of|something like"
            r"|more or less|say)|[~≈])",
            ABOUT,
        ),
    )
)
_AFTER = re.compile(r"\W*(?:or so|or thereabouts|odd|ish|give or take)\b")
_SHARES = {
    OVER: SHARE_OVER,
    UNDER: SHARE_UNDER,
    ABOUT: Latitude(0.92, 1.08),
    NEARLY: Latitude(0.88, 1.0),
    JUST_OVER: Latitude(1.0, 1.2),
}
_REGIONS = frozenset("frequency level loudness celsius fahrenheit degree ratio times clock note".split())
"""Dimensions in which "under 200" is a region rather than a number told loosely."""
_SINCE = re.compile(r"\b(before|by|after|since)(?: the)?(?: year)?\W*$")


def latitude_of(quantity: Quantity, text: str) -> Latitude | None:
    """Return how loosely a number of a text is meant, None where it is meant as it stands."""
    before = text[max(0, quantity.start - BEFORE) : quantity.start].casefold()
    if is_year(quantity) and (since := _SINCE.search(before)):
        return YEAR_UNDER if since[1] in {"before", "by"} else YEAR_OVER
    found = next((latitude for words, latitude in _WORDS if words.search(before)), None)
    if found is None and _AFTER.match(text[quantity.end : quantity.end + BEHIND].casefold()):
        found = ABOUT
    if found is SEVERAL and quantity.value not in {12, 100, 1000}:
        return None
    is_region = quantity.unit is not None and quantity.unit.dimension in _REGIONS
    if found is None or (is_region and found is not ABOUT and found is not NEARLY):
        return None
    return _SHARES.get(found, found) if quantity.is_share else found


def is_within(quantity: Quantity, other: Quantity, latitude: Latitude) -> bool:
    """Say whether a claim's number, told that loosely, may be the passage's; it must be the rounder of the two."""
    if not is_comparable(quantity, other) or not quantity.value:
        return False
    told, grain = abs(quantity.value), granularity(quantity.value)
    is_told_roundly = quantity.is_share or latitude is SEVERAL
    if quantity.unit == other.unit and not is_told_roundly and grain <= granularity(other.value):
        return False
    return any(_lies_within(value, told, grain, latitude) for value in values_in_unit_of(quantity, other))


def _lies_within(value: float, told: float, grain: float, latitude: Latitude) -> bool:
    if not latitude.low * told <= value <= latitude.high * told:
        return False
    return not latitude.has_halves or abs(value - told) <= grain / 2


def granularity(value: float) -> float:
    """Return the roundest step, 1 or 5 of a power of ten, of which a number is a multiple: 50 of 250, 1 of 987."""
    for exponent in range(9, -4, -1):
        for step in (5 * 10.0**exponent, 10.0**exponent):
            share = abs(value) / step
            if 1 <= share < math.inf and abs(share - round(share)) < 1e-9 * share:
                return step
    return 1e-4
