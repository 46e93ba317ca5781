"""What is embedded of a chunk: the whole, and windows of two sentences in eight bits, as many answers are so short."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from creators.embeddings import Embedder
from creators.transcripts.segments import Mark
from creators.transcripts.sentences import chunk_spans

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that are embedded of a chunk."""

    whole: str
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChunkVectors:
    """What a space knows of a chunk: the vector of the whole, and its windows as ``packed`` gives them."""

    whole: Vector
    windows: bytes = b""


def passage_text(*, heading: str, text: str) -> str:
    """Return what is embedded of a chunk as a whole: its heading says what the text is about, so it goes first."""
    return f"{heading}\n{text}" if heading else text


def hash_of(*, heading: str, text: str) -> str:
    """Return what tells apart the texts that are embedded."""
    return hashlib.sha256(passage_text(heading=heading, text=text).encode()).hexdigest()


def texts_of(*, heading: str, text: str, marks: Sequence[Mark]) -> Texts:
    """Return the texts that are embedded of a chunk."""
    spans = window_spans(chunk_spans(text, marks))
    return Texts(passage_text(heading=heading, text=text), tuple(text[begin:end] for begin, end in spans))


def embed_chunks(chunks: Sequence[Texts], *, embedder: Embedder) -> list[ChunkVectors]:
    """Return the vectors of chunks; all their texts are embedded together. Raises ``EmbeddingError``."""
    if not chunks:
        return []
    # Each once: a chunk of two sentences is its only window.
    texts = dict.fromkeys(text for chunk in chunks for text in (chunk.whole, *chunk.windows))
    vectors = dict(zip(texts, embedder.embed_passages(list(texts)), strict=True))
    return [
        ChunkVectors(vectors[chunk.whole], packed(np.stack([vectors[window] for window in chunk.windows])))
        if chunk.windows
        else ChunkVectors(vectors[chunk.whole])
        for chunk in chunks
    ]


def window_spans(sentences: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return where the windows of a chunk begin and end, given its sentences' offsets; one window for each pair."""
    last = len(sentences) - 1
    return [(begin, sentences[min(place + 1, last)][1]) for place, (begin, _) in enumerate(sentences[: max(1, last)])]


def packed(vectors: Vector) -> bytes:
    """Return vectors, shape (n, dimensions), in one signed byte for each number; their lengths are lost.

    On the demo their cosines with questions are those of the full vectors to within 0.0022.
    """
    most = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
    scaled: npt.NDArray[np.int8] = np.rint(vectors * (127 / most)).astype(np.int8)
    return scaled.tobytes()


def cosines(packs: Mapping[int, bytes], vector: Vector) -> dict[int, list[float]]:
    """Return the cosines of each chunk's packed windows with a vector of length one; of those of another space none.

    All are computed together: one by one each of a hundred chunks takes as long as its numbers do.
    """
    own = {key: windows for key, windows in packs.items() if len(windows) % len(vector) == 0}
    rows = unpacked(b"".join(own.values()), dimensions=len(vector))
    found = iter((rows @ vector).tolist())
    return {key: list(islice(found, len(packs[key]) // len(vector))) if key in own else [] for key in packs}


def unpacked(windows: bytes, *, dimensions: int) -> Vector:
    """Return packed vectors, shape (n, dimensions), each of length one; of those of another space none."""
    if len(windows) % dimensions:
        return np.empty((0, dimensions), np.float32)
    rows = np.frombuffer(windows, np.int8).reshape(-1, dimensions).astype(np.float32)
    lengths = np.sqrt(np.einsum("nd,nd->n", rows, rows))[:, np.newaxis]
    rows /= np.maximum(lengths, np.float32(1e-9))
    return rows
