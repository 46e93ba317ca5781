"""English words: which are known, which are made of common ones, and which common one a misspelt word is meant for."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz.distance.OSA import distance
from rapidfuzz.distance.Prefix import similarity as shared_beginning
from rapidfuzz.process import extract

from creators.embeddings.weights import word_rarity
from creators.glossary.vocabulary import common_words, phonetic_spelling

SHORTEST = 4
"""Letters from which on a word is put right."""
LONG = 8
"""Letters from which on two of a word may be wrong."""
VERY_COMMON = 0.1
"""Rarity up to which a common word is meant by one that lacks any letter of it: "shoud"."""

QUITE_COMMON = 0.2
"""Rarity up to which one is meant by a word of so few letters as ``SHORTEST``: "meny", "ment"."""


def common_slip(word: str, *, is_derived: bool) -> str:
    """Return the common word that a slip of the hand made this of: a letter doubled or not, or two swapped; else ""."""
    if len(word) < SHORTEST:
        return ""
    undoubled, swapped = _common_spellings()
    near = [undoubled.get(_undoubled(word), ""), "" if is_derived else swapped.get(word, "")]
    return next(filter(None, near), "")


def common_word(word: str) -> str:
    """Return the common word that this sounds like, or lacks a letter of, "" where none is near enough."""
    if len(word) < SHORTEST:
        return ""
    most = 2 if len(word) >= LONG else 1
    close = extract(word, _common_by_initial().get(word[0], ()), scorer=distance, score_cutoff=most, limit=None)
    rarest = QUITE_COMMON if len(word) == SHORTEST else 1.0
    near = [
        (wrong, word_rarity(known), known)
        for known, wrong, _ in close
        if word_rarity(known) <= rarest and _is_common_meant(word, known)
    ]
    return min(near)[2] if near else ""


def _is_common_meant(word: str, known: str) -> bool:
    """Say whether a common word may be meant by one that begins like it.

    Its consonants sound the same, or, of the very commonest, a letter within is missing.
    """
    if word[0] != known[0] or are_forms(word, known):
        return False
    sounds_alike = _consonants(word) == _consonants(known) and _syllables(word) <= _syllables(known)
    lacks_one = len(known) == len(word) + 1 and word[-1] == known[-1] and word_rarity(known) <= VERY_COMMON
    return len(known) >= SHORTEST and (sounds_alike or lacks_one)


def _consonants(word: str) -> str:
    return re.sub(r"[aeiouy]", "", _undoubled(phonetic_spelling(word)))


def _syllables(word: str) -> int:
    return len(re.findall(r"[aeiouy]+", word))


@cache
def _common_by_initial() -> Mapping[str, Sequence[str]]:
    words: dict[str, list[str]] = {}
    for word in sorted(common_words()):
        if word.isascii() and len(word) >= SHORTEST:
            words.setdefault(word[0], []).append(word)
    return words


@cache
def _common_spellings() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return common words by their letters without doubles, and by each spelling with two letters within swapped."""
    undoubled, swapped = {}, {}
    for word in sorted(common_words(), key=word_rarity, reverse=True):
        if len(word) >= SHORTEST - 1 and word.isascii():
            undoubled[_undoubled(word)] = word
        for at in range(1, len(word) - 1) if len(word) > SHORTEST else ():
            swapped[word[:at] + word[at + 1] + word[at] + word[at + 2 :]] = word
    return undoubled, swapped


