"""Claims that only say the question again: passages were found by its words, so that being near them says nothing."""

import re

from chat.grounding.vocabulary import FUNCTION
from chrysopedia.core.text import stem, words_of

_ASKS_WHICH = re.compile(r"\b(?:how|what|which|where|when|who|whom|whose|why)\b", re.IGNORECASE).search
"""To "is it so?" the question said again is an answer; to these it is none."""


def unsaid_echo(claim: str, *, asked: str, passage: str) -> tuple[str, ...]:
    """Return the words of a claim that a passage lacks, where it holds no word but the question's; else nothing."""
    if not _ASKS_WHICH(asked):
        return ()
    words = {stem(word.folded): word.folded for word in words_of(claim) if word.folded not in FUNCTION}
    if not words.keys() <= _stems(asked):
        return ()
    said = _stems(passage)
    return tuple(word for key, word in words.items() if key not in said)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word.folded) for word in words_of(text))
