"""Texts as they are compared word by word: whatever the case, and whatever signs and spaces stand between the words."""

import re
from dataclasses import dataclass

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its case, and where it stands in the text."""

    folded: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order; figures count as words, an apostrophe within a word belongs to it."""
    return [
        Word(match.group().casefold().replace("’", "'"), match.start(), match.end()) for match in _WORD.finditer(text)
    ]


def folded(text: str) -> str:
    """Return the words of a text with one space between them."""
    return " ".join(word.folded for word in words_of(text))


def place_of(phrase: str, text: str) -> tuple[int, int] | None:
    """Return where the words of ``phrase`` first stand in ``text``, as offsets; None where they don't."""
    wanted, words = folded(phrase), words_of(text)
    joined = " ".join(word.folded for word in words)
    at = f" {joined} ".find(f" {wanted} ") if wanted else -1
    if at < 0:
        return None
    first = joined[:at].count(" ")
    return words[first].start, words[first + wanted.count(" ")].end