def _undoubled(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", word)


def are_forms(word: str, known: str) -> bool:
    """Say whether two words differ in nothing but a regular ending."""
    shared = shared_beginning(word, known)
    tails = {word[shared:], known[shared:]}
    # "recor" is no form of "record", nor "rarey" of "rarely".
    is_slip = tails == {"", "d"} and word[shared - 1] != "e"
    is_agent = word[shared - 1] == "e" and tails in ({"", "r"}, {"", "rs"})
    return is_agent or (
        tails <= _TAILS
        and not is_slip
        and tails != {"y", "ly"}
        and not (tails == {"", "s"} and word[shared - 1] == "s")
    )


_TAILS = frozenset({"", "s", "es", "d", "ed", "ing", "er", "y", "ly", "al", "ers", "ings"})


LONG_ENDED = 6
"""Letters from which on any ending may be one."""

_ENDINGS: Sequence[tuple[str, str]] = tuple(
    (end, more)
    for end, roots in (
        ("ies", ("y",)), ("ied", ("y",)), ("ier", ("y",)), ("iest", ("y",)), ("s", ("",)), ("es", ("",)),
        ("ed", ("", "e")), ("ing", ("", "e")), ("er", ("", "e")), ("ly", ("",)), ("y", ("",)), ("able", ("",)),
        ("ness", ("",)), ("less", ("",)), ("ers", ("", "e")), ("or", ("", "e")), ("ors", ("", "e")), ("en", ("",)),
        ("able", ("e",)), ("ive", ("", "e")), ("ic", ("", "e", "y")), ("ance", ("", "e")), ("ful", ("",)),
        ("ish", ("",)), ("ment", ("",)),
    )
    for more in roots
)  # fmt: skip
"""Endings of English words, and what stands in their place in the word that they end."""
_PREFIXES = ("mis", "un", "re", "dis", "over", "under", "out")


def is_derived(word: str, roots: Collection[str]) -> bool:
    """Say whether a word is one of the roots, or made of one by a prefix or an ending."""
    bare = next(
        (word.removeprefix(one) for one in _PREFIXES if word.startswith(one) and len(word) >= len(one) + 3), word
    )
    for form in {word, bare}:
        is_long = len(word) >= LONG_ENDED
        endings = [one for one in _ENDINGS if form.endswith(one[0]) and (is_long or one[0] in {"s", "er", "ers"})]
        forms = [form, *(form.removesuffix(end) + more for end, more in endings)]
        # "snappier" doubles the last letter of "snap".
        forms += [one[:-1] for one in forms[1:] if len(one) > len(form) - 5 and one[-1:] == one[-2:-1]]
        if any(len(one) > 2 and one in roots for one in forms):
            return True
    return False


def is_compound(word: str) -> bool:
    """Say whether a word is two common ones written as one, which the corpus may not say: "bassline"."""
    return any(
        {word[:at], word[at:]} <= common_words() for at in range(SHORTEST, len(word) - SHORTEST + 1) if word.isascii()
    )


MUCH_RARER = 200
"""How many times as often as a known word another must be written to be meant by it."""


def is_known(word: str) -> bool:
    """Say whether a word in lower case is English, however rare."""
    return word in _known_words()


def share_in_books(word: str) -> float:
    """Return how much of what books say is this word in lower case, 0 for one that is not known."""
    return int(_known_words().get(word, 0)) / _all_in_books()


@cache
def _all_in_books() -> int:
    return sum(map(int, _known_words().values())) or 1


def is_itself(word: str, meant: str) -> bool:
    """Say whether a word is left alone, for it is English, and hardly written for ``meant``: "vibrato" for "vibrant".

    A word that is hardly ever written may be meant for one that is always, where it only has a letter more, a letter
    less, or two of them swapped: "minuets" for "minutes".
    """
    often, wanted = _known_words().get(word), _known_words().get(meant)
    if often is None:
        return False
    is_slip = distance(word, meant) == 1 and (len(word) != len(meant) or sorted(word) == sorted(meant))
    return wanted is None or not is_slip or int(wanted) < MUCH_RARER * int(often)


@cache
def _known_words() -> Mapping[str, str]:
    """Return 83,000 words with how often books have them; none where the library that holds them is left out."""
    spec = find_spec("symspellpy")
    folders = (spec.submodule_search_locations if spec else None) or ()
    paths = [Path(folder, "frequency_dictionary_en_82_765.txt") for folder in folders]
    columns = paths[0].read_text(encoding="utf-8-sig").split() if paths else []
    return dict(zip(columns[::2], columns[1::2], strict=True))
