"""What turns text into vectors: the seam that a backend fills, its errors, and the one that the settings choose."""

import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol, cast

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

    def embed_sentences(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As ``embed_passages``, for the few short texts of a turn, undisturbed by a running ingest."""
        ...

    def embed_questions(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """As ``embed_sentences``, for what is asked: its vector is to lie near the passages that answer it."""
        ...


__all__ = ["Embedder", "EmbeddingError", "SpaceSpec", "WeightsError", "get_embedder"]

# functools.cache alone lets two threads that come first build two.
_building = threading.Lock()


def get_embedder() -> Embedder:
    """Return this process's embedder, as ``settings.EMBEDDER`` names it.

    ``{"BACKEND": dotted path of a class, "OPTIONS": its keyword arguments}``, like an entry of ``CACHES``.
    """
    from django.conf import settings

    chosen = settings.EMBEDDER
    with _building:
        return _make(chosen["BACKEND"], tuple(sorted(chosen.get("OPTIONS", {}).items())))


@cache
def _make(backend: str, options: tuple[tuple[str, Hashable], ...]) -> Embedder:
    from django.utils.module_loading import import_string

    return cast(Embedder, import_string(backend)(**dict(options)))
