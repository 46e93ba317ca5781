"""Questions about the collection rather than about what is said in it, told by their wording: lists, counts, dates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from chat.understanding.dates import Period, period_in
from chat.understanding.frames import without_courtesy

Order = Literal["newest", "oldest", "longest", "shortest", ""]
ORDERS: Sequence[Order] = ("newest", "oldest", "longest", "shortest")


class Ask(StrEnum):
    """What is asked of the collection."""

    CREATORS = "creators"
    TOPICS = "topics"
    LIST = "list"
    COUNT = "count"
    LENGTH = "length"
    DATE = "date"
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


@dataclass(frozen=True, slots=True)
class CollectionQuestion:
    """A question that the catalogue can answer.

    ``subject`` is what is looked for: a topic, a word, a person, or words of a title; "" where all works are meant.
    ``noun`` is what the works are called, "" where they aren't. ``is_title`` says that only titles are looked through.
    ``seconds`` are the least and the most that a work may last, ``is_only`` says that no works called otherwise count.
    """

    ask: Ask
    subject: str = ""
    order: Order = ""
    noun: str = ""
    period: Period | None = None
    is_title: bool = False
    seconds: tuple[float, float] = ANY_LENGTH
    is_only: bool = False


_STRONG = (
    r"(?:videos?|vids?|episodes?|articles?|podcasts?|tutorials?|lessons?|lectures?|interviews?|uploads?|essays?|"
    r"publications?|"
    r"programmes?|transcripts?|films?|chapters?|blog posts?)"
)
_WEAK = (
    r"(?:works?|shows?|talks?|pieces?|recordings?|texts?|posts?|streams?|sessions?|titles?|ones?|things?|content|"
    r"material|stuff|items?)"
)
_NOUN = rf"(?:{_STRONG}|{_WEAK})"
_STRONG_NOUN = re.compile(rf"\b{_STRONG}\b")
_ANY_NOUN = re.compile(rf"\b{_NOUN}\b")
_OWNER = r"(?:(?:of )?(?:your|the|his|her|their|these|those|all|NAME(?:'s)?|you|our|its)(?: own)? )*"

_PLAIN_WORDS = frozenset(
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
    "work works write written wrote wrote's yet you your yours really actually exactly roughly".split()
)
"""Words that ask nothing by themselves: a question with any other word is about more than the list of works."""

_ORDERS: Sequence[tuple[Order, re.Pattern[str]]] = (
    ("newest", re.compile(r"\b(?:newest|latest|most recent(?:ly)?|last|recent)\b")),
    ("oldest", re.compile(r"\b(?:oldest|earliest|(?:very )?first)\b")),
    ("longest", re.compile(r"\blongest\b")),
    ("shortest", re.compile(r"\bshortest\b")),
)
_MADE = (
    r"(?:publish|release|put out|make|made|upload|post|record|produce|create|write|wrote|come out|came out|"
    r"appear)(?:e?d|s|en)?"
)
_IS_MADE = re.compile(rf"\b(?:{_MADE}|written|done)\b")

_CREATORS = re.compile(
    r"^(?:and )?(?:so )?(?:who (?:else )?(?:is|are|do you have|can i (?:ask|talk to|question))|who else\b|"
    r"whom (?:else )?(?:can|could|may|do)"
    r"|(?:is|are) there (?:any(?:body|one)|some(?:body|one)) else"
    r"|(?:which|what|list|name|show|how many|give|tell|are there|do you have|any|the|all)\b.*"
    r"\b(?:creators?|people|persons|authors?|hosts?|channels|voices|experts|teachers)\b)"
)
_TOPICS = re.compile(
    r"\b(?:topics?|subjects?|themes?)\b"
    r"|^(?:so )?what (?:(?:all |kind of (?:things|stuff) |sort of (?:things|stuff) )?(?:do|does|can|did) (?:you|"
    r"he|she|they|NAME|the creators?|people)(?: all| usually| mostly)?"
    r" (?:talk|speak|write|teach|cover|discuss|do videos|make videos|deal)(?: about| with| of| on)?(?: here|"
    r" in (?:your|the|his|her|their) \w+)?"
    rf"|(?:is|are) (?:your|the|his|her|their|this|these|NAME(?:'s)?)(?: own)? (?:{_NOUN}|channel|site|page|"
    rf"website|collection|archive|library|series)(?: all)? about"
    r"|(?:is|'s) (?:here|there|in (?:here|there|this|the)|available|everything)\b)"
    r"|^(?:tell me (?:more |something |a bit )?about|introduce|who(?:'s| is)) NAME(?: here)?$"
    r"|^what's (?:here|in (?:here|there|this|the))\b|^what (?:have you|do you have|you have|you) got\b|"
    r"^what do you have\b"
)
_LISTED = re.compile(
    rf"\b(?:list|enumerate|show|give|name|see|which|what|all|every|any|tell)\b|^{_OWNER}{_NOUN}\b|"
    rf"\bdo you have\b|\bare there\b"
)
_NEW = re.compile(
    r"^(?:and )?(?:(?:what(?:'s| is)|anything|is there anything) new|(?:what(?:'s| is) |and )?(?:your |the )?"
    r"(?:latest|newest|most recent|oldest|earliest|longest|shortest))(?: one| here| from NAME| by NAME)*$"
)
_CATALOGUE = re.compile(
    r"^(?:the |your )?(?:full |whole |complete |entire )*(?:catalog(?:ue)?|archive|library)(?: please)?$"
)
_LENGTH = re.compile(
    r"^(?:and |so )?(?:how long (?:is|are|was|were|does|do)\b|how long \w+$|what(?:'s| is| are) the (?:total |"
    r"whole |overall |average |typical |mean )?(?:length|duration|running time|playing time|runtime)s?\b"
    r"|how (?:many|much) (?:hours|minutes|material|content|time|stuff)\b"
    r"|(?:total |whole |overall |average |typical |mean )?(?:length|running time|runtime|duration)\b)"
)
_DATE = re.compile(
    rf"^(?:and |so )?(?:when|(?:(?:on|in) )?(?:what|which) (?:date|day|month|year)) (?:did|was|were|is|has|"
    rf"have)\b.*\b{_MADE}\b"
    rf"|^(?:and |so )?when (?:was|were|is) (?:the|your|NAME) (?:\w+ )?{_NOUN}\b|^how old (?:is|are)\b"
    rf"|^(?:what|which) (?:is|was|date is|date was|date does|date did)\b.*\bdate of\b"
    rf"|^(?:and |so )?(?:from |in )?(?:what|which) (?:year|date|month|day)s? (?:is|are|was|were|do|does) .*\b{_NOUN}\b"
)
_COUNT = re.compile(
    rf"\b(?:how many|number of|count)\b(?: \w+){{0,3}}? {_NOUN}\b|\b(?:have|has|published|made|"
    rf"with)\b.*\b(?:more|most|fewest|fewer)\b|\bmore {_NOUN}\b"
)
_GUESTS = re.compile(
    r"^(?:and |so )?(?:who|which|what|list|name|show|how many|any|do you|have you|did you|"
    r"are there)\b.*\b(?:guests?|interviewees?|interviewers?)\b"
    r"|^(?:and |so )?who (?:interviews|interviewed|speaks|spoke|talks|appears|is interviewed|is speaking|"
    r"is talking|is) (?:you|NAME|with|in|on|to)\b"
    r"|^(?:and |so )?who(?:m)? (?:is|was|were|has been|have been|do you|did you|have you|do|did|have|has|"
    r"does)(?: NAME)? "
    r"(?:being )?(?:interview(?:ed|s)?|heard|featured|talking|speaking)\b"
)

_IS_GUEST = re.compile(
    r"\b(?:guests?|interviewe[er]s?|(?:two|several|other|many|more than one) (?:people|persons|speakers|voices))\b"
)

_ASKS_WHETHER = re.compile(r"(?:(?:is|are) there|which|what|any)\b")

_USE = r"(?:use|used|uses|utter|utters|drop|drops) the (?:word|words|term|phrase|expression)s?"
_SAYING = (
    rf"(?:mention(?:s|ed)?|says?|said|talk(?:s|ed)? (?:about|of)|speaks? (?:about|of)|spoke (?:about|of)|"
    rf"refers? to|bring(?:s)? up|{_USE}|"
    r"cover(?:s|ed)?|discuss(?:es|ed)?|deal(?:s)? with|are about|is about|contain(?:s)?|touch(?:es)? on|"
    r"go(?:es)? into)(?: the (?:word|words|term|phrase))?"
)
_SUBJECT = r"(?:you|he|she|they|i|we|NAME(?: (?:and|or) NAME)*|anyone|anybody|people|everyone)"
_MENTIONS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^(?:and |so |can you |could you |please )*(?:count )?how (?:often|many times|frequently) (?:(?:do|"
        rf"does|did|has|have) {_SUBJECT}|{_SUBJECT}) (?:ever )?"
        r"(?:mention(?:ed|s)?|say|says|said|talk(?:ed)? (?:about|of)|speak (?:about|of)|spoke of|"
        r"refer(?:red)? to|bring up|"
        rf"{_USE})(?: the (?:word|words|term|phrase))? (?P<x>.+)$",
        r"^(?:and |so )?how (?:often|many times|frequently) (?:is|are|was|were|has|have|does|"
        r"do) (?P<x>.+?) (?:been )?(?:mentioned|said|talked about|spoken of|come up|named)\b.*$",
        rf"^(?:and |so )?(?:how many|in how many)(?: of)? (?:your |the |his |her |their |all |"
        rf"these )*{_NOUN} (?:here )?(?:do you |does NAME |did you )?{_SAYING} (?P<x>.+)$",
        rf"^(?:and |so )?(?:who|which (?:creator|person|one)|which of (?:them|"
        rf"the creators))(?: here)? {_SAYING} (?P<x>.+?) (?:the )?(?:most|more|least|less)(?: often|"
        rf" frequently)?\b.*$",
        rf"^(?:and |so )?(?:who|which (?:creator|person|one|of them)) (?:most|more) often {_SAYING} (?P<x>.+)$",
        r"^(?:and |so )?who(?: here| else| of (?:them|you))* (?:talks|speaks|spoke|talked) (?:about|of) (?P<x>.+)$",
        r"^(?:and |so )?who(?: here| else| of (?:them|you))* (?:mentions|mentioned|covers|covered|"
        r"discusses) (?P<x>.+)$",
        r"^(?:and |so )?how (?:often|many times|frequently) (?:is|are|was|were) (?:the )?(?:word|term|"
        r"phrase) (?P<x>.+?) "
        r"(?:used|said|mentioned|spoken|uttered)\b.*$",
        r"^(?:the )?(?:number|count) of (?:times|mentions)(?: of| you (?:say|mention))? (?P<x>.+)$",
    )
)
_NO_VERB = r"(?!(?:is|are|was|were|do|does|did|can|could|would|will|has|have|had|should|must|may|happen|happens)\b)"
_LISTING = re.compile(
    rf"^(?:and |so |please |can you |could you )*(?:"
    rf"(?:in |on )?(?:which|what) {_NO_VERB}(?:of )?{_OWNER}(?:other )?(?:\w+ ){{0,2}}?{_STRONG}(?: (?:of|by|"
    rf"from) (?:yours|NAME|you|theirs|his|hers))?"
    rf"|(?:in |on )?(?:which|what) (?:of )?{_OWNER}{_WEAK}(?: of yours| by NAME)?"
    rf"|(?:is|are) there (?:an?|any|some|other|no) ?(?:other |also )?{_NOUN}?|(?:is|are) there (?:anything|"
    rf"something|a place)"
    rf"|(?:do|have|does|has) (?:you|NAME|they|he|she|anyone|anybody)(?: guys)? (?:have|got|made?|done|"
    rf"publish(?:ed)?|record(?:ed)?)? ?(?:an?|any|some)? ?(?:other )?(?:{_NOUN}|anything|something)"
    rf"|(?:do|does) any(?: of)? {_OWNER}{_NOUN}|any(?:thing| {_NOUN})"
    rf"|(?:list|show|give|find|name|tell) (?:me )?(?:all |every |the |your |his |her |their |any |an? |"
    rf"of )*(?:\w+ ){{0,2}}?(?:{_STRONG}|{_WEAK})"
    rf"|where (?:is|are|can i (?:find|see|watch|read)) (?:the|your|an?|that|NAME's?) {_NOUN}"
    rf"|where (?:do|does|did|have|has) (?:you|NAME|they|he|she|people|anyone)(?= )"
    rf"|(?:is|are) there {_NOUN}(?= (?:on|about)\b)"
    rf"|(?:list|show|give|find|tell) (?:me )?(?:everything|anything|all|what)(?: there is)?(?: (?:that )?(?:you|NAME|"
    rf"they|he|she) "
    rf"(?:all )?(?:have|has|got|made|published|recorded|know))?"
    rf")(?P<rest>.*)$"
)
_CONNECTIVE = re.compile(
    r"^ ?(?:(?:do|does|did|can|could|would|is|are|was|were|has|have|that|which|where|in which|you|he|she|they|i|"
    r"we|NAME|people|here|there|all|also|ever|actually|mostly) )*"
    r"(?:about|on|cover(?:s|ing|ed)?|treat(?:s|ing)?|discuss(?:es|ed|ing)?|mention(?:s|ed|ing)?|explain(?:s|ed|ing)?|"
    r"deal(?:s|t|ing)? with|talk(?:s|ed|ing)? (?:about|of)|speak(?:s|ing)? (?:about|of)|spoke (?:about|of)|"
    r"go(?:es)? into|touch(?:es)? on|show(?:s)? how to|teach(?:es)?|with|focus(?:es)? on|"
    r"find|hear about|learn about|read about|has|have|contain(?:s|ing)?|named|called|titled) (?P<x>.+)$"
)
_IN_TITLE = re.compile(r"^(?P<x>.+?) in (?:the|its|their) (?:title|name)s?$")
_APPEARS = re.compile(
    rf"^(?:(?:in|on) )?(?:which|what) {_OWNER}{_NOUN} (?:is|was|does|did|has|had|features?|"
    rf"can i hear)(?: there)? (?P<x>.+?)"
    r"(?: (?:an?|the|your) (?:guest|interviewee)| (?:appear|appears|speak|speaks|talk|talks|interviewed|on|in|"
    r"featured|a guest|guest))*$"
    r"|^where (?:can|could|do) i (?:hear|listen to|find) (?P<y>.+?)(?: speak(?:ing)?| talk(?:ing)?| here)*$"
    rf"|^(?:which|what) {_OWNER}{_NOUN} (?:is|are|was|were) (?P<z>.+?) (?:in|on)$"
)
ANAPHORS = frozenset("it that this they them these those he she him".split())
_CLOSE = re.compile(
    r"(?:[ ,]+(?:and (?:its|the) (?:number|title|name)|"
    r"in here|which (?:number|one|episode|ones?)(?: is it)?|and which (?:number|one)(?: is it)?|what(?:'s|"
    r" is) it called|and what(?:'s| is) it called|please|here|at all|(?:and )?what is it|NAME(?: or NAME)+|"
    r"(?:at|in) (?:the )?(?:moment|total)|so far))+$"
)
_EDGE = re.compile(r"^(?:the |an? |your |word |term |topic of |subject of |how |to )+|[\s,;:]+$")


def collection_question(text: str, *, today: date, is_follow_up: bool = False) -> CollectionQuestion | None:
    """Return what a question asks of the collection, or None where it asks for what is said in it.

    ``text`` has ``NAME`` wherever it names a creator. A question after others that points back is left to the search.
    """
    text = without_courtesy(text)
    period = period_in(text, today=today)
    without = text[: period.span[0]] + " " + text[period.span[1] :] if period else text
    words = _CLOSE.sub("", normal_words(without))
    if not words:
        return None
    noun = noun_in(words)
    lasting = lasting_in(words)
    frame: Frame | None = (Ask.LIST, "", "", False) if lasting else _with_subject(words)
    if frame is None and not (is_follow_up and points_back(words)):
        frame = _of_works(words, period)
    if frame is None:
        return None
    ask, subject, order, is_title = frame
    return CollectionQuestion(ask, subject, order, noun, period, is_title, lasting or ANY_LENGTH, is_only_these(words))


def noun_in(words: str, *, is_strong: bool = False) -> str:
    """Return what works are called in a question, "" where they aren't; ``is_strong`` leaves out "ones", "things"."""
    found = _STRONG_NOUN.search(words) or (None if is_strong else _ANY_NOUN.search(words))
    return found[0] if found else ""


