"""``Idempotency-Key``: what is sent again is answered by the same turn, in every process."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx2
import pytest

from tests.chat.conversations.visiting import PRE_DELAY, visitor
from tests.model_server.server import ModelServer
from tests.site import Site

PIECES = ["Begin ", "with ", "twenty ", "milliseconds ", "of pre-delay. [1]"]


def send(client: httpx2.Client, name: str, query: str = PRE_DELAY, **body: Any) -> httpx2.Response:
    return send_key(client, unique(name), query, **body)


def send_key(client: httpx2.Client, key: str, query: str = PRE_DELAY, **body: Any) -> httpx2.Response:
    return client.post("/api/v1/chat", json={"query": query, **body}, headers={"Idempotency-Key": key})


def unique(name: str) -> str:
    """Return the same UUID of version 4 for the same name."""
    return str(UUID(bytes=hashlib.sha256(name.encode()).digest()[:16], version=4))


def turn_of(response: httpx2.Response) -> str:
    assert response.status_code == 200, response.text
    return response.headers["X-Turn-Id"]


def test_it_gives_the_same_turn_again(site: Site) -> None:
    with site.client() as client:
        first, second = send(client, "again"), send(client, "again")
    assert turn_of(first) == turn_of(second)
    assert first.content == second.content
    assert [one.headers.get("Idempotency-Replayed") for one in (first, second)] == [None, "true"]


def test_it_gives_it_in_another_form(site: Site) -> None:
    with site.client() as client:
        first, second = send(client, "form"), send(client, "form", stream=False)
    assert second.json()["turn_id"] == turn_of(first)


def test_it_gives_it_in_another_process(site: Site, model_site: Site) -> None:
    with site.client() as client, model_site.client() as other:
        first, second = send(client, "elsewhere"), send(other, "elsewhere", stream=False)
    assert second.json()["turn_id"] == turn_of(first)


def test_it_refuses_another_question(site: Site) -> None:
    with site.client() as client:
        send(client, "other")
        refused = send(client, "other", "What is sidechain compression?")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_it_refuses_what_is_no_key(site: Site, key: str) -> None:
    with site.client() as client:
        refused = client.post(
            "/api/v1/chat", json={"query": PRE_DELAY}, headers=[(b"Idempotency-Key", key.encode("latin-1"))]
        )
    assert refused.status_code == 422


def test_it_tells_owners_apart(site: Site) -> None:
    with visitor(site) as one, visitor(site) as other:
        assert turn_of(send(one, "mine")) != turn_of(send(other, "mine"))


@pytest.mark.parametrize("key", ["question-1", "a" * 40, "00000000-0000-0000-0000-000000000001", f"{unique('x')}-1"])
def test_it_shares_no_turn_by_a_key_that_a_stranger_may_send_too(site: Site, key: str) -> None:
    with site.client() as client:
        refused = send_key(client, key)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert "version 4 or 7" in refused.json()["errors"][0]["reason"]


def test_it_takes_any_key_of_a_session(site: Site) -> None:
    with visitor(site) as client:
        assert turn_of(send_key(client, "question-1")) == turn_of(send_key(client, "question-1"))


def test_it_writes_on_for_a_caller_that_left_and_can_come_back(
    site: Site, model_site: Site, site_model: ModelServer
) -> None:
    site_model.say_slowly(*PIECES, seconds=0.15)
    with model_site.client() as client, model_site.client() as again:
        with pytest.raises(httpx2.ReadTimeout):
            client.post(
                "/api/v1/chat",
                json={"query": PRE_DELAY, "stream": False},
                headers={"Idempotency-Key": unique("left")},
                timeout=0.5,
            )
        assert send(again, "left", stream=False).json()["finish"] == "complete"


def test_it_frees_a_key_whose_question_was_refused(site: Site) -> None:
    with site.client() as client:
        assert send(client, "freed", creator="nobody-here").status_code == 404
        assert turn_of(send(client, "freed"))


def test_it_begins_one_turn_for_all_that_come_at_once(site: Site, model_site: Site, site_model: ModelServer) -> None:
    asked = len(site_model.requests)
    site_model.say_slowly(*PIECES, seconds=0.05)
    with model_site.client() as client, ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(send, client, "at once") for _ in range(8)]
        answers = [one.result() for one in sent]
    assert len({turn_of(one) for one in answers}) == len({one.content for one in answers}) == 1
    assert len(site_model.requests) == asked + 1


def test_it_joins_an_answer_that_is_written_elsewhere(site: Site, model_site: Site, site_model: ModelServer) -> None:
    site_model.say_slowly(*PIECES, seconds=0.2)
    with model_site.client() as writing, site.client() as other, ThreadPoolExecutor(1) as pool:
        first = pool.submit(send, writing, "joined")
        time.sleep(0.3)
        second = send(other, "joined")
        assert (turn_of(second), second.content) == (turn_of(first.result()), first.result().content)
