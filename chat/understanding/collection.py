"""What a question about the collection asks for, and what its words say of it: which works, how many, in what order."""

import re
from dataclasses import dataclass
from enum import StrEnum

from chat.understanding.dates import Period
from chat.understanding.orders import ANY_LENGTH, ANY_NOUN, NOUN, STRONG, Order


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
    "bloke guy chap fella lady man woman gentleman two four five six seven eight nine ten second third fourth fifth "
    "then whose besides apart except number numbers several "
    "average typical mean altogether year years date dates month months guest guests "
    "interviewing hosting interviewer interviewers interviewee interviewees interviews interviewed interview hosts "
    "hosted spoke appears".split()
)


def own_words(words: str) -> str:
    """Return the words of a question that neither ask nor name works: those of a title, or of a subject."""
    few = words.replace(",", " ").split()
    return " ".join(one for one in few if one not in PLAIN_WORDS | _HEADS and not ANY_NOUN.fullmatch(one))


_STRONG_NOUN = re.compile(rf"\b{STRONG}\b")


def noun_in(words: str, *, is_strong: bool = False) -> str:
    """Return what works are called in a question, "" where they aren't; ``is_strong`` leaves out "ones", "things"."""
    strong = _STRONG_NOUN.findall(words)
    # "The two lectures on video" are videos.
    found = (
        [one for one in strong if one.removesuffix("s") in _KINDS]
        or strong
        or ([] if is_strong else [match[0] for match in ANY_NOUN.finditer(words)])
    )
    return found[0] if found else ""


_KINDS = frozenset({"video", "vid", "film", "podcast", "article", "essay", "blog post"})
"""Nouns that mean works of one kind only."""


ANAPHORS = frozenset("it that this they them these those he she him".split())
_ONLY = re.compile(r"\b(?:only|just|no|not|nothing but)\b")


def is_only_these(words: str) -> bool:
    """Say whether no works count but those that are called so: "articles only"."""
    return bool(_ONLY.search(words))


def points_back(words: str) -> bool:
    """Say whether a question holds a word that stands for what was said before."""
    return bool(ANAPHORS & set(words.split()))


def normal_words(text: str) -> str:
    """Return the words in lower case, but for ``NAME``, with single spaces; commas stay, as they part what is asked."""
    words = re.findall(
        r"NAME|[^\W_]+(?:['’.:+#-][^\W_]+)*|[,+#]", re.sub(r"NAME['’]s?", "NAME", _CONTRACTED.sub(_expanded, text))
    )
    lower = " ".join(word if word == "NAME" else word.lower().replace("’", "'") for word in words)
    full = re.sub(r"\b(?:no|nr|num) of\b|# of\b", "number of", lower)
    full = re.sub(r"\br (?=you|u|there|the|your|they|these|about|in)\b", "are ", full)
    full = re.sub(r"\bones?'s\b", "one is", full)
    full = re.sub(r"\b(number|title|name|date|length)'s (?=the|that|your|his|her)", r"\1 is ", full)
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
    r"(?:(?<![ ,])[ ,]++(?:(?:and |just )*(?:its|the) (?:number|title|name)|(?:the )?(?:title|name|number)(?: please)?|"
    r"in here|and where|which (?:number|one|episode|ones?)(?: is it| (?:is|was) (?:it|that))?|"
    r"and which (?:number|one)(?: is it)?|(?:and )?what(?:'s|"
    r" is| was) (?:it|that|this)(?: one)?(?: called)?(?: again)?|and what(?:'s| is) it called|please|here|at all|"
    r"(?:and )?what is it|NAME(?: or NAME)+|called(?: again)?|point me to it|"
    r"with (?:their |the )?(?:dates?|times?|lengths?|titles?)(?: and (?:their |the )?(?:dates?|times?|lengths?))?|"
    r"how(?:'s| is| was) (?:it|that|this) called|"
    r""
    r"which was (?:that|it)|can't remember.*|don't remember.*|"
    r"(?:at|in) (?:the )?(?:moment|total)|so far)(?=[ ,]|$))++$"
)
_EDGE = re.compile(
    r"^(?:(?:the |a |any |some )?(?:bit|bits|part|parts|stuff|things?|something|anything|section|place|moment|info)"
    r"(?: (?:about|on|where|with|of|that))+ |(?:he|she|they|you|we|i|NAME)"
    r"(?: (?:explains?|talks? about|shows?|covers?|says?|discuss(?:es)?|mentions?))?(?= \w)"
    r" |the |an? |your |any |some |both |word |term |topic of |subject of |how |to |about |on )+|[\s,;:]+$"
)


_MOST_WORKS = re.compile(rf"(?:the )?(?:most|fewest|least|more|fewer) {NOUN}\b")
_AND_WHO = re.compile(r",? and (?:with )?(?:whom?|when|where|how long)\b.*$")
"""What a question for a work on something asks beside: "… and who speaks there?"."""


def subject_in(words: str) -> str:
    """Return what is looked for without what merely introduces it; "" where nothing is left."""
    words = _EDGE.sub("", CLOSE.sub("", _AND_WHO.sub("", words).strip(" ,")))
    words = re.sub(
        r"(?: (?:in (?:your|the|all|his|her|their) (?:\w+ )?\w+|"
        r"on (?:your|the|this) (?:podcast|show|channel|site|page)|(?:most|more) often|altogether|in total|here|"
        r"overall|so far|(?:is|are|was|were|gets?) (?:discussed|mentioned|covered|explained|talked about|shown)))+$",
        "",
        words,
    )
    own = [word for word in words.replace(",", " ").split() if word not in ANAPHORS and word != "NAME"]
    if _MOST_WORKS.match(words):
        return ""
    return words.strip(" ,") if any(word not in PLAIN_WORDS for word in own) else ""
