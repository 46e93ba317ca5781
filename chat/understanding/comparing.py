"""Questions that compare creators: whom they set beside each other, and in what."""

import re

from chat.understanding.names import NamedCreator, NamedQuestion
from chat.understanding.parts import own_words

MOST_COMPARED = 4

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
    r"|^who (?!should|would|is|are|was|has|can|could|will)(?=\w)|(?:the )?(?:more|most|less|least)(?=[,?]|$)"
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
    return creators if 2 <= len(creators) <= MOST_COMPARED else ()


def compared_subject(text: str) -> str:
    """Return what is compared: the question without names and words that compare; "" where nothing is left."""
    subject = " ".join(_NAMES.sub(" ", _PHRASES.sub(" ", text)).split())
    for _ in range(3):
        subject = _EDGES.sub("", subject).strip()
    return subject if own_words(subject) else ""
