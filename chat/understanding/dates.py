"""Periods named in a question: "in 2024", "between March and June 2025", "since last spring", "around Christmas"."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min

from creators.models.work import WorkQuerySet

Yearly = tuple[tuple[int, int], tuple[int, int]]
"""A part of a year: month and day of its first and of its last day; winter begins in one year and ends in the next."""
Days = tuple[date, date]

_MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        "january jan,february feb,march mar,april apr,may,june jun,july jul,august aug,september sept sep,october oct,"
        "november nov,december dec".split(","),
        start=1,
    )
    for name in names.split()
}
_LAST_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PARTS: Mapping[str, Yearly] = {
    "spring": ((3, 1), (5, 31)),
    "summer": ((6, 1), (8, 31)),
    "autumn": ((9, 1), (11, 30)),
    "fall": ((9, 1), (11, 30)),
    "winter": ((12, 1), (2, 29)),
    "christmas": ((12, 15), (1, 6)),
    "xmas": ((12, 15), (1, 6)),
    "new year": ((12, 24), (1, 10)),
    "easter": ((3, 20), (4, 30)),
    "halloween": ((10, 20), (11, 5)),
}
"""Seasons, and the days about a feast."""
_STRETCHES: Mapping[str, tuple[int, int]] = {
    "early": (1, 4), "beginning": (1, 4), "start": (1, 4), "mid": (5, 8), "middle": (5, 8), "late": (9, 12),
    "end": (9, 12), "first half": (1, 6), "second half": (7, 12), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9),
    "q4": (10, 12),
}  # fmt: skip
"""Months of a year of which people speak without a name of a month."""
_EARLIEST = date(1900, 1, 1)
"""The first day of which people speak: nothing came out before it."""
_NUMBERS = {word: number for number, word in enumerate("a two three four five six seven eight nine ten".split(), 1)}

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_NAMED = "(?:" + "|".join(_PARTS) + r"(?:'s)?(?: eve| time)?)"
_UNIT = r"(?:k?hz|ms|db|bpm|hertz|milliseconds|samples|euros?|dollars?)\b"
_YEAR = rf"(?:19[5-9]\d|20\d\d)(?![\d.,:]*\d)(?!\s*{_UNIT})(?!\s*(?:and|to|or|-|–)\s*[\d.,]+\s*{_UNIT})"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
# "15 May this... well, 2025"
_GAP = r"(?:,| of| this| well|[.…]|\s)+"
_NOT_A_VERB = r"(?!\s+(?:i|you|we|he|she|they|it|one|be|have|not)\b)"
# "late April", "the end of April": the month is meant
_WITHIN = r"(?:(?:the )?(?:early|late|mid|(?:very )?(?:beginning|start|middle|end)(?: of)?)[ -]?)?"
_PART = (
    rf"(?:(?:the )?{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY}(?!\d)|{_WITHIN}{_MONTH}{_NOT_A_VERB}"
    rf"|(?:the )?{_NAMED})"
)
_POINT = (
    rf"(?:(?:19|20)\d\d-\d\d-\d\d|{_DAY}(?: of)? {_MONTH}{_GAP}{_YEAR}|{_MONTH} {_DAY}{_GAP}{_YEAR}"
    rf"|{_WITHIN}{_MONTH}{_GAP}{_YEAR}|{_NAMED}{_GAP}{_YEAR}"
    rf"|(?:the )?(?:(?:early|late|mid|(?:beginning|start|middle|end|first half|second half) of)[ -]|q[1-4] ){_YEAR}"
    rf"|{_YEAR}|(?:the )?(?:last|past) (?:\d+|{'|'.join(_NUMBERS)}|few|couple of) (?:days|weeks|months|years)"
    rf"|(?:last|this|the (?:last|past)) (?:year|month|week|{_PART})|yesterday|today)"
)
_ANY = f"(?:{_POINT}|{_PART})"
_RANGE = re.compile(
    # Of all scripts "ſ" would count as an "s" and "İ" as an "i", in words that no table has.
    rf"\b(?a:between (?P<first>{_ANY}) and (?P<last>{_ANY})"
    rf"|from (?P<begin>{_ANY}) (?:to|until|till|through) (?P<end>{_ANY})"
    rf"|(?P<since>since|after|from|newer than|later than|more recent than) (?P<start>{_ANY})(?: on(?:wards?)?)?"
    rf"|(?P<until>until|till|before|up to|older than|earlier than|prior to) (?P<stop>{_ANY})"
    rf"|(?:(?:back )?(?:in|during|of|on|for|within|over|around|about|published|dated) )?(?:the year )?"
    rf"(?P<point>{_POINT})"
    rf"|(?:back )?(?:in|during|of|on|over|around|about|published|dated) (?P<part>{_PART}))(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, None where it is open; ``words`` stand at ``span`` of the question.

    ``every`` is a part of whatever year, where the question names none.
    """

    since: date | None
    until: date | None
    words: str
    span: tuple[int, int]
    every: Yearly | None = None

    @property
    def in_words(self) -> str:
        """Its words as they stand in a sentence: with the capitals of months and feasts."""
        named = rf"\b(?:{_MONTH}|christmas|xmas|easter|halloween|new year)(?=\W|$)"
        words = re.sub(named, lambda name: name[0].title(), self.words.strip().lower())
        is_bare = re.fullmatch(rf"(?:{_MONTH},? )?{_YEAR}", words, re.IGNORECASE)
        return f"in {words}" if is_bare else words

    def of(self, works: WorkQuerySet) -> WorkQuerySet:
        """Return those of the works that came out in it."""
        if self.every is None:
            return works.within(self.since, self.until)
        ends = works.order_by().aggregate(first=Min("published"), last=Max("published"))
        found = works.none()
        if ends["first"] and ends["last"]:
            for year in range(ends["first"].year - 1, ends["last"].year + 1):
                found = found | works.within(*_in_year(self.every, year))
        return found


