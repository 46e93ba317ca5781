"""Vectors from a server that speaks the OpenAI protocol, over real HTTP."""

import threading
import traceback
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from creators.embeddings import EmbeddingError, SpaceSpec
from creators.embeddings.remote import MOST_BYTES, OpenAICompatible, Vectors
from tests.creators.embeddings.embeddings_server import EmbeddingsServer, Reply, Request, in_order, vector_of

TEXTS = ["a", "four", "seventeen letters"]


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.release.set()
        server.shutdown()


def embedder(server: EmbeddingsServer, **options: Any) -> OpenAICompatible:
    return OpenAICompatible(base_url=server.base_url, model="some-model", api_key="sk-secret", **options)


def expected(texts: list[str]) -> Vectors:
    rows = np.array([vector_of(text) for text in texts], dtype=np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def failure(embedding: OpenAICompatible) -> EmbeddingError:
    with pytest.raises(EmbeddingError) as caught:
        embedding.embed_passages(TEXTS)
    return caught.value


def test_it_returns_unit_vectors_in_the_order_of_the_texts(server: EmbeddingsServer) -> None:
    vectors = embedder(server).embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, expected(TEXTS))


def test_it_puts_rows_in_order_by_their_index(server: EmbeddingsServer) -> None:
    def shuffled(request: Request) -> Reply:
        status, body = in_order(request)
        return status, body | {"data": body["data"][::-1]}

    server.answer = shuffled
    assert np.allclose(embedder(server).embed_questions(TEXTS), expected(TEXTS))


def test_it_asks_in_batches(server: EmbeddingsServer) -> None:
    vectors = embedder(server, batch_size=2).embed_passages(TEXTS)
    assert [len(request["input"]) for request in server.requests] == [2, 1]
    assert np.allclose(vectors, expected(TEXTS))


def test_it_sends_the_model_the_format_and_the_key(server: EmbeddingsServer) -> None:
    embedder(server).embed_passages(["a"])
    assert server.requests == [{"model": "some-model", "encoding_format": "float", "input": ["a"]}]
    assert server.keys == ["Bearer sk-secret"]


def test_it_learns_the_dimensions_from_the_first_reply(server: EmbeddingsServer) -> None:
    embedding = embedder(server)
    embedding.embed_passages(TEXTS)
    assert embedding.space == SpaceSpec(name="some-model", dimensions=3)
    assert len(server.requests) == 1


def test_it_asks_for_the_dimensions_where_nothing_was_embedded(server: EmbeddingsServer) -> None:
    embedding = embedder(server)
    assert embedding.space == embedding.space == SpaceSpec(name="some-model", dimensions=3)
    assert len(server.requests) == 1


def test_it_names_shortened_vectors_apart(server: EmbeddingsServer) -> None:
    embedding = embedder(server, dimensions=3)
    assert embedding.space == SpaceSpec(name="some-model/3", dimensions=3)
    embedding.embed_passages(["a"])
    assert server.requests[0]["dimensions"] == 3


def test_it_takes_no_texts_and_empty_ones(server: EmbeddingsServer) -> None:
    embedding = embedder(server, dimensions=3)
    assert embedding.embed_passages([]).shape == (0, 3)
    embedding.embed_passages([""])
    assert [request["input"] for request in server.requests] == [[" "]]


def test_it_refuses_other_dimensions_than_it_was_told(server: EmbeddingsServer) -> None:
    error = failure(embedder(server, dimensions=8))
    assert not error.retryable
    assert "3 dimensions, not 8" in error.reason


