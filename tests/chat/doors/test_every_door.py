"""What holds at every door that answers a request: keys, limits, refusals, failures, and an end when it is left."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from django.test import AsyncClient

from chat.models import Kind
from tests.chat.asking import VOCAL
from tests.chat.doors.caller import MakeKey, bearer
from tests.model_server.server import ModelServer
from tests.site import Site

WRONG = "cp_" + "x" * 40
Body = Callable[[str, str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where one asks and by which body, and what stands in an answer that failed half way."""

    path: str
    body: Body
    failed: str


def messages(query: str) -> list[dict[str, Any]]:
    parts = [{"type": "text", "text": query}]
    return [{"id": "1", "role": "user", "content": query, "parts": parts}]


def tool(query: str, creator: str) -> dict[str, Any]:
    params = {"name": "ask", "arguments": {"question": query, "creator": creator}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def of_model(**more: Any) -> Body:
    return lambda query, creator: {"model": creator, "messages": messages(query), "input": query, **more}


def of_page(**more: Any) -> Body:
    return lambda query, creator: {
        **more,
        "messages": messages(query),
        "creator": creator,
        "forwardedProps": {"creator": creator},
    }


DOORS = {
    "events": Door("/api/v1/chat", lambda query, creator: {"query": query, "creator": creator}, "event: error"),
    "json": Door("/api/v1/chat", lambda query, creator: {"query": query, "creator": creator, "stream": False}, "502"),
    "completions": Door("/v1/chat/completions", of_model(), '"error"'),
    "completions-stream": Door("/v1/chat/completions", of_model(stream=True), 'data: {"error"'),
    "responses": Door("/v1/responses", of_model(), '"error"'),
    "responses-stream": Door("/v1/responses", of_model(stream=True), "event: response.failed"),
    "ui": Door("/api/v1/ui/chat", of_page(id=""), '"type": "error"'),
    "agui": Door("/api/v1/agui", of_page(threadId="t", runId="r"), '"type": "RUN_ERROR"'),
    "mcp": Door("/mcp", tool, '"isError": true'),
}
AT_EACH = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)
BOUND = ["json", "completions", "completions-stream", "responses", "responses-stream", "agui", "mcp"]
"""Whose reader can't come back, so that an answer ends when it leaves."""


async def ask(door: Door, secret: str, *, query: str = VOCAL, creator: str = "mara-lindqvist") -> tuple[int, str]:
    """Ask at a door, and return the status and the whole body."""
    answer: Any = await AsyncClient().post(
        door.path, door.body(query, creator), "application/json", headers=bearer(secret)
    )
    body = b"".join([part async for part in answer]) if answer.streaming else answer.content
    answer.close()
    return answer.status_code, body.decode()


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
@AT_EACH
async def test_it_refuses_a_wrong_key(door: Door) -> None:
    assert (await ask(door, WRONG))[0] == 401


@pytest.mark.django_db
@AT_EACH
async def test_it_holds_a_key_to_its_creators(door: Door, make_key: MakeKey) -> None:
    secret = await make_key(creators=["mara-lindqvist"])
    (status, _), (refused, text) = await ask(door, secret), await ask(door, secret, creator="dez-okafor")
    assert (status, refused if door.path != "/mcp" else 403) == (200, 403)
    assert "This key may ask" in text


@pytest.mark.django_db
@AT_EACH
async def test_it_counts_what_is_asked(door: Door, make_key: MakeKey) -> None:
    secret = await make_key(questions_per_minute=1)
    (status, _), (refused, text) = await ask(door, secret), await ask(door, secret)
    assert (status, refused if door.path != "/mcp" else 429) == (200, 429)
    assert "You have asked as many questions" in text


@pytest.mark.django_db
@AT_EACH
async def test_it_says_who_is_not_there(door: Door, make_key: MakeKey) -> None:
    status, text = await ask(door, await make_key(), creator="nobody-here")
    assert (status if door.path != "/mcp" else 404) == 404
    assert "There is no such" in text


@pytest.mark.django_db
@AT_EACH
async def test_it_tells_in_its_protocol_that_an_answer_failed(door: Door, make_key: MakeKey) -> None:
    secret = await make_key(kind=Kind.SANDBOX)
    status, text = await ask(door, secret, query="sandbox:error")
    assert door.failed in f"{status} {text}"


@pytest.mark.parametrize("name", BOUND)
async def test_it_stops_the_model_within_a_second_when_its_reader_leaves(
    model_site: Site, site_model: ModelServer, name: str
) -> None:
    site_model.forget()
    before = len(site_model.requests)
    site_model.hang_after("Four to one, then ")
    door = DOORS[name]
    async with httpx2.AsyncClient(base_url=model_site.url, timeout=30) as client:
        asking = asyncio.create_task(client.post(door.path, json=door.body(VOCAL, "mara-lindqvist")))
        while len(site_model.requests) == before:  # noqa: ASYNC110 -- it is asked in another thread
            await asyncio.sleep(0.05)
        asking.cancel()
        assert await site_model.until_closed_early(1.0)
