"""The words of a corpus: how often they occur, how they sound, and which are common English."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance.Levenshtein import normalized_similarity

from creators.embeddings import WeightsError
from creators.embeddings.weights import find_weights


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return the words, without case; none where the embedded model is not installed."""
    try:
        tokenizer = json.loads(find_weights().tokenizer.read_text(encoding="utf-8"))
    except (WeightsError, OSError):
        return frozenset()
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha())


_GROUPS = {
    "b": "p", "p": "p", "f": "p", "v": "p",
    "c": "k", "g": "k", "j": "k", "k": "k", "q": "k",
    "s": "s", "z": "s", "x": "ks",
    "d": "t", "t": "t", "l": "l", "r": "r", "m": "n", "n": "n",
}  # fmt: skip
"""Consonants by how they are made: a transcriber who doesn't know a word mostly keeps to the group."""

_SPELLINGS = (
    (re.compile(r"ph"), "f"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"tch|sch|sh|ch"), "s"),
    (re.compile(r"ck"), "k"),
    (re.compile(r"th"), "t"),
    (re.compile(r"^(?:kn|gn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"gh"), ""),
    (re.compile(r"y"), "i"),
    (re.compile(r"(?<=[gq])ue$"), ""),
    (re.compile(r"(?<=[^aeiou])e$"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)


def letters(phrase: str) -> str:
    """Return the letters and digits of a phrase without case, accents and spaces."""
    plain = unicodedata.normalize("NFKD", phrase.casefold())
    return "".join(character for character in plain if character.isalnum())


def phonetic_spelling(word: str) -> str:
    """Return the letters of a word in a spelling that sounds the same and is simpler: "mogue" and "moog" are "mog"."""
    for pattern, simpler in _SPELLINGS:
        word = pattern.sub(simpler, word)
    return word


def phonetic_key(word: str) -> str:
    """Return the consonants of a word by their groups; a vowel counts only where it begins the word."""
    simple = phonetic_spelling(word)
    groups = "".join(_GROUPS.get(character, "") for character in simple)
    return ("a" if simple[:1] in tuple("aeiou") else "") + re.sub(r"(.)\1+", r"\1", groups)


def neighbouring_keys(key: str) -> Iterator[str]:
    """Yield the skeleton and what is left of it without one consonant: two that differ by one share one of these."""
    yield key
    for place in range(len(key)):
        yield key[:place] + key[place + 1 :]


def similarity(one: str, other: str) -> float:
    """Return how alike two words are, 0 to 1: one less their edit distance by the letter.

    Compared are the words as written and in their simplified spelling, whichever are closer.
    """
    simple, other_simple = phonetic_spelling(one), phonetic_spelling(other)
    return max(normalized_similarity(one, other), normalized_similarity(simple, other_simple))


_WORD = re.compile(r"([^\W_]+(?:['’](?!s\b)[^\W_]+)*)(?:['’]s\b)?")
_OPENS_SENTENCE = re.compile(r"(?:[.!?…:;\n\"“„(])[\"'“‘(\s]*$")


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A word of a text as it is written, its place, and whether nothing but space parts it from the one before."""

    text: str
    start: int
    joined: bool
    opens: bool


@dataclass(slots=True)
class WordCounts:
    """How often each word is said, without case, and how often with a capital that no sentence asks for."""

    said: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)

    def add(self, texts: Iterable[str]) -> "WordCounts":
        """Count more texts."""
        for text in texts:
            for word in written_words(text):
                self.said[word.text.casefold()] += 1
                if word.text[0].isupper() and not word.opens:
                    self.names[word.text] += 1
        return self


def written_words(text: str) -> list[WrittenWord]:
    """Return the words of a text in order, a possessive without its ending."""
    words: list[WrittenWord] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        opens = not words or bool(_OPENS_SENTENCE.search(gap))
        words.append(WrittenWord(match[1], match.start(), joined=bool(words) and gap.isspace(), opens=opens))
        end = match.end()
    return words


def phrases_of(words: Sequence[WrittenWord], *, longest: int) -> Iterator[Sequence[WrittenWord]]:
    """Yield every run of up to ``longest`` words that only space parts."""
    for first in range(len(words)):
        for stop in range(first + 1, min(first + longest, len(words)) + 1):
            if stop > first + 1 and not words[stop - 1].joined:
                break
            yield words[first:stop]


def spelled_out(words: Sequence[WrittenWord]) -> Iterator[Sequence[WrittenWord]]:
    """Yield every whole run of single letters, such as "o t t"."""
    run: list[WrittenWord] = []
    for word in words:
        if run and not (word.joined and _is_letter(word)):
            yield run
            run = []
        if _is_letter(word):
            run.append(word)
    if run:
        yield run


def _is_letter(word: WrittenWord) -> bool:
    return len(word.text) == 1 and word.text.isalpha()


OFTEN, OFTEN_TOGETHER = 3, 2
"""Times from which on a name of the corpus, or a long word of it, counts as a term."""
LONG_WORD, SHORTEST, LEAST_CONSONANTS = 6, 4, 2


@dataclass(frozen=True, slots=True)
class KnownTerm:
    """A term; ``said`` is how often the corpus says it, None for one that a curator wrote down.

    ``is_name`` is False for an ordinary word, of which only the parts written apart are looked for.
    """

    term: str
    letters: str
    said: int | None
    is_name: bool = True

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.term.split())


def known_terms(terms: Iterable[str], *, tally: WordCounts) -> list[KnownTerm]:
    """Return the terms given and those of the corpus, each once, those given first."""
    known = {letters(term): KnownTerm(term, letters(term), None) for term in terms}
    written: dict[str, str] = {}
    for name, capital in tally.names.most_common():
        said = tally.said[name.casefold()]
        if 2 * capital >= said:
            written.setdefault(name.casefold(), name)
            if len(name) >= SHORTEST and capital >= OFTEN:
                known.setdefault(letters(name), KnownTerm(name, letters(name), said))
    for word, said in tally.said.items():
        if len(word) >= LONG_WORD and said >= OFTEN_TOGETHER:
            known.setdefault(letters(word), KnownTerm(written.get(word, word), letters(word), said, is_name=False))
    return [one for one in known.values() if one.letters]


def phonetic_index(known: Iterable[KnownTerm]) -> Mapping[str, list[KnownTerm]]:
    """Return the names and given terms by every skeleton that a mishearing may share with them."""
    index: dict[str, list[KnownTerm]] = {}
    for one in known:
        key = phonetic_key(one.letters)
        if one.is_name and len(one.letters) >= SHORTEST and len(key) >= LEAST_CONSONANTS:
            for near in neighbouring_keys(key):
                index.setdefault(near, []).append(one)
    return index
