"""Rules that tell questions about the collection by their wording: frames with a place for what they are about."""

import re
from dataclasses import dataclass
from datetime import date

from chat.understanding.collection import (
    ANY_LENGTH,
    ANY_NOUN,
    CLOSE,
    LISTED,
    NOUN,
    OWNER,
    STRONG,
    WEAK,
    Ask,
    CollectionQuestion,
    is_only_these,
    lasting_in,
    normal_words,
    noun_in,
    orders_in,
    own_words,
    points_back,
    subject_in,
)
from chat.understanding.dates import Period, period_in
from chat.understanding.frames import without_courtesy
from chat.understanding.titles import number_in, without_number

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
    rf"|(?:is|are) (?:your|the|his|her|their|this|these|NAME(?:'s)?)(?: own)? (?:{NOUN}|channel|site|page|"
    rf"website|collection|archive|library|series)(?: all)? about"
    r"|(?:is|'s) (?:here|there|in (?:here|there|this|the)|available|everything)\b)"
    r"|^(?:tell me (?:more |something |a bit )?about|introduce|who(?:'s| is)) NAME(?: here)?$|^who NAME is$"
    r"|^what's (?:here|in (?:here|there|this|the))\b|^what (?:have you|do you have|you have|you) got\b|"
    r"^what do you have\b"
)
_NEW = re.compile(
    r"^(?:and )?(?:(?:what(?:'s| is)|anything|is there anything) new|(?:what(?:'s| is) |and )?(?:your |the )?"
    r"(?:latest|newest|most recent|oldest|earliest|longest|shortest))(?: ones?| here| from NAME| by NAME)*$"
)
_CATALOGUE = re.compile(
    r"^(?:the |your )?(?:full |whole |complete |entire )*(?:catalog(?:ue)?|archive|library)(?: please)?$"
)
_LENGTH = re.compile(
    r"^(?:and |so )?(?:how long(?:'s| (?:is|are|was|were|does|do))\b|how long \w+$|what(?:'s| is| are) the (?:total |"
    r"whole |overall |average |typical |mean )?(?:length|duration|running time|playing time|runtime)s?\b"
    r"|how (?:many|much) (?:hours|minutes|material|content|time|stuff)\b"
    r"|(?:total |whole |overall |average |typical |mean )?(?:length|running time|runtime|duration)\b)"
)
_DATE = re.compile(
    rf"^(?:and |so )?(?:when|(?:(?:on|in) )?(?:what|which) (?:date|day|month|year)) (?:did|was|were|is|has|"
    rf"have)\b.*\b{_MADE}\b"
    rf"|^(?:and |so )?when (?:was|were|is) (?:the|your|NAME) (?:\w+ )?{NOUN}\b|^how old (?:is|are)\b"
    rf"|^(?:what|which) (?:is|was|date is|date was|date does|date did)\b.*\bdate of\b"
    rf"|^(?:and |so )?(?:from |in )?(?:what|which) (?:year|date|month|day)s? (?:is|are|was|were|do|does) .*\b{NOUN}\b"
)
_COUNT = re.compile(
    rf"\b(?:how many|number of|count)\b(?: \w+){{0,3}}? {NOUN}\b|\b(?:have|has|published|made|"
    rf"with)\b.*\b(?:more|most|fewest|fewer)\b|\bmost (?:productive|prolific|active)\b|\bmore {NOUN}\b"
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
        rf"these )*{NOUN} (?:here )?(?:do you |does NAME |did you )?{_SAYING} (?P<x>.+)$",
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
    rf"(?:in |on )?(?:which|what) {_NO_VERB}(?:of )?{OWNER}(?:other )?(?:\w+ ){{0,2}}?{STRONG}(?: (?:of|by|"
    rf"from) (?:yours|NAME|you|theirs|his|hers))?"
    rf"|(?:in |on )?(?:which|what) (?:of )?{OWNER}{WEAK}(?: of yours| by NAME)?"
    rf"|(?:is|are|was|were) (?:there )?(?:anything|something)"
    rf"|(?:is|are|was|were) there (?:an?|any|some|other|no) ?(?:other |also )?{NOUN}?|(?:is|are) there (?:anything|"
    rf"something|a place)"
    rf"|(?:do|have|does|has) (?:you|NAME|they|he|she|anyone|anybody)(?: guys)? (?:have|got|made?|done|"
    rf"publish(?:ed)?|record(?:ed)?)? ?(?:an?|any|some)? ?(?:other )?(?:{NOUN}|anything|something)"
    rf"|(?:do|does) any(?: of)? {OWNER}{NOUN}|any(?:thing| {NOUN}| of (?:yours|these|those|them|his|hers|theirs|NAME))"
    rf"|(?:list|show|give|find|name|tell) (?:me )?(?:all |every |the |your |his |her |their |any |an? |"
    rf"of )*(?:\w+ ){{0,2}}?(?:{STRONG}|{WEAK})"
    rf"|where (?:is|are|can i (?:find|see|watch|read)) (?:the|your|an?|that|NAME's?) {NOUN}"
    rf"|where (?:do|does|did|have|has) (?:you|NAME|they|he|she|people|anyone)(?= )"
    rf"|(?:is|are) there {NOUN}(?= (?:on|about)\b)"
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
_WHO_COVERS = re.compile(
    r"^(?:and |so )?(?:who|which(?: creator| person| one| show| podcast)?(?: of (?:your|the|these|them|you)(?: \w+)?)?)"
    rf"(?: here| else)* (?:(?:has|have|had|did|does|made)(?: an?| some| any)? (?:{NOUN}|something|anything)"
    r" (?:about|on|with)|covers?|covered|deals? with|dealt with) (?P<x>.+)$"
    r"|^(?:does|do) (?:anyone|anybody|someone|any of them)(?: here)? "
    r"(?:teach|cover|explain|talk about|deal with) (?P<y>.+)$"
)
_THE_ONE = re.compile(
    rf"^(?:(?:what|which)(?:'s| is| was) )?(?:the|that) (?:one|{STRONG}) (?:where|in which|when) (?P<x>[^,]+)$"
)
"""How somebody begins who has forgotten a title, and asks for nothing else."""
_IN_TITLE = re.compile(r"^(?P<x>.+?) in (?:the|its|their) (?:title|name)s?$")
_APPEARS = re.compile(
    rf"^(?:(?:in|on) )?(?:which|what) {OWNER}{NOUN} (?:is|was|does|did|has|had|features?|"
    rf"can i hear)(?: there)? (?P<x>.+?)"
    r"(?: (?:an?|the|your) (?:guest|interviewee)| (?:appear|appears|speak|speaks|talk|talks|interviewed|on|in|"
    r"featured|guest))*$"
    r"|^where (?:can|could|do) i (?:hear|listen to|find) (?P<y>.+?)(?: speak(?:ing)?| talk(?:ing)?| here)*$"
    rf"|^(?:which|what) {OWNER}{NOUN} (?:is|are|was|were) (?P<z>.+?) (?:in|on)$"
)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a wording asks for, and the words that it is about."""

    ask: Ask
    subject: str = ""
    other: str = ""
    is_title: bool = False
    has_order: bool = True


def collection_question(text: str, *, today: date, is_follow_up: bool = False) -> CollectionQuestion | None:
    """Return what a question asks of the collection, or None where it asks for what is said in it.

    ``text`` has ``NAME`` wherever it names a creator. A question after others that points back is left to the search.
    """
    text = without_courtesy(text)
    period = period_in(text, today=today)
    without = text[: period.span[0]] + " " + text[period.span[1] :] if period else text
    words = CLOSE.sub("", normal_words(without))
    lasting = lasting_in(words)
    orders, number = orders_in(words)
    frame = _Frame(Ask.LIST) if lasting else _with_subject(words, is_ordered=bool(orders))
    if frame is None and not (is_follow_up and points_back(words)):
        frame = _of_works(words, period) or _topic_first(without)
    if frame is None:
        return None
    return CollectionQuestion(
        frame.ask,
        frame.subject,
        orders if frame.has_order else (),
        noun_in(words),
        period,
        frame.is_title,
        lasting or ANY_LENGTH,
        is_only_these(words),
        number,
        frame.other,
    )


def _with_subject(words: str, *, is_ordered: bool) -> _Frame | None:
    """Return the frame of a question for a word, a topic or a person in the works."""
    if compared := _compared(words):
        return compared
    for pattern in _MENTIONS:
        if (match := pattern.match(words)) and (subject := subject_in(match["x"])):
            return _Frame(Ask.MENTIONS, subject)
    if (one := _THE_ONE.match(words)) and (subject := subject_in(one["x"])):
        return _Frame(Ask.ABOUT, subject, has_order=False)
    listing = _LISTING.match(words)
    about = _CONNECTIVE.match(listing["rest"]) if listing else _WHO_COVERS.match(words)
    about_what = next(filter(None, about.groups()), "") if about else ""
    if subject := subject_in(about_what):
        titled = _IN_TITLE.match(about_what)
        if _IS_GUEST.search(subject):
            return None
        return _Frame(Ask.ABOUT, subject_in(titled["x"]) if titled else subject, is_title=bool(titled))
    appears = _APPEARS.match(words)
    who = subject_in(next(filter(None, appears.groups()), "")) if appears else ""
    return _Frame(Ask.APPEARANCES, who) if who and not is_ordered else None


_LONGER = r"(?P<how>longer|shorter|newer|older|more recent|earlier|later)"
_WHICH_IS = (
    r"^(?:which|what|who)(?:'s| is| was| one is| one was| came(?: out)?| one came(?: out)?| lasts)* (?:the |out )?"
)
_COMPARED = (
    re.compile(
        rf"^(?:is|was|are|does|did|has) (?P<a>.+?) (?:last |come |appear |run |out )*(?:much |any |a bit )?"
        rf"(?:{_LONGER} than|(?P<when>before|after)) (?P<b>.+)$"
    ),
    re.compile(rf"{_WHICH_IS}(?:{_LONGER}|(?P<when>first|last)),? (?P<a>.+?),? (?:or|vs|versus) (?P<b>.+)$"),
    re.compile(rf"{_WHICH_IS}(?:{_LONGER}|(?P<when>first|last)),? (?P<a>.+?),? and (?P<b>.+)$"),
)


def _compared(words: str) -> _Frame | None:
    """Return the frame of a question which of two works is longer or newer."""
    for pattern in _COMPARED:
        if (match := pattern.match(words)) and own_words(match["a"]) and own_words(match["b"]):
            is_date = match["how"] not in {"longer", "shorter"}
            return _Frame(Ask.COMPARISON, match["a"], match["b"], is_title=is_date, has_order=False)
    return None


def _of_works(words: str, period: Period | None) -> _Frame | None:
    """Return the frame of a question about works as a whole; words of its own must be those of a title."""
    if number_in(words) is not None and not own_words(without_number(words)):
        return _Frame(Ask.GUESTS if re.match(r"(?:and )?who\b", words) else Ask.WORK, words)
    own = own_words(words)
    if orders_in(words)[1] != 1:
        own = " ".join(word for word in own.split() if not word.isdigit())
    if fact := _of_one(words, own):
        return fact
    if own:
        # "How many bonus episodes?": the words are those of titles, or it asks for something else.
        is_counted = _COUNT.search(words) and noun_in(words, is_strong=True)
        return _Frame(Ask.COUNT, own, is_title=True, has_order=False) if is_counted else None
    if (
        _CREATORS.search(words)
        and not re.search(r"\b(?:everything|talk|guests?)\b", words)
        and not noun_in(words, is_strong=True)
    ):
        return _Frame(Ask.CREATORS)
    return _plain(words, period)


def _of_one(words: str, own: str) -> _Frame | None:
    """Return the frame of a question who speaks in a work, how long it is, or when it came out."""
    has_noun = bool(ANY_NOUN.search(words))
    are_others = not own and _IS_GUEST.search(words) and _ASKS_WHETHER.match(words)
    if are_others or (_GUESTS.search(words) and ("guest" in words or "interview" in words or own)):
        return _Frame(Ask.GUESTS, own)
    if _LENGTH.search(words) and (has_noun or own or re.search(r"\b(?:all ?together|in total)\b", words)):
        return _Frame(Ask.LENGTH, own)
    if _DATE.search(words) and (own or has_noun or orders_in(words)[0]):
        return _Frame(Ask.DATE, own)
    return None


_YEARLY = re.compile(r"\b(?:each|per|every|by|a|which) (?:year|month)\b|\byear by year\b")


def _plain(words: str, period: Period | None) -> _Frame | None:
    """Return the frame of a question without any word of its own."""
    orders, number = orders_in(words)
    has_noun, is_made = bool(ANY_NOUN.search(words)), bool(_IS_MADE.search(words))
    if _COUNT.search(words):
        return _Frame(Ask.YEARS if _YEARLY.search(words) else Ask.COUNT)
    is_ordered = orders and (has_noun or is_made or number != 1) and "since" not in words.split()
    if is_ordered or (_NEW.match(words) and (orders or not period)):
        return _Frame(Ask.LIST)
    if _TOPICS.search(words):
        return _Frame(Ask.LIST if period else Ask.TOPICS)
    if period and (has_noun or is_made or _SAID.search(words) or words in {"", "what's", "what is", "what", "and"}):
        return _Frame(Ask.LIST, has_order=False)
    everything = re.search(r"^(?:list|show|give|tell|name)\b.*\b(?:everything|all)\b", words)
    made = re.search(
        rf"^what (?:all )?(?:have|has|did|do) (?:you|NAME|he|she|they)(?: all)? (?:{_MADE}|done|written)", words
    )
    if made or everything or _CATALOGUE.search(words) or (has_noun and LISTED.search(words)):
        return _Frame(Ask.LIST, has_order=False)
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


def _topic_first(text: str) -> _Frame | None:
    """Return the frame of a question that names the work before it asks: "the egg timer one, how long?"."""
    found = _TOPIC_FIRST.match(text)
    if not found:
        return None
    about, asks = normal_words(found["x"]), normal_words(found["ask"])
    ask = next((ask for ask, pattern in _SHORT_ASKS if pattern.search(asks)), None)
    about_it = own_words(about)
    is_short = ask and not own_words(_SHORT_ASKS[0][1].sub("", asks)).split()[1:]
    return _Frame(ask, about_it, has_order=False) if ask and is_short and about_it and ANY_NOUN.search(about) else None
