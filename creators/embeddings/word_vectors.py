"""Vectors of single words: the embedded model's own table of word pieces, read where it lies and never as a whole."""

import json
import logging
import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from creators.embeddings.base import WeightsError
from creators.embeddings.weights import Once, find_weights

Vector = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

TABLE = "embeddings.word_embeddings.weight"
DIMENSIONS = 384
SAMPLE = 16
"""Every how many rows one is read for the mean, which is what all words have in common."""
COMMON = 2000
"""Rows of the table, punctuation and letters among them, that hold what everybody says."""
PIECE = 0.25
"""What each further piece of a word adds to its rarity."""
KEPT = 8192
"""Words whose vectors are kept, 1.5 kB each."""


class WordTable:
    """The pieces of words and their vectors, mapped from the file: its pages are shared between processes.

    Raises ``WeightsError`` where the model's weights are not installed.
    """

    def __init__(self) -> None:
        weights = find_weights()
        with weights.model.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            entry: dict[str, Any] = json.loads(file.read(length))[TABLE]
        if entry["dtype"] != "F32" or entry["shape"][1] != DIMENSIONS:
            raise WeightsError("the table of word pieces is not as published")
        offset = 8 + length + entry["data_offsets"][0]
        self._rows: Vector = np.memmap(weights.model, np.float32, "r", offset, tuple(entry["shape"]))
        self._mean: Vector = self._rows[::SAMPLE].mean(axis=0)
        self._tokenizer = Tokenizer.from_file(str(weights.tokenizer))
        self._tokenizer.no_padding()

    def vector(self, word: str) -> Vector:
        """Return the unit vector of a word, the sum of its pieces' without what all words share."""
        pieces = self._tokenizer.encode(word[:40], add_special_tokens=False).ids
        total: Vector = (self._rows[pieces] - self._mean).sum(axis=0)
        length = float(np.linalg.norm(total))
        return total / length if length else total

    def rarity(self, word: str) -> float:
        """Return how rare a word is, from 0 up: the table lists whole words by how often they are used."""
        pieces = self._tokenizer.encode(word[:40], add_special_tokens=False).ids
        most = math.log(max(pieces, default=0) + 1)
        scale = math.log(len(self._rows)) - math.log(COMMON)
        return max(0.0, (most - math.log(COMMON)) / scale) + PIECE * max(0, len(pieces) - 1)


class NoTable:
    """In place of the table where it can't be read: no word is near another, and all are as rare as the next."""

    def vector(self, word: str) -> Vector:
        """Return zeros."""
        return np.zeros(DIMENSIONS, np.float32)

    def rarity(self, word: str) -> float:
        """Return the middle."""
        return 0.5


def _load() -> WordTable | NoTable:
    try:
        return WordTable()
    except (OSError, WeightsError, KeyError) as error:
        logger.warning("words are compared by their letters alone, the embedded model's table is missing: %s", error)
        return NoTable()


_table = Once(_load)


@lru_cache(maxsize=KEPT)
def word_vector(word: str) -> Vector:
    """Return the unit vector of shape (384,) of a word in lower case; near ones mean alike."""
    return _table().vector(word)


@lru_cache(maxsize=KEPT)
def word_rarity(word: str) -> float:
    """Return how rare a word in lower case is: 0 for the two thousand commonest, about 1 for rare ones."""
    return _table().rarity(word)