def is_only_these(words: str) -> bool:
    """Say whether no works count but those that are called so: "articles only"."""
    return bool(_ONLY.search(words))


def points_back(words: str) -> bool:
    """Say whether a question holds a word that stands for what was said before."""
    return bool(ANAPHORS & set(words.split()))


_ONLY = re.compile(r"\b(?:only|just|no|not|nothing but)\b")
_LASTING = re.compile(
    rf"{_NOUN}\b.*\b(?P<than>longer than|more than|over|at least|shorter than|less than|under|at most|up to) (?:an? )?"
    r"(?P<number>\d+|half|an?|one|two)? ?(?P<unit>min|mins|minutes?|hours?|h)\b"
)


def lasting_in(words: str) -> tuple[float, float] | None:
    """Return how many seconds works are to last that a question asks for: "videos longer than 10 minutes"."""
    found = _LASTING.search(words) if _LISTED.search(words) else None
    if found is None:
        return None
    number = {"half": 0.5, "two": 2.0}.get(found["number"] or "", 1.0)
    number = float(found["number"]) if (found["number"] or "").isdigit() else number
    seconds = number * (3600 if found["unit"].startswith("h") else 60)
    is_least = found["than"] in {"longer than", "more than", "over", "at least"}
    return (seconds, ANY_LENGTH[1]) if is_least else (0.0, seconds)


