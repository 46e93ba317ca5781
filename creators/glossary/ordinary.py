"""Ordinary words: the whole words that the embedded model's vocabulary holds, about 20,000 of English."""

import json
from functools import lru_cache

from creators.embeddings.errors import WeightsError
from creators.embeddings.weights import find_weights


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Return the words, without case; none where the embedded model is not installed."""
    try:
        tokenizer = json.loads(find_weights().tokenizer.read_text(encoding="utf-8"))
    except (WeightsError, OSError):
        return frozenset()
    return frozenset(word for word in tokenizer["model"]["vocab"] if word.isalpha())
