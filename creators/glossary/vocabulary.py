"""How alike two words sound and look: an English consonant skeleton, a worn spelling and the edit distance."""

import re
import unicodedata
from collections.abc import Iterator

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
    (re.compile(r"sch|sh|ch"), "s"),
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


def worn(word: str) -> str:
    """Return the letters of a word in a spelling that sounds the same and is simpler: "mogue" and "moog" are "mog"."""
    for pattern, simpler in _SPELLINGS:
        word = pattern.sub(simpler, word)
    return word


def skeleton(word: str) -> str:
    """Return the consonants of a word by their groups; a vowel counts only where it begins the word."""
    simple = worn(word)
    groups = "".join(_GROUPS.get(character, "") for character in simple)
    return ("a" if simple[:1] in tuple("aeiou") else "") + re.sub(r"(.)\1+", r"\1", groups)


def nearby(key: str) -> Iterator[str]:
    """Yield the skeleton and what is left of it without one consonant: two that differ by one share one of these."""
    yield key
    for place in range(len(key)):
        yield key[:place] + key[place + 1 :]


def likeness(one: str, other: str) -> float:
    """Return how alike two words are, 0 to 1, by their letters or by their worn spelling, whichever is closer."""
    return max(_share(one, other), _share(worn(one), worn(other)))


def _share(one: str, other: str) -> float:
    return 1 - distance(one, other) / max(len(one), len(other), 1)


def distance(one: str, other: str) -> int:
    """Return the number of letters to put in, leave out or change that make one word the other."""
    row = list(range(len(other) + 1))
    for place, character in enumerate(one, start=1):
        before, row[0] = row[0], place
        for at, wanted in enumerate(other, start=1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (character != wanted))
    return row[-1]
