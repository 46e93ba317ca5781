"""What passages must have to answer in full: the names that a question asks about, and a number of what it counts."""

import re
from collections.abc import Collection, Iterator, Sequence

from chat.events.events import Passage
from chat.grounding.quote_runs import NUMBERS
from chrysopedia.core.text import WORD, stems

_OPENING, _ENDS = "\"'“‘(", tuple(".?!:;")
_MIXED = re.compile(r"[^\W\d_]\d|\d[^\W\d_]|[^\W\d_A-Z][A-Z]")
"""What no everyday word has in it: letters beside figures, or a capital after a small letter."""
_NO_NAMES = frozenset(("i", "ok"))


def unheard_names(question: str, passages: Sequence[Passage], *, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the names in an English question that stand in no passage, its title, or the name of who speaks.

    A name is told by its capital, or by figures or capitals within it, "MS-20". One of capitals only may stand
    there written out. ``known`` holds names that are known without standing there.
    """
    names = tuple(_names_in(question))
    if not names:
        return ()
    texts = [
        text
        for one in passages
        for text in (one.text, one.title, one.heading, one.creator, one.work_slug, *one.names, *one.names.values())
    ]
    heard = " ".join((*texts, *known)).casefold()
    letters = re.sub(r"[\W_]", "", heard)
    initials = "".join(word[0] for word in re.findall(r"[^\W_]+", heard))
    unread = [name for name in names if not _is_read(name, letters, initials)]
    words = frozenset(stems(heard)) if unread else frozenset[str]()
    return tuple(name for name in unread if words.isdisjoint({*stems(name), name.casefold().removesuffix("s")}))


def _is_read(name: str, letters: str, initials: str) -> bool:
    bare = re.sub(r"[\W_]", "", name.casefold())
    return bare in letters or (name.removesuffix("s").isupper() and bare.removesuffix("s") in initials)


def _names_in(question: str) -> Iterator[str]:
    """Yield the names in a question; one in capitals throughout has none that can be told."""
    for match in WORD.finditer(question if re.search("[a-z]", question) else ""):
        name = re.sub(r"['’].*", "", match[0])
        is_capital = name[:1].isupper() and not _begins(question[: match.start()])
        is_acronym = name.isupper() and sum(map(str.isalpha, name)) > 1
        if (is_capital or is_acronym or _MIXED.search(name)) and name.casefold() not in _NO_NAMES:
            yield name


def _begins(before: str) -> bool:
    """Say whether a sentence or a line begins behind a text, whatever opens it."""
    told = before.rstrip(_OPENING)
    ended = told.rstrip()
    return ended.endswith(_ENDS) or not ended or "\n" in told[len(ended) :]


_COUNTED = re.compile(
    r"\bhow many (?P<thing>(?:[\w'’-]+ ){0,2}?[\w'’-]+?)"
    r"(?= (?:do|does|did|is|are|was|were|has|have|can|could|should|shall|must|may|might|will|would|in|of|on|for|at|"
    r"per|to|that|with|from|by|there|the|an?|you|i|he|she|they|we|it|keep|run|ring|go|fit|make|use|get|come|\w+ed)\b"
    r"|[?,.;:!]|$)",
    re.IGNORECASE,
)
_MEASURES = frozenset(
    stem
    for word in "percent milliseconds ms seconds minutes hours days weeks months years hertz hz db decibels cents "
    "semitones bpm volts bits bytes words times people things ways".split()
    for stem in stems(word)
)
"""What is counted in other words: by its sign, as a time of day, or by whom it is made up of."""
_NUMBER = re.compile(
    rf"\d|(?:{'|'.join(NUMBERS)}|hundreds?|thousands?|millions?|billions?|dozen|couple|pair|both|no|half)\b",
    re.IGNORECASE,
)
BEFORE, AFTER = 4, 3
"""Words before what is counted, and after it, among which its number stands: "two or three gentle stages"."""


def is_uncounted(question: str, passages: Sequence[Passage]) -> bool:
    """Say whether an English question asks how many there are of something that no passage has a number of."""
    asked = _COUNTED.search(question)
    thing = stems(asked["thing"])[-1:] if asked else []
    if not thing or thing[0] in _MEASURES:
        return False
    sentences = (sentence for one in passages for sentence in re.split(r"[.!?…]+\s", one.text))
    return not any(_counts(sentence, thing[0]) for sentence in sentences)


def _counts(sentence: str, thing: str) -> bool:
    words = re.findall(r"[^\W_]+", sentence)
    own = [place for place, word in enumerate(words) if stems(word)[:1] == [thing]]
    return any(_NUMBER.match(word) for at in own for word in words[max(0, at - BEFORE) : at + 1 + AFTER])
