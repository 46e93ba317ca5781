"""Questions that compare creators: whom they set beside each other, and in what."""

import re

from chat.understanding.names import NamedCreator, NamedQuestion
from chat.understanding.parts import own_words

MOST_COMPARED = 4

_COMPARING = re.compile(
    r"\b(?:compar(?:e|es|ed|ing|ison)|differ(?:s|ent|ently|ence|ences)?|versus|vs|agree[sd]?|disagree[sd]?|contrast|"
    r"whereas|unlike|opposite|who says what|see eye to eye)\b|\bNAME or NAME\b",
    re.IGNORECASE,
)
_AUX = r"(?:do|does|did|would|should|is|are|has|have|can)"
_OF = (
    r"(?:according to|ac?cording to|in the (?:words|view|opinion|eyes) of|compared? (?:to|with)|"
    r"versus|vs\.?|against|next to|unlike|than|between|from|with|by|of|in|on|at|to|for)(?: (?:those|that) (?:of|in))?"
)
_NAME = r"NAME\b(?:['’]s)?"
_ALL = rf"{_NAME}(?:\s*(?:[,/&]|\b(?:and|or|vs\.?|versus|against|to|with)(?=\s))+\s*{_NAME})*"
"""A name, or several side by side."""
_SAYS = r"(?:says?|said|thinks?|feels?|recommends?|mentions?|advises?|uses?|names?|tells? (?:me|us)(?: to do)?|does it)"
_ON = r"(?: (?:on|about|in|over|of|from|with|to))?"
_FRAMES = tuple(
    re.compile(frame, re.IGNORECASE)
    for frame in (
        # A name beside its other name: "The Changelog (changelog-podcast)".
        r"(?-i:(?:\b[Tt]he )?(?:\b[A-Z][\w'’]*\s)+)\(NAME\)",
        # The other is asked the same: ", and what does Dez use?"
        rf"(?:[,;.?!…—–-]+|\b)\s*(?:and |but )?(?:what|how|where)(?: about)? (?:{_AUX} )?NAME(?: {_SAYS})?"
        r"\s*(?=[,;.?!]|$)",
        rf"\bwho {_SAYS} what(?: exactly)?\b|\b(?:NAME,?|[.?!]) i mean\b|\bin comparison\b|\beach other\b",
        r"\b(?:what(?:['’]?s| is| are) )?(?:the )?(?:diff|differences?|comparison)(?: between)?"
        r"(?= NAME\b| (?:how|what)\b|\W*$)",
        r"\b(?:please )?(?:compare|contrast)(?: and contrast)?\b",
        rf"\b(?:(?:how|what|where|whether) )?(?:{_AUX} )?{_ALL} (?:(?:dis)?agrees?|differs?|stand|see eye to eye|"
        rf"compares?)\b{_ON}",
        rf"\b(?:{_AUX} )?{_ALL} have the same (?:rules?|views?|opinions?|ideas?)\b{_ON}",
        rf"\b(?:{_ALL} )?(?:points? of view|views?|opinions?|takes?|stances?)(?: of| on| about)(?: {_ALL})?"
        r"(?: on| about)?\b",
        rf"\b(?:said )?{_OF} (?:both )?{_ALL}(?: (?:guests?|hosts?|people)\b)?(?: {_SAYS}\b{_ON})?",
        rf"\b(?:what (?={_AUX} [^?]*\b{_SAYS} (?:about|of|on)\b))?(?:{_AUX} )?(?:both )?{_ALL}"
        rf"(?: (?:both|each)\b)?(?: {_SAYS}\b{_ON})?",
        rf"\b(?:{_AUX} )?(?:each(?: of (?:them|the two))?|both of them)\b|\b(?:vs|versus)\b\.?",
        r"(?:the )?(?:more|most|less|least)(?=\s*[,?]|\s*$)",
    )
)
_LOOSE = r"(?:and|or|but|on|in|about|of|with|for|to|from|than|what)"
_GAPS = re.compile(rf"\([\s,]*\)|(?<=[\s,;:—–-]){_LOOSE}\s*(?=[,;.?!]|$)|(?<=\s)[/&](?=\s|$)", re.IGNORECASE)
_EDGES = re.compile(rf"^(?:[\s,:;.?!/&—–-]|(?!what){_LOOSE}(?= |$))+|[\s,:;?./&—–-]+$", re.IGNORECASE)


def compared(named: NamedQuestion, asked: NamedCreator | None) -> tuple[NamedCreator, ...]:
    """Return the creators whom a question sets beside each other, () where it doesn't.

    Two that are named are; one is compared with whom the question is put to, if it asks for a comparison.
    """
    creators = named.creators
    if len(creators) == 1 and asked and asked.id != creators[0].id and _COMPARING.search(named.text):
        creators = (asked, *creators)
    return creators if 2 <= len(creators) <= MOST_COMPARED else ()


def compares(named: NamedQuestion) -> bool:
    """Say whether a question names two creators at least, and asks for a comparison in so many words."""
    return len(named.creators) > 1 and bool(_COMPARING.search(named.text))


def compared_subject(text: str) -> str:
    """Return what is compared: the question without names and words that compare; "" where nothing is left."""
    subject = text
    for frame in _FRAMES:
        subject = frame.sub(" ", subject)
    subject = _tidied(subject)
    return subject if own_words(subject) else ""


def _tidied(text: str) -> str:
    """Return a text without the small words and signs that are left over at its gaps and edges."""
    for _ in range(3):
        text = _EDGES.sub("", _GAPS.sub(" ", " ".join(text.split()))).strip()
    return re.sub(r"\s+(?=[,.?!;:])", "", text)
