"""The model server against the client library that it stands in for servers of."""

import httpx2
import pytest
from openai import OpenAI

from tests.model_server import ModelServer


def ask(server: ModelServer, question: str) -> str:
    with OpenAI(base_url=server.base_url, api_key="k") as client:
        chunks = client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": question}], stream=True
        )
        return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


@pytest.mark.parametrize(
    "passage", ["[1] Kicks & more. Yes.\n[2] No.", '<passage number="1" a="b">\nKicks &amp; more.\n</']
)
def test_it_quotes_the_first_passage(model_server: ModelServer, passage: str) -> None:
    assert ask(model_server, f"Cite like [1].\n{passage}\nWhat now?") == "Kicks & more [1]."


def test_it_repeats_the_question_where_there_is_no_passage(model_server: ModelServer) -> None:
    assert ask(model_server, "What now? Really?") == "You asked: What now"


def test_it_follows_its_script_and_then_answers_by_itself(model_server: ModelServer) -> None:
    model_server.say("One.")
    assert [ask(model_server, "Hm?"), ask(model_server, "Hm?")] == ["One.", "You asked: Hm"]


def test_it_answers_without_a_stream_too(model_server: ModelServer) -> None:
    with OpenAI(base_url=model_server.base_url, api_key="k") as client:
        whole = client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hm?"}])
    assert whole.choices[0].message.content == "You asked: Hm"


def test_it_lists_its_models(model_server: ModelServer) -> None:
    with OpenAI(base_url=model_server.base_url, api_key="k") as client:
        assert [model.id for model in client.models.list()] == ["test-model"]


def test_it_records_what_it_was_asked(model_server: ModelServer) -> None:
    ask(model_server, "Hm?")
    request = model_server.requests[0]
    assert (request.path, request.headers["authorization"]) == ("/v1/chat/completions", "Bearer k")
    assert model_server.bodies[0]["messages"] == [{"role": "user", "content": "Hm?"}]


def test_it_knows_no_other_path(model_server: ModelServer) -> None:
    assert httpx2.post(f"{model_server.base_url}/embeddings", json={}).status_code == 404


def test_it_releases_whoever_waits_when_it_closes() -> None:
    with ModelServer() as server:
        server.hang_before_first()
        with httpx2.stream("POST", f"{server.base_url}/chat/completions", json={"stream": True}) as response:
            server.close()
            with pytest.raises(httpx2.RemoteProtocolError):
                response.read()
