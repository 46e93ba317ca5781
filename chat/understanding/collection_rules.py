"""Rules that tell questions about the collection by their wording: frames with a place for what they are about."""

import re
from datetime import date

from chat.understanding.collection import (
    CLOSE,
    Ask,
    CollectionQuestion,
    is_only_these,
    normal_words,
    noun_in,
    own_words,
    points_back,
)
from chat.understanding.dates import Period, period_in
from chat.understanding.frames import without_courtesy
from chat.understanding.orders import (
    ANY_LENGTH,
    ANY_NOUN,
    LISTED,
    NOUN,
    OWNER,
    lasting_in,
    orders_in,
)
from chat.understanding.subject_rules import IS_GUEST, TABLE, Frame, with_subject
from chat.understanding.titles import number_in, without_number

_MADE = (
    r"(?:publish|release|put out|make|made|upload|post|record|produce|create|write|wrote|come out|came out|"
    r"appear)(?:e?d|s|en)?"
)
_IS_MADE = re.compile(rf"\b(?:{_MADE}|written|done)\b")

_CREATORS = re.compile(
    r"^(?:and )?(?:so )?(?:who (?:else )?(?:is|are|do you have|can i (?:ask|talk to|question))|who else\b|"
    r"whom (?:else )?(?:can|could|may|do)"
    rf"|whose {NOUN} (?:is|are)\b"
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
    rf"|(?:is|are) (?:your|the|his|her|their|this|these|NAME(?:'s)?)(?: own)? (?:{NOUN}|channel|site|page|"
    rf"website|collection|archive|library|series)(?: all)? about"
    r"|(?:is|'s) (?:here|there|in (?:here|there|this|the)|available|everything)\b)"
    r"|^(?:tell me (?:more |something |a bit )?about|introduce|who(?:'s| is)) NAME(?: here)?$|^who NAME is$"
    r"|^what's (?:here|in (?:here|there|this|the))\b|^what (?:have you|do you have|you have|you) got\b|"
    r"^what do you have\b"
)
_NEW = re.compile(
    r"^how (?:up[- ]to[- ]date|current|recent|fresh) (?:are you|is (?:this|it|all this|everything|the \w+))$|"
    r"^(?:and )?(?:(?:what(?:'s| is)|anything|is there anything) new|(?:what(?:'s| is) |and )?(?:your |the )?"
    r"(?:latest|newest|most recent|oldest|earliest|longest|shortest))(?: ones?| here| from NAME| by NAME)*$"
)
_CATALOGUE = re.compile(
    r"^(?:the |your )?(?:full |whole |complete |entire )*(?:catalog(?:ue)?|archive|library)(?: please)?$"
)
_BEGIN_WITH = re.compile(
    r"^(?:so )?(?:what|where|which(?: one)?) (?:should|do|would|could|can|must) (?:i|we|one) "
    rf"(?:watch|read|hear|see|start|begin|listen to)(?: with)?(?: {OWNER}{NOUN})?(?: first)?$"
)
_LENGTH = re.compile(
    r"^(?:and |so )?(?:how long(?:'s| (?:is|are|was|were|does|do))\b|how long \w+$|what(?:'s| is| are) the (?:total |"
    r"whole |overall |average |typical |mean )?(?:length|duration|running time|playing time|runtime)s?\b"
    r"|how (?:many|much) (?:hours|minutes|material|content|time|stuff)\b"
    r"|(?:total |whole |overall |average |typical |mean )?(?:length|running time|runtime|duration)\b)"
)
_ALL_LAST = re.compile(
    r"^(?:and |so )?if (?:i|we|you|one) .{0,40}?\b(?:all|everything|every|whole)\b.{0,60}\bhow (?:long|many hours)\b"
    r"|\bhow (?:long|many (?:hours|minutes))\b.{0,40}\bto (?:watch|hear|read|listen to|binge|get through) "
    r"(?:it all|everything|(?:all|every)\b)"
)
_DATE = re.compile(
    rf"^(?:and |so )?(?:when|(?:(?:on|in) )?(?:what|which) (?:date|day|month|year)) (?:did|was|were|is|has|"
    rf"have)\b.*\b{_MADE}\b"
    r"|^(?:and |so )?when did (?:you|NAME|he|she|they|it|this|people) (?:start|begin)(?: \w+ing)?(?: here)?$"
    rf"|^(?:and |so )?when (?:was|were|is) (?:the|your|NAME) (?:\w+ )?{NOUN}\b|^how old (?:is|are)\b"
    rf"|^(?:what|which) (?:is|was|date is|date was|date does|date did)\b.*\bdate of\b"
    rf"|^(?:and |so )?(?:from |in )?(?:what|which) (?:year|date|month|day)s? (?:is|are|was|were|do|does) .*\b{NOUN}\b"
)
_COUNT = re.compile(
    rf"\b(?:how many|number of|count)\b(?: \w+){{0,5}}? {NOUN}\b|\b(?:have|has|published|made|"
    rf"with)\b.*\b(?:more|most|fewest|fewer)\b|\bmost (?:productive|prolific|active)\b|\bmore {NOUN}\b"
    rf"|\b(?:besides|other than|apart from|except) (?:the )?{NOUN}\b"
)
_GUESTS = re.compile(
    r"^(?:and |so )?(?:who|which|what|list|name|show|how many|any|do you|have you|did you|"
    r"are there)\b.*\b(?:guests?|interviewees?|interviewers?)\b"
    r"|^(?:and |so )?who (?:interviews|interviewed|speaks|spoke|talks|appears|is interviewed|is speaking|"
    r"is talking|is) (?:you|NAME|with|in|on|to)\b"
    r"|^(?:and |so )?who(?:'s| is| was) (?:the|that|this) (?:\w+ )?"
    r"(?:interviewing|asking|hosting|(?:talking|speaking|chatting) (?:to|with))\b"
    r"|^(?:and |so )?who(?:m)? (?:is|was|were|has been|have been|do you|did you|have you|do|did|have|has|"
    r"does)(?: NAME)? "
    r"(?:being )?(?:interview(?:ed|s)?|heard|featured|talking|speaking)\b"
)

