"""An embedder behind HTTP, at a server that speaks the OpenAI protocol."""

import json
import time
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import httpx2
import numpy as np
import numpy.typing as npt
import openai

from creators.embeddings import EmbeddingError, SpaceSpec

Vectors = npt.NDArray[np.float32]


def read_vectors(body: str, *, count: int) -> Vectors:
    """Return ``count`` unit vectors in the order of the texts, or raise EmbeddingError."""
    vectors = _rows(body)
    if len(vectors) != count:
        raise EmbeddingError(f"The embeddings server sent {len(vectors)} vectors for {count} texts.", retryable=False)
    with np.errstate(over="ignore"):
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
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise EmbeddingError("The embeddings server sent something else than embeddings.", retryable=True) from error
    if numbers != list(range(len(rows))) or vectors.ndim != 2:
        raise EmbeddingError("The embeddings server sent rows that fit no text.", retryable=False)
    return vectors


# Worth another try later; every other refusal stays as it is until somebody changes a setting.
RETRYABLE_STATUSES = frozenset({408, 409, 425, 429})

MOST_BYTES = 64 * 1024 * 1024
"""Of a reply: 64 vectors of 8192 dimensions have a tenth of it."""


class _Bounded(httpx2.SyncByteStream):
    """A body that ends, with an error, after so many bytes or seconds, however slowly it trickles."""

    def __init__(self, stream: httpx2.SyncByteStream, *, seconds: float) -> None:
        self._stream = stream
        self._until = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        left = MOST_BYTES
        for piece in self._stream:
            left -= len(piece)
            if left < 0:
                raise _TooLongError
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the reply took too long")
            yield piece

    def close(self) -> None:
        self._stream.close()


class _TooLongError(openai.OpenAIError):
    """A reply that has more bytes than any vectors; asking again would not help."""


def _bound(response: httpx2.Response, *, seconds: float) -> None:
    if isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Bounded(response.stream, seconds=seconds)


# Any text does where only the length of a vector is wanted.
PROBE = "dimensions"


class OpenAICompatible:
    """An ``Embedder`` over ``POST {base_url}/embeddings``; safe to share between threads.

    ``dimensions`` is asked of the server when given, and else learned from its first reply. ``timeout`` is in seconds,
    for each attempt. Every failure is an ``EmbeddingError``.
    """

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        dimensions: int | None = None,
        timeout: float = 30.0,
        batch_size: int = 64,
        max_retries: int = 2,
    ) -> None:
        # The client insists on a key, and many servers of one's own have none.
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            timeout=timeout,
            max_retries=max_retries,
            http_client=openai.DefaultHttpxClient(
                timeout=timeout,
                follow_redirects=False,  # the texts and the key would go wherever a server says
                event_hooks={"response": [partial(_bound, seconds=timeout)]},
            ),
        )
        self._name = f"{model}/{dimensions}" if dimensions else model
        self._request: dict[str, Any] = {"model": model, "encoding_format": "float"}
        if dimensions:
            self._request["dimensions"] = dimensions
        self._dimensions = dimensions
        self._batch_size = batch_size

    @property
    def space(self) -> SpaceSpec:
        """The model's name without the server's: the same model on another machine gives the same vectors.

        Where ``dimensions`` was not given and nothing has been embedded yet, this asks the server.
        """
        if self._dimensions is None:
            self._dimensions = self._ask([PROBE]).shape[1]
        return SpaceSpec(name=self._name, dimensions=self._dimensions)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of shape ``(len(texts), dimensions)``, asked for in batches."""
        if not texts:
            return np.empty((0, self.space.dimensions), dtype=np.float32)
        starts = range(0, len(texts), self._batch_size)
        return np.concatenate([self._embed(texts[start : start + self._batch_size]) for start in starts])

    def embed_sentences(self, texts: Sequence[str]) -> Vectors:
        """As ``embed_passages``."""
        return self.embed_passages(texts)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """As ``embed_passages``: the protocol does not tell the two apart."""
        return self.embed_passages(texts)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        vectors = self._ask(texts)
        if self._dimensions is None:
            self._dimensions = vectors.shape[1]
        if vectors.shape[1] != self._dimensions:
            raise EmbeddingError(
                f"The embeddings server sent {vectors.shape[1]} dimensions, not {self._dimensions}.", retryable=False
            )
        return vectors

    def _ask(self, texts: Sequence[str]) -> Vectors:
        # An empty text is refused by most servers; a space is not, and means as little.
        filled = [text or " " for text in texts]
        try:
            # Unparsed: the client builds its models without validation, so the reply is read strictly here instead.
            reply = self._client.embeddings.with_raw_response.create(input=filled, **self._request)
        except openai.OpenAIError as error:
            # Not chained: a server may repeat the key in its refusal, and the chain would carry that to the log.
            raise _failure(error) from None
        return read_vectors(reply.text, count=len(texts))


def _failure(error: openai.OpenAIError) -> EmbeddingError:
    match error:
        case openai.APITimeoutError():
            return EmbeddingError("The embeddings server took too long.", retryable=True)
        case openai.APIConnectionError():
            return EmbeddingError("The embeddings server can't be reached.", retryable=True)
        case openai.APIStatusError(status_code=status) if 300 <= status < 400:
            return EmbeddingError(
                f"The embeddings server sends elsewhere ({status}), which is not followed: "
                "set EMBEDDINGS_BASE_URL to where it is.",
                retryable=False,
            )
        case _TooLongError():
            return EmbeddingError(f"The embeddings server sent more than {MOST_BYTES} bytes.", retryable=False)
        case openai.APIStatusError(status_code=status):
            retryable = status >= 500 or status in RETRYABLE_STATUSES
            return EmbeddingError(f"The embeddings server answered {status}.", retryable=retryable)
        case _:
            return EmbeddingError(f"The embeddings server failed: {type(error).__name__}.", retryable=False)
