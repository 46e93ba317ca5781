"""Works: their titles, numbers and dates, as a sentence names them and as a passage has them."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from chat.events.events import Passage
from chat.grounding.quantities.units import MONTHS
from chat.grounding.verification.people import NAME

_MONTH = rf"(?:(?i:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?)"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:\d{{4}}-\d\d-\d\d|(?:(?:{_DAY} (?:of )?)?{_MONTH}(?: {_DAY})?,? (?:of )?)?(?:19|20)\d\d)\b"
KIND = (
    r"(?i:(?:podcast |video |radio )?"
    r"(?:video|episode|talk|podcast|article|course|interview|piece|lesson|post|work|show|session|lecture|clip))"
)
_WHOSE = rf"(?:(?:(?i:the|an?|his|her|their|this|that|one)|{NAME}[’']s?) )?"
_TIMED = rf"(?:,? ?\((?:{KIND},? )?(?P<inside>{_DATE})\)|,? (?:from|of|in|dated|published in) (?P<behind>{_DATE}))?"
_LEADING = rf"(?:^|,? )(?:(?i:in|on|from|during) )?{_WHOSE}(?:(?P<ahead>{_DATE}) )?(?:{KIND},? )?"
TITLED = rf"{_LEADING}(?:(?i:titled|called|named|on) )?(?:§){_TIMED},?"
"""A title with the words that lead to it; the title itself is put where ``§`` stands."""
QUOTED = re.compile(
    rf"(?P<lead>(?:^|,? )(?i:in|on|from|during) {_WHOSE}(?:{_DATE} )?(?:{KIND},? )?(?:(?i:titled|called|named|on) )?)"
    r"[“\"‘*_]+(?P<title>[^“”\"*_]{2,120}?)[,.]?[”\"’*_]+(?!\w)"
)
_SMALL = r"(?:of|the|and|for|an?|to|with|without|in|on|at|from)"
BARE = re.compile(
    rf"^(?i:in|on|from) (?P<title>[A-Z][\w’'-]*(?:,? (?:[A-Z][\w’'-]*|{_SMALL})){{1,8}}), (?={NAME} |(?:she|he|they) )"
)
"""A title without quotation marks, before somebody's name."""
EPISODE = re.compile(
    rf"(?:^|,? )(?:(?i:in|on|from|during) )?{_WHOSE}(?i:episode|ep\.?) #?(?P<number>\d{{1,4}})\b"
    rf"(?: (?:of|from|on) (?P<show>{NAME}))?{_TIMED},?"
)
DATED = re.compile(
    rf"^(?i:in|on|from|back in|as of) (?:{_WHOSE}(?:(?P<ahead>{_DATE}) )?{KIND}{_TIMED}|(?P<date>{_DATE})),? (?=\S)"
)
ANY_DATE = re.compile(_DATE)
TITLE_LIKE = 0.85


def titles_of(passages: Sequence[Passage]) -> list[str]:
    """Return the titles, the longest first, each also without what follows its first comma or colon."""
    whole = {one.title for one in passages if one.title}
    return sorted(whole | {re.split(r"[,:–—(]", title)[0].strip() for title in whole}, key=len, reverse=True)


def numbers_of(passages: Sequence[Passage]) -> set[str]:
    """Return the numbers, in digits, that passages have."""
    return {number for one in passages for number in re.findall(r"\d+", one.text)}


def is_title(title: str, known: str) -> bool:
    """Say whether a title is a known one, or most of it."""
    one, other = (re.sub(r"[^\w ]", "", text.lower()).split() for text in (title, known))
    if not one or not other:
        return False
    is_part = f" {' '.join(one)} " in f" {' '.join(other)} " or f" {' '.join(other)} " in f" {' '.join(one)} "
    return is_part or SequenceMatcher(None, one, other, autojunk=False).ratio() >= TITLE_LIKE


def is_same_date(date: str, published: str) -> bool:
    """Say whether a date, to a year, a month or a day, is that of an ISO date."""
    year, month, day = ([*published.split("-"), "", ""])[:3]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", date):
        return date == published
    words = re.findall(r"[a-z]+|\d+", date.lower())
    months = [MONTHS[word] for word in words if word in MONTHS]
    days = [int(word) for word in words if word.isdigit() and len(word) < 3]
    is_month = not months or not month or months[0] == int(month)
    is_day = not days or not day or days[0] == int(day)
    return year in words and is_month and is_day