Frame = tuple[Ask, str, Order, bool]


def _with_subject(words: str) -> Frame | None:
    """Return the frame of a question for a word, a topic or a person in the works."""
    for pattern in _MENTIONS:
        if (match := pattern.match(words)) and (subject := subject_in(match["x"])):
            return Ask.MENTIONS, subject, "", False
    listing = _LISTING.match(words)
    about = _CONNECTIVE.match(listing["rest"]) if listing else None
    if about and (subject := subject_in(about["x"])):
        titled = _IN_TITLE.match(about["x"])
        if _IS_GUEST.search(subject):
            return None
        return Ask.ABOUT, subject_in(titled["x"]) if titled else subject, "", bool(titled)
    appears = _APPEARS.match(words)
    who = subject_in(next(filter(None, appears.groups()), "")) if appears else ""
    if who and not _ORDERS[0][1].search(words):
        return Ask.APPEARANCES, who, "", False
    return None


def _of_works(words: str, period: Period | None) -> Frame | None:
    """Return the frame of a question about works as a whole; words of its own must be those of a title."""
    own = " ".join(
        word
        for word in words.replace(",", " ").split()
        if word not in _PLAIN_WORDS and not _ANY_NOUN.fullmatch(word) and word not in _HEADS
    )
    order: Order = next((order for order, pattern in _ORDERS if pattern.search(words)), "")
    has_noun, is_made = bool(_ANY_NOUN.search(words)), bool(_IS_MADE.search(words))
    are_others = not own and _IS_GUEST.search(words) and _ASKS_WHETHER.match(words)
    if are_others or (_GUESTS.search(words) and ("guest" in words or "interview" in words or own)):
        return Ask.GUESTS, own, order, False
    if _LENGTH.search(words) and (has_noun or own or re.search(r"\b(?:all ?together|in total)\b", words)):
        return Ask.LENGTH, own, order, False
    if _DATE.search(words) and (own or has_noun or order):
        return Ask.DATE, own, order, False
    if own:
        # "How many bonus episodes?": the words are those of titles, or it asks for something else.
        return (Ask.COUNT, own, "", True) if _COUNT.search(words) and _STRONG_NOUN.search(words) else None
    if (
        _CREATORS.search(words)
        and not re.search(r"\b(?:everything|talk|guests?)\b", words)
        and not _STRONG_NOUN.search(words)
    ):
        return Ask.CREATORS, "", "", False
    return _plain(words, order, has_noun=has_noun, is_made=is_made, period=period)