_ASKS_WHETHER = re.compile(r"(?:(?:is|are) there|which|what|any)\b")


def collection_question(text: str, *, today: date, is_follow_up: bool = False) -> CollectionQuestion | None:
    """Return what a question asks of the collection, or None where it asks for what is said in it.

    ``text`` has ``NAME`` wherever it names a creator. A question after others that points back is left to the search.
    """
    text = without_courtesy(text)
    period = period_in(text, today=today)
    without = text[: period.span[0]] + " " + text[period.span[1] :] if period else text
    words = TABLE.sub("list of ", CLOSE.sub("", normal_words(without)))
    lasting = lasting_in(words)
    orders, number = orders_in(words)
    frame = Frame(Ask.LIST) if lasting else with_subject(words, text, is_ordered=bool(orders))
    if frame is None and not (is_follow_up and points_back(words)):
        frame = _of_works(words, period) or _topic_first(without)
    if frame is None:
        return None
    return CollectionQuestion(
        frame.ask,
        frame.subject,
        frame.orders or (orders if frame.has_order else ()),
        noun_in(words),
        period,
        frame.is_title,
        lasting or ANY_LENGTH,
        is_only_these(words),
        number if frame.number is None else frame.number,
        frame.other,
    )


def _of_works(words: str, period: Period | None) -> Frame | None:
    """Return the frame of a question about works as a whole; words of its own must be those of a title."""
    if number_in(words) is not None and not own_words(without_number(words)):
        return Frame(Ask.GUESTS if re.match(r"(?:and )?who\b", words) else Ask.WORK, words)
    if _ALL_LAST.search(words) or _BEGIN_WITH.match(words):
        return Frame(Ask.LENGTH if _ALL_LAST.search(words) else Ask.TOPICS, has_order=False)
    own = own_words(words)
    if orders_in(words)[1] != 1:
        own = " ".join(word for word in own.split() if not word.isdigit())
    if fact := _of_one(words, own):
        return fact
    if own:
        # "How many bonus episodes?": the words are those of titles, or it asks for something else.
        is_counted = _COUNT.search(words) and noun_in(words, is_strong=True)
        return Frame(Ask.COUNT, own, is_title=True, has_order=False) if is_counted else None
    if (
        _CREATORS.search(words)
        and not re.search(r"\b(?:everything|talk|guests?)\b", words)
        and not noun_in(words, is_strong=True)
    ):
        return Frame(Ask.CREATORS)
    return _plain(words, period)


