"""What a question about the collection asks for, and what its words say of it: which works, how many, in what order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from chat.understanding.dates import Period

Order = Literal["newest", "oldest", "longest", "shortest", ""]
ORDERS: Sequence[Order] = ("newest", "oldest", "longest", "shortest")


class Ask(StrEnum):
    """What is asked of the collection."""

    CREATORS = "creators"
    TOPICS = "topics"
    LIST = "list"
    COUNT = "count"
    YEARS = "years"
    WORK = "work"
    LENGTH = "length"
    DATE = "date"
    COMPARISON = "comparison"
    ABOUT = "about"
    MENTIONS = "mentions"
    GUESTS = "guests"
    APPEARANCES = "appearances"
    HOSTS = "hosts"
    TEXTS = "texts"
    RECORDINGS = "recordings"
    CHAPTERS = "chapters"
    CADENCE = "cadence"


ANY_LENGTH = (0.0, float("inf"))
"""The least and the most seconds of a work, where all are meant."""
ALL = 0
"""How many works of an order are meant where all of them are, in that order."""


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """A question that the catalogue can answer.

    ``subject`` is what is looked for: a topic, a word, a person, or words of a title; "" where all works are meant.
    ``other`` names the work that it is compared with. ``orders`` are those of which the first ``number`` works are
    meant. ``noun`` is what the works are called, "" where they aren't. ``is_title`` says that only titles are looked
    through. ``seconds`` are the least and the most that a work may last, ``is_only`` says that no works called
    otherwise count.
    """

    ask: Ask
    subject: str = ""
    orders: tuple[Order, ...] = ()
    noun: str = ""
    period: Period | None = None
    is_title: bool = False
    seconds: tuple[float, float] = ANY_LENGTH
    is_only: bool = False
    number: int = 1
    other: str = ""

    @property
    def order(self) -> Order:
        """The first of its orders, "" where it has none."""
        return self.orders[0] if self.orders else ""


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
_STRONG_NOUN = re.compile(rf"\b{STRONG}\b")
ANY_NOUN = re.compile(rf"\b{NOUN}\b")
OWNER = r"(?:(?:of )?(?:your|the|his|her|their|these|those|all|NAME(?:'s)?|you|our|its)(?: own)? )*"

PLAIN_WORDS = frozenset(
    "NAME a about after again all also altogether am amount amounts an and and's any anybody anyone anything appear "
    "appeared appears archive are article articles as ask at author authors available be been before between both by "
    "called came can catalog catalogue channel channels collection come complete corpus could count cover covered "
    "covering covers create created creator creators currently database date day deal deals did discuss discussed do "
    "does does's done duration during each earliest else entire enumerate ever every everybody everyone everything "
    "everything's exactly exist exists experts far fewer final find first for from full get give go got had has have "
    "he her here hers him his host hosts hour hours how i i'd in is it its just kind know last lasts latest length "
    "less let library like list long long's longest lot lots made make making many material me mean minute minutes "
    "more most much my name name's named names new newest now number of old oldest on one only or other others our "
    "ours out over overall own page people person persons please post posted produce produced publish published put "
    "recent recently record recorded release released running runs runtime said say see series she shortest show "
    "since site so some somebody someone something sort speak speaks spoke subject subjects talk talked talking talks "
    "taught teach teachers teaches tell than that the their theirs them theme themes there there's these they thing "
    "things this those time title titled titles to today together topic topics total treat type until up upload "
    "uploaded upon us voices want was we website were what what's when when's where's which who who's whole whom with "
    "work works write written wrote wrote's yet you your yours really actually exactly roughly chronological "
    "chronologically order ordered sorted per productive prolific active guys hey thanks then three".split()
)
"""Words that ask nothing by themselves: a question with any other word is about more than the list of works."""

_HEADS = frozenset(
    "two several average typical mean altogether year years date dates month months guest guests interviewer "
    "interviewers interviewee interviewees interviews interviewed interview hosts hosted spoke appears".split()
)


def own_words(words: str) -> str:
    """Return the words of a question that neither ask nor name works: those of a title, or of a subject."""
    few = words.replace(",", " ").split()
    return " ".join(one for one in few if one not in PLAIN_WORDS | _HEADS and not ANY_NOUN.fullmatch(one))


def noun_in(words: str, *, is_strong: bool = False) -> str:
    """Return what works are called in a question, "" where they aren't; ``is_strong`` leaves out "ones", "things"."""
    found = _STRONG_NOUN.search(words) or (None if is_strong else ANY_NOUN.search(words))
    return found[0] if found else ""


ANAPHORS = frozenset("it that this they them these those he she him".split())
_ONLY = re.compile(r"\b(?:only|just|no|not|nothing but)\b")


def is_only_these(words: str) -> bool:
    """Say whether no works count but those that are called so: "articles only"."""
    return bool(_ONLY.search(words))


def points_back(words: str) -> bool:
    """Say whether a question holds a word that stands for what was said before."""
    return bool(ANAPHORS & set(words.split()))


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
_IN_ORDER = re.compile(
    r"\b(?P<by>newest|latest|most recent|oldest|earliest|longest|shortest) (?:ones? |first |to \w+ )*first\b"
    r"|\b(?:in|by)(?: the)?(?: \w+)? (?:order|date|length)\b|\bchronological(?:ly)?\b|\bfrom (?:first|oldest) to \w+"
)
_BY = {"latest": "newest", "most recent": "newest", "earliest": "oldest"}


