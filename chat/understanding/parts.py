"""Questions of several parts: what is asked in each, and what of it leads up to another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from chat.understanding.small_talk import small_talk_in
from chrysopedia.core.text import stems

MOST_PARTS = 4
LEAST_WORDS = 4
"""Words below which a later part only asks on, as "and what is quicker?" does, unless it stands by itself."""
LEAST_OWN = 2
"""Words of its own that such a part must have, and one that points back; else one is enough."""
LACKING = 4
"""Words up to which a part may lack its verb: "what loudness and what ceiling do you use"."""
NAMED_ONLY = 6
"""Words up to which a part may only name what it asks for: "trap tempo, and how …"."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a question. ``label`` stands above its answer, ``text`` is searched, as a question ``after`` another.

    Only what points back, or says no more than "and the release?", comes after another; else ``after`` is "".
    """

    label: str
    text: str
    after: str = ""


_VERB = (
    r"(?:do|does|did|(?:don|doesn|didn)['’]?t (?=i\b|you\b|we\b|they\b|people\b)|is|are|isn['’]?t|aren['’]?t|was|were|"
    r"should|shouldn['’]?t|can|could|would|will|has|have)"
)
_WH = r"(?:how|what|which|where|when|who|whom|whose|why|whether)(?:['’]?s)?"
_AT = r"(?:(?:at|in|on|for|with|by|to|from|below|above|since|until|under|of) )?"
_BEGINS = rf"{_AT}(?:{_WH}|{_VERB})\b"
_TELLS = (
    r"(?:(?:can|could|would|will) you )?(?:please )?(?:tell|show|give|explain|describe|say|remind)\b(?: (?:me|us)\b)?"
    r"(?: (?:something|more|a bit))?(?: about)?"
)
_FIGURE = (
    r"how (?:many|much|long|loud|quiet|far|fast|slow|wide|high|low|deep|often|big|hard|late|early|old)\b"
    r".*\b(?:is|are|should|do|does|must|can)\b"
)
_WONDERS = (
    r"i(?:['’]d| would| also| still| just|['’]m| am)* (?:(?:like|love|want|need) to (?:know|hear)|wonder|wondering|"
    r"curious)\b(?: about)?"
)
_LEAD = re.compile(
    r"(?:(?:and|also|so|then|plus|next|lastly|finally|oh|if so|if not|(?:my |the )?(?:\w+ )?(?:question|thing)(?: is)?)"
    rf"\b[\s,:–—-]*|{_WONDERS}\s*)+(?=\w)",
    re.IGNORECASE,
)
"""What only leads on to a part."""
_INTRODUCES = re.compile(
    r"^[^?.!;]{0,40}\b(?:two|three|four|2|3|4|a couple(?: of)?|a few|some)(?: quick| short| small)* "
    r"(?:things|questions|qs)\b"
    r"(?: (?:please|for you))?\s*[:,.–—-]*\s*(?=\w)",
    re.IGNORECASE,
)
"""What announces several parts."""
_NUMBERED = re.compile(
    r"(?:^|(?<=\s))\(?(?:(?:question |q ?)?\d{1,2}\s?[).:]|(?:first|second|third|fourth)(?:ly)?[,:])\s+"
    r"|(?:^|\n)\s*[-*•]\s+",
    re.IGNORECASE,
)
_SENTENCE = r"[?!.]+[\s\"'”)]*\s+|\s*\n\s*"
_JOINED = (
    r"(?:;\s*|\s+[/–—-]\s+|,?\s+&\s+|,?\s+(?:and|plus|also|and also|and then)\s+|,\s+)"
    rf"(?=(?:also |and |then |if so,? |if not,? |second(?:ly)?, )*(?:{_BEGINS}|{_TELLS}\s))"
)
_SEPARATOR = re.compile(rf"(?P<sentence>{_SENTENCE})|(?P<joined>{_JOINED})", re.IGNORECASE)
_ASKED = re.compile(rf"{_WH}\b", re.IGNORECASE)
_LISTED = re.compile(r"\s*[,;]\s*(?:and\s+)?|\s+and\s+")
_ASKS = re.compile(rf"(?:{_BEGINS}|{_TELLS}\s|{_WONDERS})", re.IGNORECASE)
_FORM = re.compile(
    rf"{_AT}(?:{_VERB}\b|(?:what|how|where|who|when|why)['’]?s\b|(?:{_WH}) (?:\w+ ){{0,5}}?{_VERB}\b|(?:what|which|"
    rf"how (?:many|much|long|loud|far|fast|wide|high|low|deep))\b(?!.*\b(?:i|you|we|they|it)\b))",
    re.IGNORECASE,
)
"""The form of a question: "when I turn it down" has it not."""
_SAYS = re.compile(
    rf"\b(?:{_VERB}|i|you|we|they|he|she|it|this|that|\w+['’](?:s|re|m|ve|ll|d)|whats|hows|wheres)\b", re.IGNORECASE
)
"""Words of which one stands in nearly every clause that says or asks something whole."""
_BEGINNING = re.compile(
    rf"(?:{_BEGINS})|(?:in|on|at|with|without|for|between|when|if|as|since|after|before)\b", re.IGNORECASE
)
_SETS_APART = re.compile(r"also|plus|/|;|\b(?:second|third)", re.IGNORECASE)
_POINTING = re.compile(
    r"\b(?:it|its|it['’]s|they|them|these|those|he|she|ones?|then|same|the (?:second|other)|if so|if not)\b"
    r"|(?:^|\b(?:of|with|for|about|do|does|did|is|are|was|like|after|than|before|on|in|to|from|by|at)\s)(?:that|this|there)\b"
    r"(?! (?:\w+ )?(?:to|a|an|any)\b)",
    re.IGNORECASE,
)
_EXISTS = re.compile(
    r"\b(?:is|are|was|be|would) (?:it|there)\b(?: (?:\w+ )?(?:ok|okay|worth|true|possible|better|best|bad|good|fine|"
    r"normal|necessary|important|a|an|any|some)\b)",
    re.IGNORECASE,
)
"""An "it" or "there" that points at nothing."""
_EMPTY = frozenset(
    stem
    for word in "a an the of on in at to for with by from and or but is are was were be do does did doing have has had "
    "can could should would will may must i you we he she they it me my your our their his her its this that "
    "these those there here how what which where when who whom why if so as than then too very much many long "
    "some any all use used using take put set get go goes come happen happens work works matter matters mean "
    "means say says said best good right need want make before after not no one ones same other first again".split()
    for stem in stems(word)
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a question: one that stands by itself is a sentence or comes after "also"; one may be of a list.

    ``has_mark`` says that a question mark closes it, ``is_closed`` that a full stop does before the question goes on.
    """

    start: int
    end: int
    text: str
    stands: bool = True
    is_listed: bool = False
    has_mark: bool = False
    is_closed: bool = False


