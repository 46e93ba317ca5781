"""What an embeddings server answered, read without trust: the right rows, in order, of length 1."""

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from creators.embeddings.errors import EmbeddingError

Vectors = npt.NDArray[np.float32]


def read_vectors(body: str, *, count: int) -> Vectors:
    """Return ``count`` unit vectors in the order of the texts, or raise EmbeddingError."""
    vectors = _rows(body)
    if len(vectors) != count:
        raise EmbeddingError(f"The embeddings server sent {len(vectors)} vectors for {count} texts.", retryable=False)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise EmbeddingError("The embeddings server sent a vector that has no direction.", retryable=False)
    unit: Vectors = (vectors / lengths).astype(np.float32)
    return unit


def _rows(body: str) -> npt.NDArray[np.float64]:
    try:
        # The protocol lets a server answer out of order: each row says which text it belongs to.
        rows: list[dict[str, Any]] = sorted(json.loads(body)["data"], key=lambda row: row["index"])
        numbers = [row["index"] for row in rows]
        vectors = np.array([row["embedding"] for row in rows], dtype=np.float64)
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise EmbeddingError("The embeddings server sent something else than embeddings.", retryable=True) from error
    if numbers != list(range(len(rows))) or vectors.ndim != 2:
        raise EmbeddingError("The embeddings server sent rows that fit no text.", retryable=False)
    return vectors
