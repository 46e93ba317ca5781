"""The seam of embeddings: what turns text into unit vectors, and the space those vectors live in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


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
