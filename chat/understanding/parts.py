"""Questions of several parts, and questions that compare creators: what is searched for each of them."""

import re
from collections.abc import Sequence

from chat.understanding.names import NamedCreator, NamedQuestion
from chat.understanding.small_talk import small_talk_in
from chrysopedia.core.text import stems

MOST_PARTS = 3
LEAST_WORDS = 4
"""Words of a later part that doesn't only ask on, as "and what is quicker?" does."""
LEAST_OWN = 2
"""Words of its own that a part must have which points back; one is enough in a sentence of its own."""
NAMED_ONLY = 6
"""Words up to which a part may only name what it asks for: "trap tempo, and how …"."""

_ASKING = r"(?:how|what|which|where|when|who|whom|why|do|does|did|is|are|should|can|could|would)"
_BEGINS = rf"(?:(?:at|in|on|for|with|by|to|from|below|above) )?{_ASKING}\b"
_SEPARATOR = re.compile(
    rf"(?P<sentence>\?+\s+(?:and\s+|also\s+)?(?=\w)|[.!]+\s+(?:and\s+|also\s+)?(?={_BEGINS}))|;\s*(?:and\s+)?(?={_BEGINS})|,?\s+(?:and|plus)\s+(?:also\s+)?"
    rf"(?={_BEGINS})",
    re.IGNORECASE,
)
_IS_ASKED = re.compile(rf"\b{_ASKING}\b", re.IGNORECASE)
_POINTING = frozenset("it its it's that this they them these those he she one ones there then so same".split())
_EMPTY = frozenset(
    stem
    for word in "a an the of on in at to for with by from and or but is are was were be do does did doing have has had "
    "can could should would will may must i you we he she they it me my your our their his her its this that "
    "these those there here how what which where when who whom why if so as than then too very much many long "
    "some any all use used using take put set get go goes come happen happens work works matter matters mean "
    "means say says said best good right need want make before after not no one ones same other first again".split()
    for stem in stems(word)
)


def split_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a question that each ask something of their own, () where it is one question.

    What only asks on about the same ("and why?", "and how does it work?") is no part.
    """
    pieces = [(piece, is_sentence) for piece, is_sentence in _pieces(text) if small_talk_in(piece) is None]
    if not 2 <= len(pieces) <= MOST_PARTS:
        return ()
    before: set[str] = set()
    for piece, is_sentence in pieces:
        own = own_words(piece)
        is_asked = _IS_ASKED.search(piece) or len(piece.split()) <= NAMED_ONLY
        asks_on = len(own - before) < (1 if is_sentence else LEAST_OWN) if points_back(piece) else not own - before
        is_short = len(piece.split()) < LEAST_WORDS and not is_sentence
        if not is_asked or not own or (before and (asks_on or is_short)):
            return ()
        before |= own
    return tuple(piece for piece, _ in pieces)


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return what separators part, and whether it is a sentence of its own."""
    found = list(_SEPARATOR.finditer(text))
    starts = [(0, False), *((one.end(), bool(one["sentence"])) for one in found)]
    ends = [*(one.start() for one in found), len(text)]
    pieces = [(text[start:end].strip(" ,"), own) for (start, own), end in zip(starts, ends, strict=True)]
    return [(piece, own) for piece, own in pieces if piece]


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
    return bool(_POINTING & set(re.findall(r"[\w']+", text.lower())))


def own_words(text: str) -> set[str]:
    """Return the stems of the words that say what a question is about."""
    return {stem for stem in stems(text) if stem not in _EMPTY}


_COMPARING = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|differ(?:s|ent|ently|ence|ences)?|versus|vs|agree[sd]?|disagree[sd]?|contrast|"
    r"whereas|unlike|opposite)\b",
    re.IGNORECASE,
)
_PHRASES = re.compile(
    r"\b(?:(?:please )?(?:compare|contrast)(?: and contrast)?|(?:what(?:'s| is| are) )?(?:the )?(?:difference|"
    r"differences|comparison) between"
    r"|(?:how|where|do|does|did|would|what (?:do|does|did|would)|who (?:is|of)|whether|what|is|are) (?=NAME)"
    r"|(?:and )?how (?:do|does|did|would) (?:that|it|this)? ?(?=compare)|(?:compares?|compared) (?:to|with)|"
    r"(?:differs?|disagrees?|agrees?)(?: (?:on|about|in|from|with|over))?"
    r"|(?:is |are )?(?:what is )?different(?:ly)?(?: from| on| about)?|\bvs\b\.?|versus|(?:each )?(?:say|says|said|"
    r"think|thinks|feel|recommend)(?: about| of| on)?"
    r"|(?:point of )?(?:views?|opinions?|takes?|ways?|approach(?:es)?|stance|advice)(?: of| on| about| with| to)?|"
    r"each other|in comparison|whom? (?:uses?|has|wants?|needs?) (?=more|less)"
    r")\b",
    re.IGNORECASE,
)
_NAMES = re.compile(
    r"(?:\b(?:between|of|with|from|by|to|both) )?\bNAME\b(?:['’]s)?"
    r"(?:\s*(?:,|and|or|versus|vs\.?|&|with|from|to|than|or)\s*(?=NAME))?"
)
_EDGES = re.compile(
    r"^(?:[\s,:;.?!-]|(?:and|or|on|in|about|of|with|for|to|than|compared|what|how|do|does)\b(?= |$))+|[\s,:;?.]+$",
    re.IGNORECASE,
)


def compared(named: NamedQuestion, asked: NamedCreator | None) -> tuple[NamedCreator, ...]:
    """Return the creators whom a question sets beside each other, () where it doesn't.

    Two that are named are; one is compared with whom the question is put to, if it asks for a comparison.
    """
    creators = named.creators
    if len(creators) == 1 and asked and asked.id != creators[0].id and _COMPARING.search(named.text):
        creators = (asked, *creators)
    return creators if 2 <= len(creators) <= MOST_PARTS + 1 else ()


def compared_subject(text: str) -> str:
    """Return what is compared: the question without names and words that compare; "" where nothing is left."""
    subject = " ".join(_NAMES.sub(" ", _PHRASES.sub(" ", text)).split())
    for _ in range(3):
        subject = _EDGES.sub("", subject).strip()
    return subject if own_words(subject) else ""


def labelled(parts: Sequence[str]) -> tuple[str, ...]:
    """Return parts as they stand above their answers: with a capital, and a question mark at the end."""
    return tuple(f"{part[:1].upper()}{part[1:].rstrip(' ?.,;')}?" for part in parts)
