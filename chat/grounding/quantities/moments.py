"""Moments: months and days, decades and times of day, as people write and say them."""

from collections.abc import Sequence
from dataclasses import replace

from chat.grounding.quantities.numerals import ORDINALS, SHARES, TENS, QuantityToken, numeral_at, text_at
from chat.grounding.quantities.units import MONTHS, UNITS, Quantity, Unit, quantity_from

MONTH, CLOCK = Unit("month of the year", "date"), Unit("clock", "clock")
_ALSO_WORDS = frozenset("may march mar sep dec".split())
"""Names of months that are words as well."""


def moment_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the month, day, decade or time of day that begins at a token, and the token after it."""
    word = tokens[at].text
    if word in MONTHS and _is_date(tokens, at):
        return quantity_from(text, tokens, at, at + 1, float(MONTHS[word]), MONTH, in_words=True), at + 1
    for read in (_day_at, _decade_at, _hour_at, _time_at):
        if found := read(text, tokens, at):
            return found
    return None


def _day_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the day in "the twenty first of June", "June the first"."""
    tens = TENS.get(tokens[at].text, 0)
    place = at + bool(tens) + (bool(tens) and text_at(tokens, at + 1) == "-")
    word = text_at(tokens, place)
    ones = _FIRSTS.get(word) or ORDINALS.get(word, 0)
    before = [token.text for token in tokens[max(0, at - 2) : at] if token.text != "the"][-1:]
    is_of_month = text_at(tokens, place + 1) == "of" and text_at(tokens, place + 2) in MONTHS
    is_dated = is_of_month or before[0:1] in _MONTH_WORDS
    if not 0 < ones < (10 if tens else 3) or not is_dated:
        return None
    day = quantity_from(text, tokens, at, place + 1, float(tens + ones), None, in_words=True)
    return replace(day, is_ordinal=True, is_implied=True), place + 1


_FIRSTS = {"first": 1, "second": 2}
_MONTH_WORDS = [[month] for month in MONTHS]


def _decade_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the years of "the seventies", "the 1970s", "the '70s", of which the value is the first."""
    word = tokens[at].text
    if word in _DECADES:
        return quantity_from(text, tokens, at, at + 1, _DECADES[word], UNITS["era"], in_words=True), at + 1
    is_plural = at + 1 < len(tokens) and tokens[at + 1].text == "s" and tokens[at + 1].glued
    if not (is_plural and word.isdecimal() and word.endswith("0") and at and tokens[at - 1].text in _BEFORE_DECADE):
        return None
    year = float(word)
    is_decade = 1500 <= year <= 2100 or 20 <= year <= 90
    return (quantity_from(text, tokens, at, at + 2, year, UNITS["era"]), at + 2) if is_decade else None


_DECADES = {"twenties": 20.0} | {f"{word[:-1]}ies": float(value) for word, value in TENS.items() if value > 20}
_BEFORE_DECADE = frozenset("the early mid late - '".split())


def _is_date(tokens: Sequence[QuantityToken], at: int) -> bool:
    """Say whether a month's name is one: "may" and "march" only beside a number."""
    before = [token.text for token in tokens[max(0, at - 3) : at] if token.text not in {"of", "th", "st", "nd", "rd"}]
    near = [*before[-1:], *(token.text for token in tokens[at + 1 : at + 2])]
    is_dated = any(word[0].isdigit() or word in ORDINALS or word in {"first", "second"} for word in near)
    return is_dated or tokens[at].text not in _ALSO_WORDS


def _time_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the time in "half past five", "ten past two", "quarter to nine"."""
    skip = tokens[at].text == "a"
    word = tokens[at + skip].text if at + skip < len(tokens) else ""
    first = None if word in SHARES else numeral_at(tokens, at)
    minutes = 60 / SHARES[word] if word in {"half", "quarter"} else first.value if first else 0.0
    joint = first.stop if first else at + skip + 1
    if not 0 < minutes < 60 or joint + 1 >= len(tokens) or tokens[joint].text not in {"past", "to"}:
        return None
    hour = numeral_at(tokens, joint + 1)
    is_told = tokens[joint].text == "past" or word == "quarter"
    if hour is None or not is_told or not 1 <= hour.value <= 12 or hour.value != int(hour.value):
        return None
    sign = 1 if tokens[joint].text == "past" else -1
    total = hour.value * 60 + sign * minutes
    return clock_time(text, tokens, at, hour.stop, total // 60, total % 60), hour.stop


def _hour_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the time in "six o'clock", "6 pm", "noon"."""
    if tokens[at].text in _NAMED_HOURS:
        named = clock_time(text, tokens, at, at + 1, _NAMED_HOURS[tokens[at].text], 0)
        others = (*named.others, 12.0) if tokens[at].text != "midnight" else named.others
        return replace(named, others=others), at + 1
    hour = numeral_at(tokens, at)
    if hour is None or hour.value not in range(1, 13) or text_at(tokens, hour.stop).replace(".", "") not in _HALF_DAYS:
        return None
    half, stop = text_at(tokens, hour.stop).replace(".", ""), hour.stop + 1
    if half == "o'clock":
        time = clock_time(text, tokens, at, stop, hour.value, 0)
        return replace(time, others=(*time.others, hour.value)), stop
    since_midnight = hour.value % 12 + 12 * (half == "pm")
    time = quantity_from(text, tokens, at, stop, since_midnight * 60, CLOCK)
    return replace(time, others=(since_midnight * 100, since_midnight * 60, hour.value)), stop


_HALF_DAYS = frozenset({"o'clock", "am", "pm"})
_NAMED_HOURS = {"noon": 12.0, "midday": 12.0, "midnight": 0.0}


def clock_time(
    text: str, tokens: Sequence[QuantityToken], first: int, stop: int, hour: float, minute: float
) -> Quantity:
    """Return a time of day, or of a player: "1:35" may be said as "one thirty five", and 14:10 as ten past two."""
    time = quantity_from(text, tokens, first, stop, hour * 60 + minute, CLOCK)
    twelve = hour + 12 if hour <= 12 else hour - 12
    return replace(time, others=(hour * 100 + minute, twelve * 60 + minute))