def orders_in(words: str) -> tuple[tuple[Order, ...], int]:
    """Return the orders that a question names, as they come, and how many works it wants of each."""
    if listed := _IN_ORDER.search(words):
        by = _BY.get(listed["by"] or "", listed["by"] or ("longest" if "length" in listed[0] else "oldest"))
        return tuple(one for one in ORDERS if one == by), ALL
    found = [(match.start(), order) for order, pattern in _ORDERED if (match := re.search(rf"\b{pattern}\b", words))]
    few = _FEW.search(words)
    many = (few["many"] or few["after"]) if few else "1"
    return tuple(order for _, order in sorted(found)), int(many) if many.isdigit() else _NUMBERS[many]


LISTED = re.compile(
    rf"\b(?:list|enumerate|show|give|name|see|which|what|all|every|any|tell)\b|^(?:just |only )?{OWNER}{NOUN}\b|"
    rf"\bdo you have\b|\bare there\b"
)
_LASTING = re.compile(
    r"\b(?P<than>longer than|more than|over|at least|shorter than|less than|under|at most|up to) (?:an? )?"
    r"(?P<number>\d+|half|an?|one|two)? ?(?P<unit>min|mins|minutes?|hours?|h)\b"
)


def lasting_in(words: str) -> tuple[float, float] | None:
    """Return how many seconds works are to last that a question asks for: "videos longer than 10 minutes"."""
    found = _LASTING.search(words) if LISTED.search(words) and ANY_NOUN.search(words) else None
    if found is None:
        return None
    number = {"half": 0.5, "two": 2.0}.get(found["number"] or "", 1.0)
    number = float(found["number"]) if (found["number"] or "").isdigit() else number
    seconds = number * (3600 if found["unit"].startswith("h") else 60)
    is_least = found["than"] in {"longer than", "more than", "over", "at least"}
    return (seconds, ANY_LENGTH[1]) if is_least else (0.0, seconds)


def normal_words(text: str) -> str:
    """Return the words in lower case, but for ``NAME``, with single spaces; commas stay, as they part what is asked."""
    words = re.findall(
        r"NAME|[^\W_]+(?:['’.:+#-][^\W_]+)*|[,+#]", re.sub(r"NAME['’]s?", "NAME", _CONTRACTED.sub(_expanded, text))
    )
    lower = " ".join(word if word == "NAME" else word.lower().replace("’", "'") for word in words)
    full = re.sub(r"\b(?:no|nr|num) of\b|# of\b", "number of", lower)
    full = re.sub(r"\br (?=you|u|there|the|your|they|these|about|in)\b", "are ", full)
    full = re.sub(r"\bones?'s\b", "one is", full)
    full = _HURRIED.sub(lambda word: _IN_FULL[word[0]], full)
    return re.sub(r" ,", ",", full).strip(" ,")


_IN_FULL = {
    "whats": "what's",
    "hows": "how's",
    "wheres": "where's",
    "whos": "who's",
    "u": "you",
    "ur": "your",
    "vids": "videos",
    "vid": "video",
    "eps": "episodes",
    "ep": "episode",
    "pls": "please",
    "plz": "please",
    "wich": "which",
    "wat": "what",
    "wats": "what's",
    "bout": "about",
    "abt": "about",
}
_HURRIED = re.compile(rf"\b(?:{'|'.join(_IN_FULL)})\b(?!['’])")
"""How words are written in a hurry, as far as none is a word of its own."""


_CONTRACTED = re.compile(r"(?<=\w)['’](ve|re|ll)\b")


def _expanded(contracted: re.Match[str]) -> str:
    return {"ve": " have", "re": " are", "ll": " will"}[contracted[1]]


CLOSE = re.compile(
    # Each close is taken whole, and once: several can be read in two ways, and all ways of many would take for ever.
    r"(?:[ ,]+(?:(?:and |just )*(?:its|the) (?:number|title|name)|(?:the )?(?:title|name)(?: please)?|"
    r"in here|which (?:number|one|episode|ones?)(?: is it| (?:is|was) (?:it|that))?|"
    r"and which (?:number|one)(?: is it)?|(?:and )?what(?:'s|"
    r" is| was) (?:it|that|this)(?: one)?(?: called)?(?: again)?|and what(?:'s| is) it called|please|here|at all|"
    r"(?:and )?what is it|NAME(?: or NAME)+|called(?: again)?|point me to it|with (?:dates?|times?|length)|"
    r"which was (?:that|it)|can't remember.*|don't remember.*|"
    r"(?:at|in) (?:the )?(?:moment|total)|so far)(?=[ ,]|$))++$"
)
_EDGE = re.compile(
    r"^(?:(?:the |a |any |some )?(?:bit|bits|part|parts|stuff|things?|something|anything|section|place|moment|info)"
    r"(?: (?:about|on|where|with|of|that))+ |(?:he|she|they|you|we|i|NAME)"
    r"(?: (?:explains?|talks? about|shows?|covers?|says?|discuss(?:es)?|mentions?))?(?= \w)"
    r" |the |an? |your |any |some |word |term |topic of |subject of |how |to |about |on )+|[\s,;:]+$"
)


_AND_WHO = re.compile(r",? and (?:with )?(?:whom?|when|where|how long)\b.*$")
"""What a question for a work on something asks beside: "… and who speaks there?"."""


def subject_in(words: str) -> str:
    """Return what is looked for without what merely introduces it; "" where nothing is left."""
    words = _EDGE.sub("", CLOSE.sub("", _AND_WHO.sub("", words).strip(" ,")))
    words = re.sub(
        r"(?: (?:in (?:your|the|all|his|her|their) (?:\w+ )?\w+|"
        r"on (?:your|the|this) (?:podcast|show|channel|site|page)|(?:most|more) often|altogether|in total|here|"
        r"overall|so far))+$",
        "",
        words,
    )
    own = [word for word in words.replace(",", " ").split() if word not in ANAPHORS and word != "NAME"]
    return words.strip(" ,") if any(word not in PLAIN_WORDS for word in own) else ""
