"""Questions of several parts: what is asked in each, and what of it leads up to another."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chat.understanding.clauses import (
    ASKED,
    BEGINS,
    FIGURE,
    FORM,
    LACKING,
    NAMED_ONLY,
    OPENS,
    SAYS,
    SENTENCE,
    TELLS,
    VERB,
    WONDERS,
    without_lead,
)
from chat.understanding.headings import Heading, heading_of
from chat.understanding.pieces import Piece, pieces
from chrysopedia.core.text import stems

MOST_PARTS = 4
LEAST_WORDS = 4
"""Words below which a later part only asks on, as "and what is quicker?" does, unless it stands by itself."""
LEAST_OWN = 2
"""Words of its own that such a part must have, and one that points back; else one is enough."""


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A part of a question. ``label`` stands above its answer, ``text`` is searched, as a question ``after`` another.

    Only what points back, or says no more than "and the release?", comes after another; else ``after`` is "". What all
    parts are about stands before the text: "bindgen: how do I call it".
    """

    label: str
    text: str
    after: str = ""


_ASKS = re.compile(rf"(?:{BEGINS}|{TELLS}\s|{WONDERS})", re.IGNORECASE)
_DEFINED = re.compile(r"(?:what|who|where)(?:['’]?s| is| are) (?:an?|the) \w", re.IGNORECASE)
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


def split_parts(text: str) -> tuple[QuestionPart, ...]:
    """Return the parts of a question that each ask something of their own, () where it is one question.

    What only asks on about the same ("and why?", "and how does it work?") belongs to the part before, a statement
    to the part that it leads up to. A part that points back is searched as a question after the first one.
    """
    heading = heading_of(text)
    before: set[str] = set()
    parts: list[Piece] = []
    leads_from: int | None = None
    for piece in pieces(text, heading):
        begin = piece.start if leads_from is None else leads_from
        leads_from = None
        if not _asks(piece):
            leads_from = begin
        elif parts and _asks_on(piece, before):
            parts[-1] = Piece(parts[-1].start, piece.end, text[parts[-1].start : piece.end])
        else:
            parts.append(Piece(begin, piece.end, text[begin : piece.end]))
        before |= own_words(piece.text) if leads_from is None else set()
    if not 2 <= len(parts) <= MOST_PARTS:
        return ()
    return _named(text, parts, heading)


def _named(text: str, parts: Sequence[Piece], heading: Heading) -> tuple[QuestionPart, ...]:
    """Return the parts with their labels, and what each is about where it doesn't say so itself."""
    first = _label(parts[0].text)
    headed = re.compile(SENTENCE).search(text, heading.end)
    headed_until = headed.start() if headed and not heading.is_announced else len(text)
    found = []
    for place, one in enumerate(parts):
        has_own = bool(heading_of(_label(one.text)).text)
        part = _part(one.text, after="" if place == 0 or has_own else first)
        is_headed = heading.text and not has_own and (one.start <= headed_until or part.after)
        if is_headed and one.start >= heading.end and not own_words(heading.text) <= own_words(part.text):
            part = replace(part, text=f"{heading.text}: {part.text[:1].lower()}{part.text[1:]}", after="")
        elif place + 1 < len(parts) and (tail := _shared_tail(part.text, parts[place + 1].text)):
            part = replace(part, text=labelled(f"{_label(part.text)} {tail}"))
        found.append(part)
    return tuple(found)


def _shared_tail(text: str, following: str) -> str:
    """Return what a part shares with the next: "on a lead vocal" for "what attack", "what release on a lead vocal"."""
    is_bare = ASKED.match(text) and len(text.split()) <= LACKING and not SAYS.search(text)
    tail = re.search(rf"\b(?:on|for|in|with|of|at|under)\b (?!.*\b{VERB}\b).+$", following, re.IGNORECASE)
    is_like = text.split(maxsplit=1)[0].lower() == without_lead(following).split()[0].lower()
    return _label(tail[0]) if is_bare and tail and is_like and not _AT_WORK.search(text) else ""


_AT_WORK = re.compile(r"\b(?:on|for|in|with|of|at|under|to|from)\b", re.IGNORECASE)


def _asks(piece: Piece) -> bool:
    """Say whether a piece asks something, rather than leads up to what does."""
    own = without_lead(piece.text)
    if piece.is_closed and not re.match(rf"{TELLS}|{WONDERS}", piece.text, re.IGNORECASE) and not FORM.match(own):
        # "When I play fast it all blurs." leads up to a question.
        return own != piece.text and not SAYS.search(own)
    if _ASKS.match(own) or _ASKS.match(piece.text) or any(map(re.compile(BEGINS, re.I).match, OPENS.split(own)[1:])):
        return True
    names_only = len(own.split()) <= NAMED_ONLY and not SAYS.search(own)
    return piece.has_mark or (names_only and (piece.is_listed or not piece.stands or own != piece.text))


def _asks_on(piece: Piece, before: set[str]) -> bool:
    """Say whether a piece only asks on about what was asked before it."""
    if piece.is_listed:
        return False
    own, points = own_words(piece.text), points_back(piece.text)
    is_told = re.match(rf"{TELLS}|{FIGURE}", piece.text, re.IGNORECASE)
    is_figure = re.match(FIGURE, piece.text, re.IGNORECASE)
    if piece.stands and (is_figure or (own and not points)) and FORM.match(piece.text):
        return False
    is_short = points or (len(piece.text.split()) < LEAST_WORDS and not _DEFINED.match(piece.text))
    return len(own - before) < (LEAST_OWN if is_short and not piece.stands and not is_told else 1)


def _part(text: str, *, after: str) -> QuestionPart:
    label = _label(text)
    is_short = not SAYS.search(label) and (len(label.split()) <= LEAST_WORDS or not ASKED.match(label))
    return QuestionPart(labelled(label), labelled(label), after=after if is_short or points_back(label) else "")


def _label(text: str) -> str:
    return without_lead(text.strip(" ,;?.!–—-/&\n\t"))


def labelled(label: str) -> str:
    """Return a part as it stands above its answer: with a capital, and a question mark where it is a question."""
    is_question = re.match(BEGINS, OPENS.split(re.split(SENTENCE, label)[-1])[-1], re.IGNORECASE)
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
