"""Words that are made of common ones: by a prefix or an ending, or two written as one."""

from collections.abc import Collection, Sequence

from chat.understanding.common_spelling import SHORTEST
from creators.glossary.vocabulary import common_words

LONG = 6
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
        endings = [
            one for one in _ENDINGS if form.endswith(one[0]) and (len(word) >= LONG or one[0] in {"s", "er", "ers"})
        ]
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
