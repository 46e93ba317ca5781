"""How near a claim is to a passage, by vectors of whole texts: for claims in words that the passage doesn't have."""

import logging
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from creators.embeddings import EmbeddingError

logger = logging.getLogger(__name__)

Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

Vector = npt.NDArray[np.float32]

MOST_CLAIMS = 8
"""Claims of one answer that are embedded, about 8 ms each: the budget of an answer is 150 ms in all."""


class Nearness:
    """Compares claims with passages, each claim embedded once, until the budget of an answer is spent."""

    def __init__(self, embed: Embed | None = None, *, most: int = MOST_CLAIMS) -> None:
        """Without ``embed``, or past ``most`` claims, nothing is compared."""
        self._embed = embed
        self._left = most
        self._claims: dict[str, Vector] = {}

    def of(self, claim: str, passages: Sequence[Vector]) -> float | None:
        """Return the cosine of a claim and the nearest of the passages' vectors, None where that is not to be had."""
        if not passages or not self._is_known(claim):
            return None
        return max(float(self._claims[claim] @ passage) for passage in passages)

    def _is_known(self, claim: str) -> bool:
        if claim not in self._claims and self._embed is not None and self._left:
            try:
                self._claims[claim] = self._embed([claim])[0]
                self._left -= 1
            except EmbeddingError as error:
                logger.warning("claims are not compared by their vectors: %s", error)
                self._embed = None
        return claim in self._claims
