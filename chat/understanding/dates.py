"""Periods named in a question: "in 2024", "between March and June 2025", "since last year"."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
        "november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
_SEASONS: Mapping[str, tuple[int, int]] = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}
"""First and last month; winter, which spans two years, is not among them."""

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_UNIT = r"(?:k?hz|ms|db|bpm|hertz|milliseconds|samples|euros?|dollars?)\b"
_YEAR = rf"(?:19[5-9]\d|20\d\d)(?![\d.,:]*\d)(?!\s*{_UNIT})(?!\s*(?:and|to|or|-|–)\s*[\d.,]+\s*{_UNIT})"
_POINT = (
    rf"(?:\d{{4}}-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}|{_MONTH} \d{{1,2}}(?:st|nd|rd|"
    rf"th)?,? {_YEAR}"
    rf"|(?:early |late |mid-?)?{_MONTH},? {_YEAR}|(?:spring|summer|autumn|fall)(?: of)? {_YEAR}|{_YEAR}"
    rf"|(?:last|this|the (?:last|past)) (?:year|month|week)|yesterday|today)"
)
_RANGE = re.compile(
    rf"\b(?:between (?P<first>{_POINT}|{_MONTH}) and (?P<last>{_POINT})"
    rf"|from (?P<begin>{_POINT}|{_MONTH}) (?:to|until|till|through) (?P<end>{_POINT})"
    rf"|(?P<since>since|after|from|newer than|later than|more recent than) (?P<start>{_POINT})(?: on(?:wards?)?)?"
    rf"|(?P<until>until|till|before|up to|older than|earlier than|prior to) (?P<stop>{_POINT})"
    rf"|(?:(?:back )?(?:in|during|of|on|for|within|over|published|dated) )?(?:the year )?(?P<point>{_POINT}))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, None where it is open; ``words`` stand at ``span`` of the question."""

    since: date | None
    until: date | None
    words: str
    span: tuple[int, int]

    @property
    def in_words(self) -> str:
        """Its words as they stand in a sentence: with the capitals of months."""
        words = re.sub(rf"\b{_MONTH}(?=\W|$)", lambda month: month[0].capitalize(), self.words.strip().lower())
        return f"in {words}" if re.fullmatch(rf"(?:{_MONTH},? )?{_YEAR}", words, re.IGNORECASE) else words


def period_in(text: str, *, today: date) -> Period | None:
    """Return the first period that a question names, None where it names none."""
    for match in _RANGE.finditer(text):
        since, until = _ends(match, today)
        if since or until:
            return Period(since, until, match[0], match.span())
    return None


def _ends(match: re.Match[str], today: date) -> tuple[date | None, date | None]:
    first, last = match["first"] or match["begin"], match["last"] or match["end"]
    if first and last:
        until = _days(last, today)[1]
        is_month = re.fullmatch(_MONTH, first, re.IGNORECASE)
        return _days(f"{first} {until.year}" if is_month else first, today)[0], until
    begin, end = _days(match["start"] or match["stop"] or match["point"], today)
    if match["start"]:
        # "videos from 2024" are those of that year, "since 2024" also those that came later.
        if match["since"].lower() == "from":
            return begin, end
        return (begin if match["since"].lower() == "since" else end + timedelta(days=1)), None
    if match["stop"]:
        is_open = match["until"].lower() in {"until", "till", "up to"}
        return None, (end if is_open else begin - timedelta(days=1))
    return begin, end


def _days(words: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a year, a season, a month or a day, as it is written."""
    words = words.lower().replace(",", " ").replace(".", "")
    if words in {"today", "yesterday"}:
        day = today - timedelta(days=words == "yesterday")
        return day, day
    if relative := re.fullmatch(r"(?:the )?(last|this|past) (year|month|week)", words):
        return _relative(relative[1] == "this", relative[2], today)
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    year = int(re.findall(r"\d{4}", words)[-1])
    month = next((number for name, number in _MONTHS.items() if re.search(rf"\b{name}\b", words)), 0)
    number = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", words)
    if month and number:
        return _day(year, month, int(number[1]))
    first, last = next((few for name, few in _SEASONS.items() if name in words), (month or 1, month or 12))
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _day(year: int, month: int, day: int) -> tuple[date, date]:
    month = min(max(month, 1), 12)
    found = date(year, month, min(max(day, 1), monthrange(year, month)[1]))
    return found, found


def _relative(is_this: bool, unit: str, today: date) -> tuple[date, date]:
    if unit == "year":
        year = today.year - (not is_this)
        return date(year, 1, 1), date(year, 12, 31)
    if unit == "month":
        first = today.replace(day=1)
        first = first if is_this else (first - timedelta(days=1)).replace(day=1)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    monday = today - timedelta(days=today.weekday() + (0 if is_this else 7))
    return monday, monday + timedelta(days=6)
