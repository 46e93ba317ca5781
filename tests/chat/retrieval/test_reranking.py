"""An operator's judge: a real server on loopback that likes texts with a certain word."""

import threading
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from pytest_django import Settings

from chat import models
from chat.retrieval import Retrieved, build_query, retrieve
from chat.retrieval.calibration import SHIPPED
from chat.retrieval.reranking import RerankError, RerankServer, log_odds, read_scores
from creators.embeddings import Embedder
from creators.models import Creator
from tests.creators.embeddings.embeddings_server import EmbeddingsServer, Reply, Request

LIKED = "snare"


def liking(request: Request) -> Reply:
    """Answer as Jina, Cohere, vLLM and Infinity do."""
    scores = [0.9 if LIKED in text.casefold() else 0.1 for text in request["documents"]]
    return 200, {"results": [{"index": place, "relevance_score": score} for place, score in enumerate(scores)]}


def text_taking(request: Request) -> Reply:
    """Answer as TEI does, which knows no documents."""
    if "texts" not in request:
        return 422, {"error": "missing field `texts`"}
    return 200, [{"index": place, "score": len(text) / 1000} for place, text in enumerate(request["texts"])]


@pytest.fixture
def judge() -> Iterator[EmbeddingsServer]:
    with EmbeddingsServer() as server:
        server.path, server.answer = "/v1/rerank", liking
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def client(judge: EmbeddingsServer, *, timeout: float = 5.0) -> RerankServer:
    return RerankServer(base_url=judge.base_url, model="judge", api_key="sk-4f2a", timeout=timeout)


@pytest.fixture
def asked(judge: EmbeddingsServer, settings: Settings) -> EmbeddingsServer:
    options = {"base_url": judge.base_url, "model": "judge", "timeout": 5.0}
    settings.RERANKER = {"BACKEND": "chat.retrieval.reranking.RerankServer", "OPTIONS": options}
    return judge


def found(embedder: Embedder) -> Retrieved:
    creator = Creator.objects.get(slug="dez-okafor")
    query = build_query("How do I tune an 808?", creator_id=creator.pk, names=[creator.name], embedder=embedder)
    return retrieve(query, creator_id=creator.pk, limit=6)


def test_it_sends_the_question_the_texts_and_the_key(judge: EmbeddingsServer) -> None:
    assert client(judge).scores("Why?", ["a snare", "a kick"]) == pytest.approx([2.197, -2.197], abs=1e-3)
    assert judge.requests == [{"model": "judge", "query": "Why?", "documents": ["a snare", "a kick"]}]
    assert judge.keys == ["Bearer sk-4f2a"]


def test_it_learns_that_a_server_takes_texts(judge: EmbeddingsServer) -> None:
    judge.answer, server = text_taking, client(judge)
    assert server.scores("Why?", ["aa", "a"]) == server.scores("Why?", ["aa", "a"])
    assert ["texts" in request for request in judge.requests] == [False, True, True]


def test_it_gives_up_where_the_judge_takes_too_long(judge: EmbeddingsServer) -> None:
    judge.trickle = True
    with pytest.raises(RerankError, match="too long"):
        client(judge, timeout=0.2).scores("Why?", ["a", "b"])
    judge.release.set()


def test_it_lets_a_judge_rest_that_failed(judge: EmbeddingsServer) -> None:
    judge.answer, server = lambda _: (500, {}), client(judge)
    for said in ("answered 500", "a moment ago"):
        with pytest.raises(RerankError, match=said):
            server.scores("Why?", ["a"])
    assert len(judge.requests) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"results": 3}', b'[{"index": 1, "score": 0.5}]', b"\xff", b"[[]]"])
def test_it_refuses_what_are_no_scores(body: bytes) -> None:
    with pytest.raises(RerankError):
        read_scores(body, count=1)


def test_it_takes_scores_beyond_0_and_1_for_log_odds() -> None:
    assert log_odds([3.5, -2.0]) == [3.5, -2.0]
    assert log_odds([0.5, 1.0]) == pytest.approx([0.0, 13.8], abs=0.1)


def test_it_puts_first_what_the_judge_likes(corpus: None, asked: EmbeddingsServer, embedder: Embedder) -> None:
    passages = found(embedder).passages
    assert LIKED in passages[0].text.casefold()
    assert [one.relevance for one in passages] == sorted((one.relevance for one in passages), reverse=True)


def test_it_answers_as_before_where_the_judge_fails(corpus: None, asked: EmbeddingsServer, embedder: Embedder) -> None:
    asked.answer = lambda _: (500, {})
    passages = found(embedder).passages
    assert len(asked.requests) == 1 and "808" in passages[0].text


def test_it_lets_a_calibrated_judge_decide_what_answers(
    corpus: None, asked: EmbeddingsServer, embedder: Embedder
) -> None:
    values = SHIPPED[embedder.space.name].as_values() | {"judged": 9.0}
    models.Calibration.objects.add(space=f"{embedder.space.name} + judge", values=values, figures={})
    asked.answer = lambda request: (200, [{"index": n, "score": 0.01} for n in range(len(request["documents"]))])
    assert found(embedder).coverage == "partly"


def test_it_is_calibrated_by_the_same_command(corpus: None, asked: EmbeddingsServer, embedder: Embedder) -> None:
    out = StringIO()
    call_command("calibrate", "--sample", "40", stdout=out)
    stored = models.Calibration.objects.newest(f"{embedder.space.name} + judge")
    assert stored is not None and stored.values["judged"] and "* judge" in out.getvalue()
