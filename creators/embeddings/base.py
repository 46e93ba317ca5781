"""The seam of the embedder: what a backend offers, the space of its vectors, and its errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


class EmbeddingError(Exception):
    """No vectors came back.

    ``reason`` is a sentence for the log and holds no key; ``retryable`` says whether the same call may work later.
    """

    def __init__(self, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class WeightsError(EmbeddingError):
    """The embedded model's weights are missing or altered; the reason says which command brings them."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, retryable=False)


@dataclass(frozen=True, slots=True)
class SpaceSpec:
    """A vector space: vectors of two spaces are never compared.

    ``name`` says model and precision ("all-MiniLM-L6-v2/fp32"); ``dimensions`` is the length of a vector.
    """

    name: str
    dimensions: int


class Embedder(Protocol):
    """Turns passages and questions into vectors of one space."""

    @property
    def space(self) -> SpaceSpec:
        """The space that every vector of this embedder lives in."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return an array of shape ``(len(texts), dimensions)`` whose rows have length 1."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As ``embed_passages``, for the few short texts of a turn, undisturbed by a running ingest."""
        ...
