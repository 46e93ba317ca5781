"""Whether a sentence needs another one to be read: whether it points, asks or announces."""

import re

from chat.grounding.quotes.lists import ANNOUNCES, BEING, FILLERS, HALF_POINTERS, NO_NOUNS, PLEONASTIC, POINTERS, TAG

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,.;:!?]")
_QUESTION = re.compile(r"[?？؟][\"'”’»)\]]*$")
_HEADING = re.compile(r".{0,59}[\w)]", re.DOTALL)


def leans(text: str) -> bool:
    """Say whether a sentence opens with a word for something that another sentence names.

    A filler before it changes nothing: "So it does that." leans, "So the ratio is three to one." does not.
    """
    folded = text.casefold().replace("’", "'")
    for match in _WORD.finditer(folded):
        word, _, ending = match[0].partition("'")
        if word == "because":
            return "," not in folded
        if match[0] not in FILLERS and match[0] != ",":
            return _points(word, bool(ending), folded[match.end() :], folded[match.start() :])
    return False


def asks(text: str) -> bool:
    """Say whether a sentence is a question."""
    return bool(_QUESTION.search(text)) and not TAG.search(text.casefold()[-12:])


def promises(text: str) -> bool:
    """Say whether a sentence asks or announces, so that the answer stands after it."""
    return asks(text) or bool(ANNOUNCES.search(text.rstrip(".!… ")))


def tells(text: str) -> bool:
    """Say whether a sentence may answer: a promise does not, and neither does a heading, which has no full stop."""
    return not promises(text) and not _HEADING.fullmatch(text)


def _points(word: str, is_shortened: bool, rest: str, whole: str) -> bool:
    if word in HALF_POINTERS:
        following = _WORD.search(rest)
        is_alone = is_shortened or following is None or not following[0][0].isalnum() or following[0] in NO_NOUNS
        exists = word == "there" and (is_shortened or (following is not None and following[0] in BEING))
        return is_alone and not exists if word != "there" else not exists
    return word in POINTERS or (word == "it" and not PLEONASTIC.match(whole))