def split_parts(text: str) -> tuple[QuestionPart, ...]:
    """Return the parts of a question that each ask something of their own, () where it is one question.

    What only asks on about the same ("and why?", "and how does it work?") belongs to the part before, a statement
    to the part that it leads up to. A part that points back is searched as a question after the first one.
    """
    before: set[str] = set()
    parts: list[_Piece] = []
    leads_from: int | None = None
    for piece in _pieces(text):
        begin = piece.start if leads_from is None else leads_from
        leads_from = None
        if not _asks(piece):
            leads_from = begin
        elif parts and _asks_on(piece, before):
            parts[-1] = _Piece(parts[-1].start, piece.end, text[parts[-1].start : piece.end])
        else:
            parts.append(_Piece(begin, piece.end, text[begin : piece.end]))
        before |= own_words(piece.text) if leads_from is None else set()
    if not 2 <= len(parts) <= MOST_PARTS:
        return ()
    first = _label(parts[0].text)
    return tuple(_part(one.text, after="" if place == 0 else first) for place, one in enumerate(parts))


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield what separators part, without small talk; of a list that is announced, all that it lists."""
    introduced = _INTRODUCES.match(text)
    start = introduced.end() if introduced else 0
    separators = [(one.start(), one.end(), bool(one["sentence"])) for one in _SEPARATOR.finditer(text, start)]
    numbered = _numbered(text, start)
    if len(numbered) > 1:
        separators = [(one.start(), one.end(), True) for one in numbered]
    elif introduced and not separators:
        separators = [(one.start(), one.end(), True) for one in _LISTED.finditer(text, start)]
    stands, is_listed = False, len(numbered) > 1 or introduced is not None
    for end, after, is_sentence in [*separators, (len(text), len(text), True)]:
        joint = text[end:after]
        if not is_sentence and not _may_end(text[start:end], text[after:], joint):
            continue
        if (said := text[start:end].strip(" ,;–—-")) and small_talk_in(said) is None:
            is_first_sentence = is_sentence and not text[:start].strip() and after < len(text)
            yield _Piece(
                start,
                end,
                said,
                stands or is_first_sentence or is_listed,
                is_listed,
                "?" in said[-1] + joint,
                "." in joint,
            )
        start, stands = after, is_sentence or bool(_SETS_APART.search(joint))


def _numbered(text: str, start: int) -> list[re.Match[str]]:
    """Return the numbers of a list: they count up from one, or are all words or signs. "4: then 2:" is none."""
    found = list(_NUMBERED.finditer(text, start))
    digits = [int(one) for match in found for one in re.findall(r"\d+", match[0])]
    return found if not digits or digits == [*range(1, len(found) + 1)] else []


def _may_end(said: str, rest: str, joint: str) -> bool:
    """Say whether a clause may be a part by itself: it asks, or, before "and", names what it asks for.

    In "what loudness and what ceiling do you use" the verb belongs to both.
    """
    own = _without_lead(said)
    if re.search(rf"\b(?:{_WH})$", own, re.IGNORECASE):
        return False
    is_asked = _FORM.match(own) and _ASKED.match(own) and "," in own
    if is_asked or _FORM.match(re.split(r"[,:]\s+", own)[-1]) or re.match(_TELLS, own, re.IGNORECASE):
        lacks_verb = _ASKED.match(own) and len(own.split()) <= LACKING and not _SAYS.search(own)
        return not lacks_verb or not _SAYS.search(re.split(r"[?.,;]", rest)[0])
    is_joined = joint.strip(" ,").lower() != "" and bool(own)
    return is_joined and len(own.split()) <= NAMED_ONLY and not _BEGINNING.match(own)


def _asks(piece: _Piece) -> bool:
    """Say whether a piece asks something, rather than leads up to what does."""
    own = _without_lead(piece.text)
    if piece.is_closed and not re.match(rf"{_TELLS}|{_WONDERS}", piece.text, re.IGNORECASE) and not _FORM.match(own):
        # "When I play fast it all blurs." leads up to a question.
        return own != piece.text and not _SAYS.search(own)
    if _ASKS.match(own) or _ASKS.match(piece.text) or re.search(rf"[,:]\s*(?:{_BEGINS})", own, re.IGNORECASE):
        return True
    names_only = len(own.split()) <= NAMED_ONLY and not _SAYS.search(own)
    return piece.has_mark or (names_only and (piece.is_listed or not piece.stands or own != piece.text))


def _without_lead(text: str) -> str:
    bare = text.strip(" ,;–—-")
    lead = _LEAD.match(bare)
    return bare[lead.end() :] if lead else bare


def _asks_on(piece: _Piece, before: set[str]) -> bool:
    """Say whether a piece only asks on about what was asked before it."""
    if piece.is_listed:
        return False
    stands = piece.stands or re.match(rf"{_TELLS}|{_FIGURE}", piece.text, re.IGNORECASE)
    is_short = len(piece.text.split()) < LEAST_WORDS or points_back(piece.text)
    return len(own_words(piece.text) - before) < (LEAST_OWN if is_short and not stands else 1)


def _part(text: str, *, after: str) -> QuestionPart:
    label = _label(text)
    is_short = not _SAYS.search(label) and (len(label.split()) <= LEAST_WORDS or not _ASKED.match(label))
    return QuestionPart(labelled(label), label, after=after if is_short or points_back(label) else "")


def _label(text: str) -> str:
    return _without_lead(text.strip(" ,;?.!–—-/&\n\t"))


def labelled(label: str) -> str:
    """Return a part as it stands above its answer: with a capital, and a question mark where it is a question."""
    is_question = re.match(_BEGINS, re.split(_SENTENCE, label)[-1], re.IGNORECASE)
    return f"{label[:1].upper()}{label[1:]}{'?' if is_question else ''}"


_FRAME = re.compile(
    r"^(?:and |so )?(?:what|where|when|how) (?:all )?(?:do|does|did|has|have|had) (?:(?:you|he|she|they|NAME|"
    r"we) )?(?:ever |also )?"
    r"(?:say|said|says|think|thinks|tell us|mention|explain|recommend|advise|teach|write|"
    r"talk)(?: anything)? (?:about|of|on|for|regarding) (?=\S+)",
    re.IGNORECASE,
)


def without_frame(text: str) -> str:
    """Return a question without what only introduces it: "reverb" of "what did you say about reverb?"."""
    rest = _FRAME.sub("", text)
    return rest if own_words(rest) else text


def points_back(text: str) -> bool:
    """Say whether a part of a question speaks of something that was named before it."""
    return bool(_POINTING.search(_EXISTS.sub(" ", text)))


def own_words(text: str) -> set[str]:
    """Return the stems of the words that say what a question is about."""
    return {stem for stem in stems(text) if stem not in _EMPTY}