def period_in(text: str, *, today: date) -> Period | None:
    """Return the first period that a question names, None where it names none."""
    for match in _RANGE.finditer(text):
        first, last = match["first"] or match["begin"], match["last"] or match["end"]
        if first and last:
            return _between(_days(first, today), _days(last, today), match)
        said = match["start"] or match["stop"] or match["point"] or match["part"]
        days = _days(said, today)
        if not isinstance(days[0], date) and not match["stop"] and (match["since"] or "from").lower() == "from":
            return Period(None, None, match[0], match.span(), every=_yearly(days))
        since, until = _open_ends(match, _latest(days, today))
        if since or until:
            return Period(since, until, match[0], match.span())
    return None


def _between(first: Days | Yearly, last: Days | Yearly, match: re.Match[str]) -> Period:
    """Return the period from one point to another; one without a year has that of the other."""
    if isinstance(first[0], date) and isinstance(last[0], date):
        return Period(first[0], last[1] if isinstance(last[1], date) else None, match[0], match.span())
    if isinstance(last[1], date):
        begins = [_in_year(_yearly(first), last[1].year - back)[0] for back in range(2)]
        begin = next((day for day in begins if day <= last[1]), begins[-1])
        return Period(begin, last[1], match[0], match.span())
    if isinstance(first[0], date):
        end = _in_year(_yearly(last), first[0].year)[1]
        return Period(first[0], end, match[0], match.span())
    return Period(None, None, match[0], match.span(), every=(_yearly(first)[0], _yearly(last)[1]))


def _open_ends(match: re.Match[str], days: Days) -> tuple[date | None, date | None]:
    begin, end = days
    if match["start"]:
        # "videos from 2024" are those of that year, "since 2024" also those that came later.
        if match["since"].lower() == "from":
            return begin, end
        return (begin if match["since"].lower() == "since" else end + timedelta(days=1)), None
    if match["stop"]:
        is_open = match["until"].lower() in {"until", "till", "up to"}
        return None, (end if is_open else begin - timedelta(days=1))
    return begin, end