BAD_DATA = {
    "too few": [{"index": 0, "embedding": [1, 2]}],
    "the same index twice": [{"index": 0, "embedding": [1, 2]}] * 3,
    "an index of no text": [{"index": index, "embedding": [1, 2]} for index in (1, 2, 3)],
    "rows of different length": [{"index": index, "embedding": [1] * (index + 1)} for index in range(3)],
    "no direction": [{"index": index, "embedding": [0, 0]} for index in range(3)],
    "NaN": [{"index": index, "embedding": [1, float("nan")]} for index in range(3)],
    "infinite": [{"index": index, "embedding": [1, float("inf")]} for index in range(3)],
    "beyond all numbers": [{"index": index, "embedding": [1e308, 1e308]} for index in range(3)],
    "numbers of many digits": [{"index": index, "embedding": [10**400, 1]} for index in range(3)],
    "no dimension": [{"index": index, "embedding": []} for index in range(3)],
    "no vector": [{"index": index, "embedding": None} for index in range(3)],
    "deep vectors": [{"index": index, "embedding": [[1]]} for index in range(3)],
    "no index": [{"index": None, "embedding": [1, 2]}] * 3,
    "no rows but lists": [[], [], []],
    "a vector in base 64": [{"index": index, "embedding": "AACAPwAAgD8="} for index in range(3)],
    "words": [{"index": index, "embedding": ["x"]} for index in range(3)],
    "no rows": [],
    "no list": 7,
}


@pytest.mark.parametrize("data", BAD_DATA.values(), ids=BAD_DATA)
def test_it_refuses_rows_that_do_not_fit(server: EmbeddingsServer, data: object) -> None:
    server.answer = lambda _: (200, {"data": data})
    assert "The embeddings server sent" in failure(embedder(server)).reason


@pytest.mark.parametrize("body", ["", "<html>gateway</html>", "[]", "null", '"data"', '{"data"', "[" * 100_000])
def test_it_refuses_what_is_no_reply(server: EmbeddingsServer, body: str) -> None:
    server.answer = lambda _: (200, body)
    assert "something else" in failure(embedder(server)).reason


@pytest.mark.parametrize(
    ("status", "retryable", "calls"), [(401, False, 1), (404, False, 1), (429, True, 3), (500, True, 3)]
)
def test_it_tells_what_may_work_later(server: EmbeddingsServer, status: int, retryable: bool, calls: int) -> None:
    server.answer = lambda _: (status, {"error": {"message": "no"}})
    error = failure(embedder(server))
    assert error.retryable is retryable
    assert str(status) in error.reason
    assert len(server.requests) == calls


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_it_follows_no_redirect(server: EmbeddingsServer, status: int) -> None:
    server.answer = lambda _: (status, {"data": []})
    server.location = f"{server.base_url}/elsewhere"
    error = failure(embedder(server))
    assert not error.retryable
    assert "set EMBEDDINGS_BASE_URL" in error.reason
    assert len(server.requests) == 1


def test_it_gives_up_on_a_reply_that_trickles(server: EmbeddingsServer) -> None:
    server.trickle = True
    error = failure(embedder(server, timeout=0.2, max_retries=0))
    assert error.retryable
    assert "took too long" in error.reason


def test_it_holds_no_reply_without_end(server: EmbeddingsServer) -> None:
    server.answer = lambda _: (200, " " * (MOST_BYTES + 1))
    assert "more than" in failure(embedder(server)).reason
    assert len(server.requests) == 1


def test_it_never_repeats_the_key(server: EmbeddingsServer) -> None:
    server.answer = lambda _: (401, {"error": {"message": "Incorrect API key provided: sk-secret"}})
    error = failure(embedder(server))
    assert "sk-secret" not in "".join(traceback.format_exception(error))


def test_it_gives_up_on_a_server_that_does_not_answer(server: EmbeddingsServer) -> None:
    def late(request: Request) -> Reply:
        server.release.wait()
        return in_order(request)

    server.answer = late
    error = failure(embedder(server, timeout=0.2, max_retries=0))
    assert error.retryable
    assert "took too long" in error.reason


def test_it_says_when_nobody_listens(server: EmbeddingsServer) -> None:
    with EmbeddingsServer() as closed:
        gone = embedder(closed, max_retries=0)
    assert failure(gone).retryable


def test_it_needs_no_key(server: EmbeddingsServer) -> None:
    OpenAICompatible(base_url=server.base_url, model="some-model").embed_passages(["a"])
    assert server.keys == ["Bearer none"]
