"""The thing that a question asks about, "lead vocal", and whether a passage speaks of that thing or of another."""

from collections.abc import Collection, Sequence
from itertools import pairwise

from chat.events.events import Passage
from chrysopedia.core.text import stems

APART = 2
"""Words from one term of a thing to the next in a text: "lead vocal", or "lead rap vocal"."""

Subject = tuple[str, str]
"""Two terms, stemmed, that stand side by side in the question."""


def subjects_of(query: str, passages: Sequence[Passage], *, asked: Collection[str]) -> frozenset[Subject]:
    """Return the things that a question names in two terms side by side, and a work's title as well.

    ``asked`` holds the question's terms, stemmed. Only a title says for certain that two words are one thing: side by
    side in a question stand "attack" and "vocal", too.
    """
    pairs = {pair for pair in pairwise(stems(query)) if all(word in asked for word in pair)}
    titles = dict.fromkeys(passage.title for passage in passages)
    return frozenset(pair for title in titles for pair in pairs.intersection(pairwise(stems(title))))


def speaks_of(passage: Passage, subjects: Collection[Subject]) -> bool:
    """Say whether the work's title or the passage itself names one of these things."""
    return _names(passage.title, subjects, apart=1) or _names(passage.text, subjects, apart=APART)


def _names(text: str, subjects: Collection[Subject], *, apart: int) -> bool:
    """Say whether a text has one of these pairs of terms in their order, so many words on at the most."""
    words = stems(text)
    return any(pair in subjects for step in range(1, apart + 1) for pair in zip(words, words[step:], strict=False))
