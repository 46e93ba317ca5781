"""What a corpus says how often: its words, the names among them, and the short phrases of a text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"([^\W_]+(?:['’](?!s\b)[^\W_]+)*)(?:['’]s\b)?")
_OPENS_SENTENCE = re.compile(r"(?:[.!?…:;\n\"“„(])[\"'“‘(\s]*$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text as it is written, its place, and whether nothing but space parts it from the one before."""

    text: str
    start: int
    joined: bool
    opens: bool


@dataclass(slots=True)
class Tally:
    """How often each word is said, without case, and how often with a capital that no sentence asks for."""

    said: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str]) -> "Tally":
        """Count more texts."""
        for text in texts:
            for word in words_of(text):
                self.said[word.text.casefold()] += 1
                if word.text[0].isupper() and not word.opens:
                    self.names[word.text] += 1
        return self


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order, a possessive without its ending."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = not words or bool(_OPENS_SENTENCE.search(gap))
        words.append(Word(match[1], match.start(), joined=bool(words) and gap.isspace(), opens=opens))
        end = match.end()
    return words


def phrases_of(words: Sequence[Word], *, longest: int) -> Iterator[Sequence[Word]]:
    """Yield every run of up to ``longest`` words that only space parts."""
    for first in range(len(words)):
        for stop in range(first + 1, min(first + longest, len(words)) + 1):
            if stop > first + 1 and not words[stop - 1].joined:
                break
            yield words[first:stop]


def spelled_out(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield every whole run of single letters, such as "o t t"."""
    run: list[Word] = []
    for word in words:
        if run and not (word.joined and _is_letter(word)):
            yield run
            run = []
        if _is_letter(word):
            run.append(word)
    if run:
        yield run


def _is_letter(word: Word) -> bool:
    return len(word.text) == 1 and word.text.isalpha()
