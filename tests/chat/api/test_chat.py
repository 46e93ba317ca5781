"""The contract of ``POST /api/v1/chat``, over real HTTP."""

import json
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from tests.chat.sse import events_in
from tests.model_server.server import ModelServer
from tests.site import Site

DONE_FIELDS = {
    "conversation_id",
    "turn_id",
    "cascade_tier",
    "answered_by",
    "finish",
    "voice_applied",
    "cited",
    "citations",
    "rewritten_query",
    "usage",
    "timings_ms",
}
SOURCE_FIELDS = {
    "number",
    "title",
    "creator",
    "creator_slug",
    "work",
    "kind",
    "url",
    "start_seconds",
    "end_seconds",
    "tier",
    "relevance",
    "excerpt",
}


def post(site: Site, content: bytes | str, **headers: str) -> httpx2.Response:
    with site.client() as client:
        return client.post("/api/v1/chat", content=content, headers={"Content-Type": "application/json", **headers})


def problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    """Check the shape of a problem document and return it."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"].startswith("application/problem+json")
    document = response.json()
    assert {"type", "title", "status", "detail", "errors"} <= document.keys()
    assert "Traceback" not in response.text
    return dict(document)


def test_it_streams_events_in_the_order_of_the_contract(site: Site) -> None:
    types = [kind for _, kind, _ in events_in(site.ask().text)]
    assert types[0] == "sources"
    assert set(types[1:-1]) == {"token"}
    assert types[-1] == "done"


def test_it_numbers_the_events_from_one(site: Site) -> None:
    numbers = [number for number, _, _ in events_in(site.ask().text)]
    assert numbers == list(range(1, len(numbers) + 1))


def test_it_sends_the_headers_that_keep_proxies_from_buffering(site: Site) -> None:
    headers = site.ask().headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache, no-transform"
    assert headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in headers


def test_it_names_turn_and_conversation_in_the_headers(site: Site) -> None:
    response = site.ask()
    done = events_in(response.text)[-1][2]
    assert response.headers["X-Turn-Id"] == done["turn_id"]
    assert response.headers["X-Conversation-Id"] == done["conversation_id"]


def test_it_sends_every_field_of_done_and_of_a_source(site: Site) -> None:
    events = events_in(site.ask().text)
    assert events[-1][2].keys() >= DONE_FIELDS
    assert events[0][2][0].keys() >= SOURCE_FIELDS


def test_it_answers_json_with_the_same_content(site: Site) -> None:
    streamed = "".join(data for _, kind, data in events_in(site.ask().text) if kind == "token")
    whole = site.ask(stream=False).json()
    assert whole["answer"] == streamed
    assert whole.keys() >= {"answer", "sources"} | DONE_FIELDS


def test_it_keeps_a_conversation_that_the_client_named(site: Site) -> None:
    conversation = str(uuid4())
    site.ask(conversation_id=conversation)
    assert (
        site.ask("And for drums?", conversation_id=conversation, stream=False).json()["conversation_id"] == conversation
    )


def test_it_ignores_unknown_fields(site: Site) -> None:
    assert site.ask(flavour="mint").status_code == 200


@pytest.mark.parametrize("creator", [None, "", "  "])
def test_it_takes_an_empty_creator_as_none(site: Site, creator: str | None) -> None:
    assert site.ask(creator=creator).status_code == 200


def test_it_does_not_know_an_unknown_creator(site: Site) -> None:
    problem(site.ask(creator="nobody"), 404)


@pytest.mark.parametrize("body", [b"", b"{", b"[1, 2", b'{"query": NaN}', b"\xff\xfe", b"[" * 50_000])
def test_it_refuses_what_is_no_json(site: Site, body: bytes) -> None:
    problem(post(site, body), 400)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("query", ""),
        ("query", "   "),
        ("query", "x" * 1001),
        ("query", "a\x00b"),
        ("query", "a\ud800b"),
        ("query", 7),
        ("query", None),
        ("personality_weight", -0.1),
        ("personality_weight", 1.1),
        ("personality_weight", "high"),
        ("personality_weight", "0.5"),
        ("personality_weight", True),
        ("conversation_id", "no-uuid"),
        ("conversation_id", 7),
        ("replaces", "x"),
        ("stream", "yes"),
        ("creator", ["mara"]),
    ],
)
def test_it_names_the_field_that_breaks_a_rule(site: Site, field: str, value: object) -> None:
    body = json.dumps({"query": "ok", field: value})
    errors = problem(post(site, body), 422)["errors"]
    assert [error["field"] for error in errors] == [field]


def test_it_takes_a_question_of_a_thousand_characters(site: Site) -> None:
    assert site.ask("pre-delay " * 100).status_code == 200


def test_it_refuses_a_body_that_is_no_object(site: Site) -> None:
    problem(post(site, "[]"), 422)


@pytest.mark.parametrize("size", [100_000, 10_000_000])
def test_it_refuses_a_large_body(site: Site, size: int) -> None:
    problem(post(site, json.dumps({"query": "ok", "conversation_id": "x" * size})), 413)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_it_refuses_another_content_type(site: Site, kind: str) -> None:
    problem(post(site, '{"query": "ok"}', **{"Content-Type": kind}), 415)


def test_it_says_which_method_an_address_takes(site: Site) -> None:
    with site.client() as client:
        response = client.get("/api/v1/chat")
    problem(response, 405)
    assert response.headers["Allow"] == "POST"


def test_it_answers_an_unknown_address_with_a_problem(site: Site) -> None:
    with site.client() as client:
        problem(client.get("/api/v1/nothing"), 404)


def test_it_streams_what_a_model_says(model_site: Site, site_model: ModelServer) -> None:
    site_model.say("Twenty ", "milliseconds [1].")
    events = events_in(model_site.ask().text)
    assert "".join(data for _, kind, data in events if kind == "token") == "Twenty milliseconds [1]."
    assert events[-1][2]["answered_by"] == "model"


async def test_it_stops_the_model_when_the_reader_leaves(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    asked = {"query": "How much pre-delay should a vocal reverb have?"}
    async with (
        httpx2.AsyncClient(base_url=model_site.url) as client,
        client.stream("POST", "/api/v1/chat", json=asked) as response,
    ):
        async for line in response.aiter_lines():
            if line.startswith("event: token"):
                break
    assert await site_model.until_closed_early()


def test_it_refuses_a_page_session_without_its_token(site: Site) -> None:
    with site.client() as client:
        client.get("/")
        problem(client.post("/api/v1/chat", json={"query": "How much pre-delay?"}), 403)


def test_it_takes_a_page_session_with_its_token(site: Site) -> None:
    with site.client() as client:
        client.get("/")
        headers = {"X-CSRFToken": client.cookies["csrftoken"], "Origin": site.url}
        assert client.post("/api/v1/chat", json={"query": "How much pre-delay?"}, headers=headers).status_code == 200


def test_it_lists_the_creators(site: Site) -> None:
    with site.client() as client:
        creators = client.get("/api/v1/creators").json()
    assert {creator["slug"] for creator in creators} == {"mara-lindqvist", "dez-okafor", "ilse-brandt"}


def test_it_reads_a_creator_by_name(site: Site) -> None:
    with site.client() as client:
        creator = client.get("/api/v1/creators/Dez Okafor").json()
    assert len(creator["catalogue"]) == 4


def test_it_searches_with_the_scores_of_both_legs(site: Site) -> None:
    with site.client() as client:
        found = client.get("/api/v1/search", params={"q": "pre-delay of a vocal reverb", "limit": 3}).json()
    assert len(found["passages"]) == 3
    assert {"work", "start_seconds", "relevance", "cosine", "lexical"} <= found["passages"][0].keys()


@pytest.mark.parametrize(
    "params", [{}, {"q": ""}, {"q": "x" * 1001}, {"q": "x", "limit": 0}, {"q": "x", "limit": "many"}]
)
def test_it_refuses_a_search_that_breaks_a_rule(site: Site, params: dict[str, str]) -> None:
    with site.client() as client:
        problem(client.get("/api/v1/search", params=params), 422)


def test_it_documents_itself_without_another_host(site: Site) -> None:
    with site.client() as client:
        page = client.get("/api/v1/docs").text
        schema = client.get("/api/v1/openapi.json").json()
    assert "https://" not in page
    assert "requestBody" in schema["paths"]["/api/v1/chat"]["post"]


def test_it_says_that_it_is_well(site: Site) -> None:
    with site.client() as client:
        assert client.get("/healthz").json()["status"] == "ok"


def test_it_makes_conversation_ids_of_its_own(site: Site) -> None:
    assert UUID(site.ask(stream=False).json()["conversation_id"])