def _days(words: str, today: date) -> Days | Yearly:
    """Return the days that words name, as far as they name a year; else the part of a year."""
    words = re.sub(r"^the ", "", words.lower().replace("’", "'")).replace("'s", "")
    return _from_today(words, today) or _dated(words)


def _from_today(words: str, today: date) -> Days | None:
    """Return the days that words name which are counted from today: "last month", "yesterday"."""
    if words in {"today", "yesterday"}:
        day = today - timedelta(days=words == "yesterday")
        return day, day
    if many := re.fullmatch(r"(?:last|past) (\d+|[a-z]+(?: of)?) (day|week|month|year)s", words):
        return _lately(many[1], many[2], today), today
    if relative := re.fullmatch(r"(last|this|past) (?:the )?(.+)", words):
        return _relative(relative[1] == "this", relative[2], today)
    return None


def _dated(words: str) -> Days | Yearly:
    """Return the days that words name with a year, or the part of a year that they name without one."""
    if iso := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words):
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    years = re.findall(_YEAR, words)
    if not years:
        return _part(words)
    year = int(years[-1])
    words = words.replace(years[-1], " ")
    if any(re.search(rf"\b{name}\b", words) for name in (*_MONTHS, *_PARTS)):
        return _in_year(_part(words), year)
    first, last = next((few for name, few in _STRETCHES.items() if name in words), (1, 12))
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def _part(words: str) -> Yearly:
    """Return the part of a year that is a season, a feast, a month or a day of one."""
    if named := next((part for name, part in _PARTS.items() if name in words), None):
        return named
    month = next(number for name, number in _MONTHS.items() if re.search(rf"\b{name}\b", words))
    if number := re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", words):
        day = min(max(int(number[1]), 1), _LAST_DAYS[month - 1])
        return (month, day), (month, day)
    return (month, 1), (month, _LAST_DAYS[month - 1])


def _in_year(part: Yearly, year: int) -> Days:
    begin, end = part
    return _day(year, *begin)[0], _day(year + (end < begin), *end)[0]


def _latest(days: Days | Yearly, today: date) -> Days:
    """Return days as they are, or those of the latest such part of a year that has begun."""
    if isinstance(days[0], date) and isinstance(days[1], date):
        return days[0], days[1]
    this = _in_year(_yearly(days), today.year)
    return this if this[0] <= today else _in_year(_yearly(days), today.year - 1)


def _yearly(days: Days | Yearly) -> Yearly:
    begin, end = ((day.month, day.day) if isinstance(day, date) else day for day in days)
    return begin, end


def _day(year: int, month: int, day: int) -> Days:
    month = min(max(month, 1), 12)
    found = date(year, month, min(max(day, 1), monthrange(year, month)[1]))
    return found, found


def _lately(number: str, unit: str, today: date) -> date:
    """Return the day so many days, weeks, months or years ago."""
    few = {"few": 3, "couple of": 2}
    times = int(number) if number.isdigit() else few.get(number, _NUMBERS.get(number, 1))
    days = min(times, 10_000) * {"day": 1, "week": 7, "month": 30.5, "year": 365.25}[unit]
    return today - timedelta(days=min(days, (today - _EARLIEST).days))


def _relative(is_this: bool, unit: str, today: date) -> Days:
    if unit == "year":
        year = today.year - (not is_this)
        return date(year, 1, 1), date(year, 12, 31)
    if unit == "month":
        first = today.replace(day=1)
        first = first if is_this else (first - timedelta(days=1)).replace(day=1)
        return first, first.replace(day=monthrange(first.year, first.month)[1])
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + (0 if is_this else 7))
        return monday, monday + timedelta(days=6)
    part = _part(unit)
    if is_this:
        return _in_year(part, today.year)
    return next(days for days in (_in_year(part, today.year - back) for back in range(4)) if days[1] < today)