_HEADS = frozenset(
    "two several average typical mean altogether year years date dates month months guest guests interviewer "
    "interviewers interviewee interviewees interviews interviewed interview hosts hosted spoke appears".split()
)


def _plain(words: str, order: Order, *, has_noun: bool, is_made: bool, period: Period | None) -> Frame | None:
    """Return the frame of a question without any word of its own."""
    if _COUNT.search(words):
        return Ask.COUNT, "", "", False
    is_ordered = order and (has_noun or is_made) and "since" not in words.split()
    if is_ordered or _NEW.match(words):
        return Ask.LIST, "", order or "newest", False
    if _TOPICS.search(words):
        return (Ask.LIST if period else Ask.TOPICS), "", "", False
    if period and (has_noun or is_made or re.search(r"\b(?:say|said|talk|anything|everything)\b", words)):
        return Ask.LIST, "", "", False
    everything = re.search(r"^(?:list|show|give|tell|name)\b.*\b(?:everything|all)\b", words)
    made = re.search(
        rf"^what (?:all )?(?:have|has|did|do) (?:you|NAME|he|she|they)(?: all)? (?:{_MADE}|done|written)", words
    )
    if made or everything or _CATALOGUE.search(words) or (has_noun and _LISTED.search(words)):
        return Ask.LIST, "", "", False
    return None


