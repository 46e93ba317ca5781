"""Words as they are compared: case-folded, stemmed as PostgreSQL's English dictionary does, numbers kept whole."""

import re
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:[.,:'’][^\W_]+)*")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the stem of a case-folded word."""
    # A stemmer keeps state while it works, so each call has its own; the cache makes them few.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems(text: str) -> list[str]:
    """Return the stems of a text's words in order."""
    return [stem(word.replace("’", "'")) for word in _WORD.findall(text.casefold())]