def _of_one(words: str, own: str) -> Frame | None:
    """Return the frame of a question who speaks in a work, how long it is, or when it came out."""
    has_noun = bool(ANY_NOUN.search(words))
    are_others = not own and IS_GUEST.search(words) and _ASKS_WHETHER.match(words)
    if are_others or (_GUESTS.search(words) and ("guest" in words or "interview" in words or own)):
        return Frame(Ask.GUESTS, own)
    if _LENGTH.search(words) and (has_noun or own or re.search(r"\b(?:all ?together|in total)\b", words)):
        return Frame(Ask.LENGTH, own)
    if _DATE.search(words) and (own or has_noun or orders_in(words)[0]):
        return Frame(Ask.DATE, own)
    return None


_YEARLY = re.compile(r"\b(?:each|per|every|by|a|which) (?:year|month)\b|\byear by year\b")


def _plain(words: str, period: Period | None) -> Frame | None:
    """Return the frame of a question without any word of its own."""
    orders, number = orders_in(words)
    has_noun, is_made = bool(ANY_NOUN.search(words)), bool(_IS_MADE.search(words))
    if _COUNT.search(words):
        return Frame(Ask.YEARS if _YEARLY.search(words) else Ask.COUNT)
    is_ordered = orders and (has_noun or is_made or number != 1) and "since" not in words.split()
    if is_ordered or (_NEW.match(words) and (orders or not period)):
        return Frame(Ask.LIST)
    if _TOPICS.search(words):
        return Frame(Ask.LIST if period else Ask.TOPICS)
    if period and (has_noun or is_made or _SAID.search(words) or words in {"", "what's", "what is", "what", "and"}):
        return Frame(Ask.LIST, has_order=False)
    everything = re.search(r"^(?:list|show|give|tell|name)\b.*\b(?:everything|all)\b", words)
    made = re.search(
        rf"^what (?:all )?(?:have|has|did|do) (?:you|NAME|he|she|they)(?: all)? (?:{_MADE}|done|written)", words
    )
    if made or everything or _CATALOGUE.search(words) or (has_noun and LISTED.search(words)):
        return Frame(Ask.LIST, has_order=False)
    return None


_SAID = re.compile(r"\b(?:say|said|talk|anything|everything|something|miss(?:ed)?|new|what's (?:from|in))\b")

_TOPIC_FIRST = re.compile(
    r"^(?:the|that|your|his|her|NAME(?:['’]s)?) (?P<x>[^,:;?!…–—]{2,60}?)(?: +[-–—]+ +|[,:;…–—]+ *|\.\.+ *)(?P<ask>.+)$"
)
_SHORT_ASKS = (
    (Ask.LENGTH, re.compile(r"\b(?:how long|length|duration|runtime|minutes)\b")),
    (Ask.DATE, re.compile(r"\b(?:when|date|year|how old)\b")),
    (Ask.GUESTS, re.compile(r"\b(?:guests?|interview\w*|who(?:'s| is| was)? (?:on|in|it with|with))\b")),
)


def _topic_first(text: str) -> Frame | None:
    """Return the frame of a question that names the work before it asks: "the egg timer one, how long?"."""
    found = _TOPIC_FIRST.match(text)
    if not found:
        return None
    about, asks = normal_words(found["x"]), normal_words(found["ask"])
    ask = next((ask for ask, pattern in _SHORT_ASKS if pattern.search(asks)), None)
    about_it = own_words(about)
    is_short = ask and not own_words(_SHORT_ASKS[0][1].sub("", asks)).split()[1:]
    return Frame(ask, about_it, has_order=False) if ask and is_short and about_it and ANY_NOUN.search(about) else None
