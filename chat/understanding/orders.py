"""What works are called in a question, in what order they are wanted, how many of them, and how long they may last."""

import re
from collections.abc import Sequence
from typing import Literal

Order = Literal["newest", "oldest", "longest", "shortest", ""]
ORDERS: Sequence[Order] = ("newest", "oldest", "longest", "shortest")
ANY_LENGTH = (0.0, float("inf"))
"""The least and the most seconds of a work, where all are meant."""
ALL = 0
"""How many works of an order are meant where all of them are, in that order."""

STRONG = (
    r"(?:videos?|vids?|episodes?|articles?|podcasts?|tutorials?|lessons?|lectures?|interviews?|uploads?|essays?|"
    r"publications?|conversations?|"
    r"programmes?|transcripts?|films?|chapters?|blog posts?)"
)
WEAK = (
    r"(?:works?|shows?|talks?|pieces?|recordings?|texts?|posts?|streams?|sessions?|titles?|ones?|things?|content|"
    r"material|stuff|items?|audios?|scripts?|pages?)"
)
NOUN = rf"(?:{STRONG}|{WEAK})"
ANY_NOUN = re.compile(rf"\b{NOUN}\b")
OWNER = r"(?:(?:of )?(?:your|the|his|her|their|these|those|all|NAME(?:'s)?|you|our|its)(?: own)? )*"


_NUMBERS = {word: number for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
_NUMBERS |= {"few": 3, "couple": 2, "couple of": 2}
_MANY = rf"(?P<many>\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_ORDERED: Sequence[tuple[Order, str]] = (
    ("newest", r"(?:newest|latest|most recent(?:ly)?|last|recent)"),
    ("oldest", r"(?:oldest|earliest|(?:very )?first)"),
    ("longest", r"longest"),
    ("shortest", r"shortest"),
)
_ANY_ORDER = "|".join(pattern for _, pattern in _ORDERED)
_FEW = re.compile(
    rf"\b{_MANY} (?:\w+ )?(?:{_ANY_ORDER})\b"
    rf"|\b(?:{_ANY_ORDER}|top) {_MANY.replace('many', 'after')}\b"
    r"(?! (?:minutes?|hours?|days?|weeks?|months?|years?)\b)"
)
_BY = {
    "latest": "newest", "most recent": "newest", "newer": "newest", "later": "newest", "more recent": "newest",
    "after": "newest", "last": "newest", "earliest": "oldest", "first": "oldest", "older": "oldest",
    "earlier": "oldest", "before": "oldest", "longer": "longest", "shorter": "shortest",
}  # fmt: skip
_FIRST = r"newest|latest|most recent|oldest|earliest|longest|shortest"
_WHOLE = (
    re.compile(rf"\b(?P<by>{_FIRST}) (?:\w+ ){{0,3}}?first\b"),
    re.compile(rf"\b(?P<by>{_FIRST}) (?:\w+ ){{0,2}}?(?:at|on) (?:the )?top\b"),
    re.compile(rf"\b(?P<by>{_FIRST}|first) to (?:{_FIRST}|last)\b"),
    re.compile(
        r"\b(?:in|by)(?: the)?(?: \w+)? (?:order|date|length|duration|number|age)s?\b|\bchronological(?:ly)?\b"
        r"|\b(?:rank|sort|order)(?:ed)? .{0,60}\bby (?:date|length|duration|number|age)\b"
    ),
)
"""What asks for all works in an order, what says the most of it first."""
_NTH = re.compile(rf"\b(?P<nth>second|2nd|third|3rd|fourth|4th|fifth|5th) (?:(?P<by>{_FIRST}|last) )?{STRONG}\b")
_PLACES = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5}


def order_of(word: str) -> Order:
    """Return the order that a word names: "newer" and "after" the newest first; "" where it names none."""
    by = _BY.get(word, word)
    return next((one for one in ORDERS if one == by), "")


def orders_in(words: str) -> tuple[tuple[Order, ...], int]:
    """Return the orders that a question names, as they come, and how many works it wants of each."""
    if listed := next(filter(None, (whole.search(words) for whole in _WHOLE)), None):
        by = listed.groupdict().get("by") or ("longest" if re.search("length|duration", listed[0]) else "oldest")
        return (order_of(by),), ALL
    if nth := _NTH.search(words):
        return (order_of(nth["by"] or "oldest"),), _PLACES[nth["nth"]]
    found = [(match.start(), order) for order, pattern in _ORDERED if (match := re.search(rf"\b{pattern}\b", words))]
    few = _FEW.search(words)
    many = (few["many"] or few["after"]) if few else "1"
    return tuple(order for _, order in sorted(found)), int(many) if many.isdigit() else _NUMBERS[many]


LONGER = r"(?:longer|shorter|newer|older|more recent|earlier|later)"
_OF_TWO = re.compile(rf"\b(?:two|2|both)(?: {NOUN})?(?: on {NOUN})?\b")
_MORE = re.compile(rf"\b{LONGER}\b")


def of_two(words: str) -> tuple[Order, str]:
    """Return the order of two works of a kind that are compared, and the other words; ("", words) where none are.

    "Which of your two videos is longer?" names neither of them.
    """
    more = _MORE.search(words)
    if not more or not _OF_TWO.search(words):
        return "", words
    return order_of(more[0]), _MORE.sub(" ", _OF_TWO.sub(" ", words))


LISTED = re.compile(
    rf"\b(?:list|enumerate|show|give|name|see|which|what|all|every|any|tell)\b|^(?:just |only )?{OWNER}{NOUN}\b|"
    rf"\bdo you have\b|\bare there\b"
)
_LASTING = re.compile(
    r"\b(?P<than>longer than|more than|over|at least|shorter than|less than|under|at most|up to) (?:an? )?"
    r"(?P<number>\d{1,6}|half|an?|one|two)? ?(?P<unit>min|mins|minutes?|hours?|h)\b"
)


_SOME = frozenset(
    "anything something nothing is there have has got you i me do does show give need want to watch read hear see "
    "listen short shorter long longer quick please that's that but for which what lasts last in here your".split()
)
"""Words beside a length where nothing else is said of what should last so long: "something short, under 9 minutes"."""


def lasting_in(words: str) -> tuple[float, float] | None:
    """Return how many seconds works are to last that a question asks for: "videos longer than 10 minutes"."""
    found = _LASTING.search(words)
    is_of_works = LISTED.search(words) and ANY_NOUN.search(words)
    if found is None or not (is_of_works or _SOME.issuperset(_LASTING.sub(" ", words).replace(",", " ").split())):
        return None
    number = {"half": 0.5, "two": 2.0}.get(found["number"] or "", 1.0)
    number = float(found["number"]) if (found["number"] or "").isdigit() else number
    seconds = number * (3600 if found["unit"].startswith("h") else 60)
    is_least = found["than"] in {"longer than", "more than", "over", "at least"}
    return (seconds, ANY_LENGTH[1]) if is_least else (0.0, seconds)
