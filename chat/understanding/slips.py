"""Slips of the hand and of the ear: how one word comes to be written for another."""

import re
from collections.abc import Iterator

from rapidfuzz.distance.OSA import distance

from chat.events.events import Respelling
from creators.glossary.vocabulary import phonetic_key
from creators.models import TermCount

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(
    frozenset((row[at], other[beside]))
    for number, row in enumerate(_ROWS)
    for at in range(len(row))
    for other, places in ((row, (at + 1,)), (_ROWS[number + 1] if number + 1 < len(_ROWS) else "", (at - 1, at)))
    for beside in places
    if 0 <= beside < len(other)
)
"""Pairs of letters whose keys lie beside each other."""
_VOWELS = frozenset("aeiouy")
_ENDINGS = (
    ("tion", "sion"), ("sion", "tion"), ("ence", "ance"), ("ance", "ence"), ("ible", "able"), ("able", "ible"),
    ("er", "or"), ("or", "er"), ("ar", "er"), ("al", "le"), ("le", "al"), ("el", "le"), ("le", "el"), ("ery", "ary"),
    ("ary", "ery"), ("ice", "ise"), ("ents", "ence"), ("ize", "ise"), ("ise", "ize"),
)  # fmt: skip
"""Endings that sound the same or nearly so."""


def is_likely_slip(word: str, known: str) -> bool:
    """Say whether one letter of a word was left out, doubled, swapped, mistaken by the ear or hit beside its key."""
    if distance(word, known, score_cutoff=1) != 1:
        return False
    if len(known) > len(word) or sorted(word) == sorted(known):
        return True
    at = next((place for place, pair in enumerate(zip(word, known, strict=False)) if len(set(pair)) > 1), len(known))
    if len(word) > len(known):
        around = {word[place] for place in (at - 1, at + 1) if 0 <= place < len(word)}
        is_silent = word[at] in _VOWELS or word[at] == "h" or word[at : at + 2] in {"dg", "tc"}
        return is_silent or any(one == word[at] or _are_beside(one, word[at]) for one in around)
    is_twice = word[at] in (word[at - 1 : at], word[at + 1 : at + 2])
    return is_twice or _sound_alike(word[at], known[at]) or _are_beside(word[at], known[at])


def other_endings(word: str) -> Iterator[str]:
    """Yield the word with each ending that sounds like its own: "extention" with "sion"."""
    for ending, other in _ENDINGS:
        for more in ("", "s"):
            if word.endswith(ending + more) and len(word) > len(ending) + 3:
                yield word.removesuffix(ending + more) + other + more


def _sound_alike(letter: str, other: str) -> bool:
    return {letter, other} <= _VOWELS or (phonetic_key(letter) == phonetic_key(other) and letter not in _VOWELS)


def _are_beside(letter: str, other: str) -> bool:
    return frozenset((letter, other)) in _NEIGHBOURS


HURRIED = {
    "wot": "what", "wen": "when", "shud": "should", "teh": "the", "hwo": "how",
    "duz": "does", "thru": "through", "coz": "because", "cuz": "because", "abt": "about", "btwn": "between",
}  # fmt: skip
"""Little words as they are written in a hurry: what kind of question it is hangs on them."""
HURRIEDLY = re.compile(rf"\b(?:{'|'.join(HURRIED)})\b", re.IGNORECASE)

MIXED = re.compile(r"\b(?=\w*\d)(?=\w*[oOlI])[\doOlI]{2,}\b")
"""Figures among which stand letters that look like some."""
_FIGURES = str.maketrans("oOlI", "0011")


def figures_put_right(text: str) -> tuple[str, tuple[Respelling, ...]]:
    """Return the text with letters that were typed for figures put right: "8o8" where the corpus says 808."""
    meant = {word: word.translate(_FIGURES) for word in MIXED.findall(text)}
    said = TermCount.objects.frequencies({*meant, *meant.values()}) if meant else {}
    better = {word: figures for word, figures in meant.items() if figures in said and word not in said}
    text = MIXED.sub(lambda word: better.get(word[0], word[0]), text)
    return text, tuple(Respelling(word, figures) for word, figures in better.items())
