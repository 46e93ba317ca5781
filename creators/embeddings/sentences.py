"""Vectors of sentences, of which the last are kept: a passage's are compared with each question that finds it."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import cache
from threading import Lock
from typing import cast

import numpy as np
import numpy.typing as npt

from creators.embeddings import Embedder, get_embedder

MOST_KEPT = 8192
"""Sentences whose vectors are kept: 13 MB at 384 dimensions. Embedding 25 sentences takes 130 ms, two thirds of what an
answer in quotes costs."""


class SentenceVectors:
    """The vectors of one embedder's sentences; safe to share between threads, two of which may embed the same."""

    def __init__(self, embedder: Embedder, *, most: int = MOST_KEPT) -> None:
        self._embedder = embedder
        self._most = most
        self._kept: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors of shape ``(len(texts), dimensions)``; raises ``EmbeddingError``."""
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
            for text in known:
                self._kept.move_to_end(text)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, self._embedder.embed_sentences(new), strict=True))
            self._keep(new, known)
        empty = np.empty((0, self._embedder.space.dimensions), dtype=np.float32)
        return np.stack([known[text] for text in texts]) if texts else empty

    def _keep(self, new: Sequence[str], vectors: dict[str, npt.NDArray[np.float32]]) -> None:
        with self._lock:
            # A row by itself: a view would keep all that was embedded with it.
            self._kept.update({text: vectors[text].copy() for text in new})
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


def sentence_vectors() -> SentenceVectors:
    """Return the kept vectors of this process's embedder."""
    return _vectors_of(cast(Hashable, get_embedder()))


_vectors_of = cache(SentenceVectors)