def normal_words(text: str) -> str:
    """Return the words in lower case, but for ``NAME``, with single spaces; commas stay, as they part what is asked."""
    words = re.findall(
        r"NAME|[^\W_]+(?:['’.:+#-][^\W_]+)*|[,+#]", re.sub(r"NAME['’]s?", "NAME", _CONTRACTED.sub(_expanded, text))
    )
    lower = " ".join(word if word == "NAME" else word.lower().replace("’", "'") for word in words)
    full = re.sub(r"\b(?:no|nr|num) of\b|# of\b", "number of", lower)
    full = re.sub(r"\br (?=you|u|there|the|your|they|these|about|in)\b", "are ", full)
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


def subject_in(words: str) -> str:
    """Return what is looked for without what merely introduces it; "" where nothing is left."""
    words = _EDGE.sub("", _CLOSE.sub("", words.strip(" ,")))
    words = re.sub(
        r"(?: (?:in (?:your|the|all|his|her|their) (?:\w+ )?\w+|(?:most|more) often|altogether|in total|here|"
        r"overall|so far))+$",
        "",
        words,
    )
    own = [word for word in words.replace(",", " ").split() if word not in ANAPHORS and word != "NAME"]
    return words.strip(" ,") if any(word not in _PLAIN_WORDS for word in own) else ""
