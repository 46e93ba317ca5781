"""Rules for questions about works that name what they are about: a word, a topic, a title or somebody who speaks."""

import re
from dataclasses import dataclass

from chat.understanding.collection import Ask, own_words, subject_in
from chat.understanding.orders import ANY_NOUN, LONGER, NOUN, OWNER, STRONG, WEAK, Order, of_two, order_of


@dataclass(frozen=True, slots=True)
class Frame:
    """What a wording asks for, and the words that it is about."""

    ask: Ask
    subject: str = ""
    other: str = ""
    is_title: bool = False
    has_order: bool = True
    orders: tuple[Order, ...] = ()
    number: int | None = None


IS_GUEST = re.compile(
    r"\b(?:guests?|interviewe[er]s?|(?:two|several|other|many|more than one) (?:people|persons|speakers|voices))\b"
)

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
    r"(?:would|should|do|must|can) (?:i|you|we) (?:need|watch|read|use|take|see|want) (?:for|on|about|to learn)|"
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
    rf"|^(?:i(?:'m| am)? |we )?(?:look(?:ing)?|search(?:ing)?|hunting) for (?:the|that|an?) (?:\w+ )?{NOUN}"
    r" (?:where|in which|when|about|on|with) (?P<y>[^,]+)$"
    rf"|^(?:which|what) (?:{STRONG}|number|{STRONG} number)(?: is| was) the (?P<z>[^,]+?) {NOUN}$"
)
"""How somebody begins who has forgotten a title, and asks for nothing else."""
_RECALLED = re.compile(
    r"^(?:i |we )?(?:do |think i |seem to |can |vaguely |dimly )*(?:recall|remember)(?: that)?"
    rf"(?: hearing| seeing| reading)?(?: there (?:being|was))?(?: (?:an?|the|some|that) {NOUN})?"
    r"(?: (?:about|on|with|where|of))? (?P<x>.+?)"
    r"(?: (?:being|was|were|came|coming|appearing|appeared|speaking|spoke) on(?: (?:it|here|the \w+))?)?$"
)
_WHICH_WAS_IT = re.compile(
    rf"\b(?:which|what) {NOUN}(?: number)? (?:was|is) (?:that|it|this)\b|\bwhich number (?:was|is) (?:that|it)\b"
    r"|\b(?:it|that|one) called\b|\btitle\b",
    re.IGNORECASE,
)
"""What somebody says of a work that they recall, and how they ask which it was."""
_IN_IT = re.compile(
    r"^(?:so |and )?what(?:'s| is| happens| do (?:you|they) cover| does (?:NAME|he|she) cover) in "
    rf"(?:the|your|that|NAME(?:'s)?) (?P<x>.+) {NOUN}$"
)
"""How somebody asks what a work is."""
TABLE = re.compile(
    r"\b(?:table|overview|index|rundown|spreadsheet|timeline) of (?=(?:all|the|your|every|everything|NAME)\b)"
)
_IN_TITLE = re.compile(r"^(?P<x>.+?) in (?:the|its|their) (?:title|name)s?$")
_APPEARS = re.compile(
    rf"^(?:(?:in|on) )?(?:which|what) {OWNER}{NOUN} (?:is|was|does|did|has|had|features?|"
    rf"can i hear)(?: there)? (?P<x>.+?)"
    r"(?: (?:an?|the|your) (?:guest|interviewee)| (?:appear|appears|speak|speaks|talk|talks|interviewed|on|in|"
    r"featured|guest))*$"
    r"|^where (?:can|could|do) i (?:hear|listen to|find) (?P<y>.+?)(?: speak(?:ing)?| talk(?:ing)?| here)*$"
    rf"|^(?:which|what) {OWNER}{NOUN} (?:is|are|was|were) (?P<z>.+?) (?:in|on)$"
)


def with_subject(words: str, text: str, *, is_ordered: bool) -> Frame | None:
    """Return the frame of a question for a word, a topic or a person in the works."""
    if compared := _compared(words):
        return compared
    for pattern in _MENTIONS:
        if (match := pattern.match(words)) and (subject := subject_in(match["x"])):
            return Frame(Ask.MENTIONS, subject)
    if not is_ordered and (one := _the_one(words, text)):
        return one
    listing = _LISTING.match(words)
    about = _CONNECTIVE.match(listing["rest"]) if listing else _WHO_COVERS.match(words)
    about_what = next(filter(None, about.groups()), "") if about else ""
    if subject := subject_in(about_what):
        titled = _IN_TITLE.match(about_what)
        if IS_GUEST.search(subject):
            return None
        return Frame(Ask.ABOUT, subject_in(titled["x"]) if titled else subject, is_title=bool(titled))
    appears = _APPEARS.match(words)
    who = subject_in(next(filter(None, appears.groups()), "")) if appears else ""
    return Frame(Ask.APPEARANCES, who) if who and not is_ordered else None


def _the_one(words: str, text: str) -> Frame | None:
    """Return the frame of a question what a work is that is named, or which work it is of which something is known."""
    if (inside := _IN_IT.match(words)) and (subject := own_words(inside["x"])):
        return Frame(Ask.WORK, subject, is_title=True, has_order=False)
    one = _THE_ONE.match(words) or (_RECALLED.match(words) if _WHICH_WAS_IT.search(text) else None)
    subject = subject_in(next(filter(None, one.groups()))) if one else ""
    return Frame(Ask.ABOUT, subject, has_order=False) if subject else None


_WHICH_IS = (
    r"^(?:which|what|who)(?:'s| is| was| one is| one was| came(?: out)?| one came(?: out)?| lasts)* (?:the |out )?"
)
_ASKED_OF_BOTH = r"(?:lengths?|dates?|durations?|ages?|running times?)"
_COMPARED = (
    re.compile(
        rf"^(?:is|was|are|does|did|has) (?P<a>.+?) (?:last |come |appear |run |out )*(?:much |any |a bit )?"
        rf"(?:(?P<how>{LONGER}) than|(?P<when>before|after)) (?P<b>.+)$"
    ),
    re.compile(rf"{_WHICH_IS}(?:(?P<how>{LONGER})|(?P<when>first|last)),? (?P<a>.+?),? (?:or|vs|versus) (?P<b>.+)$"),
    re.compile(rf"{_WHICH_IS}(?:(?P<how>{LONGER})|(?P<when>first|last)),? (?P<a>.+?),? and (?P<b>.+)$"),
    re.compile(
        rf"^compare (?:the )?(?:(?:\w+ )?{_ASKED_OF_BOTH}(?: and {_ASKED_OF_BOTH})? (?:of|between) )?"
        rf"(?P<a>.+?),? (?:and|to|with|vs|versus|against) (?P<b>.+?)(?: for me)?"
        r"(?:,? (?:which|by|in|what)\b.*)?$"
    ),
)


def _compared(words: str) -> Frame | None:
    """Return the frame of a question which of two works is longer, or newer, or of both where they are compared."""
    for pattern in _COMPARED:
        if (match := pattern.match(words)) and own_words(match["a"]) and own_words(match["b"]):
            if pattern is _COMPARED[-1] and not (ANY_NOUN.search(words) or re.search(_ASKED_OF_BOTH, words)):
                return None
            asked = [match.groupdict().get("when"), *re.findall(rf"\b{LONGER}\b", words)]
            orders = tuple(dict.fromkeys(order_of(word) for word in asked if word)) or ("newest", "longest")
            return Frame(Ask.COMPARISON, match["a"], match["b"], orders=orders)
    order, others = of_two(words)
    return Frame(Ask.LIST, orders=(order,), number=2) if order and not own_words(others) else None
