"""The sandbox: a key of its kind is answered by scripts, the same each time, at every door, and nothing is stored."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import aiohttp
import openai
import pytest
from openai import OpenAI

from chat.turns.sandbox import SCRIPTS
from tests.chat.sse import events_in
from tests.chrysopedia.running import manage
from tests.site import Site

FULL = "".join(SCRIPTS["full"].pieces)


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The secret of a sandbox key."""
    made = manage("key", "add", "trying out", "--sandbox", data_dir=site.data_dir, DATABASE_URL=site.database_url)
    return made.stdout.strip()


def chat(site: Site, key: str, name: str, **body: Any) -> Any:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        return client.post("/api/v1/chat", json={"query": f"sandbox:{name}", **body})


def by_json(site: Site, key: str, query: str) -> str:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        return str(client.post("/api/v1/chat", json={"query": query, "stream": False}).json()["answer"])


def by_events(site: Site, key: str, query: str) -> str:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        body = client.post("/api/v1/chat", json={"query": query}).text
    return "".join(data for _, kind, data in events_in(body) if kind == "token")


def by_completions(site: Site, key: str, query: str) -> str:
    with OpenAI(base_url=f"{site.url}/v1", api_key=key) as client:
        asked = client.chat.completions.create(
            model="chrysopedia", messages=[{"role": "user", "content": query}], extra_body={"sources_footer": False}
        )
    return asked.choices[0].message.content or ""


def by_responses(site: Site, key: str, query: str) -> str:
    with OpenAI(base_url=f"{site.url}/v1", api_key=key) as client:
        asked: Any = client.responses.create(model="chrysopedia", input=query, extra_body={"sources_footer": False})
    return str(asked.output_text)


def by_ui_stream(site: Site, key: str, query: str) -> str:
    message = {"role": "user", "parts": [{"type": "text", "text": query}]}
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        body = client.post("/api/v1/ui/chat", json={"id": "", "messages": [message]}).text
    parts = [json.loads(block[6:]) for block in body.split("\n\n")[:-2]]
    return "".join(part["delta"] for part in parts if part["type"] == "text-delta")


def by_agui(site: Site, key: str, query: str) -> str:
    body = {"threadId": "t", "runId": "r", "messages": [{"id": "1", "role": "user", "content": query}]}
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        blocks = client.post("/api/v1/agui", json=body).text.split("\n\n")[:-1]
    return "".join(json.loads(block[6:]).get("delta", "") for block in blocks)


def by_mcp(site: Site, key: str, query: str) -> str:
    params = {"name": "ask", "arguments": {"question": query}}
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        called = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    return str(called.json()["result"]["structuredContent"]["answer"])


def by_websocket(site: Site, key: str, query: str) -> str:
    async def frames() -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {key}"}
        address = f"{site.url}/ws/v1/chat"
        async with aiohttp.ClientSession() as session, session.ws_connect(address, headers=headers) as socket:
            await socket.send_json({"type": "ask", "query": query})
            got = [await socket.receive_json()]
            while got[-1]["type"] != "done":
                got.append(await socket.receive_json())
            return got

    return "".join(frame["data"] for frame in asyncio.run(frames()) if frame["type"] == "token")


@pytest.mark.parametrize(
    "door", [by_json, by_events, by_completions, by_responses, by_ui_stream, by_agui, by_mcp, by_websocket]
)
def test_it_says_the_same_at_every_door(site: Site, key: str, door: Callable[[Site, str, str], str]) -> None:
    assert [door(site, key, "How?"), door(site, key, "Why?")] == [FULL, FULL]


@pytest.mark.parametrize(
    ("name", "finish", "coverage", "answered_by"),
    [
        ("full", "complete", "full", "model"),
        ("cut", "cut", "full", "model"),
        ("none", "complete", "none", "none"),
        ("partly", "complete", "partly", "quotes"),
        ("long", "complete", "full", "model"),
        ("unheard-of", "complete", "full", "model"),
    ],
)
def test_it_plays_the_script_that_is_named(
    site: Site, key: str, name: str, finish: str, coverage: str, answered_by: str
) -> None:
    told = chat(site, key, name, stream=False).json()
    assert (told["finish"], told["coverage"], told["answered_by"]) == (finish, coverage, answered_by)
    for citation in told["citations"]:
        assert citation["claim"] in told["answer"][citation["start"] : citation["end"]]
        assert f"[{citation['number']}]" in told["answer"][citation["start"] : citation["end"]]


@pytest.mark.parametrize(("name", "status"), [("error", 502), ("unavailable", 503)])
def test_it_fails_as_it_is_told(site: Site, key: str, name: str, status: int) -> None:
    assert chat(site, key, name, stream=False).status_code == status
    assert events_in(chat(site, key, name).text)[-1][1] == "error"
    with OpenAI(base_url=f"{site.url}/v1", api_key=key, max_retries=0) as client, pytest.raises(openai.APIError):
        client.chat.completions.create(model="chrysopedia", messages=[{"role": "user", "content": f"sandbox:{name}"}])


def test_it_is_slow_as_it_is_told(site: Site, key: str) -> None:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        began = time.monotonic()
        with client.stream("POST", "/api/v1/chat", json={"query": "sandbox:slow"}) as answer:
            lines = (line for line in answer.iter_lines() if line == "event: token")
            next(lines)
            first = time.monotonic() - began
            next(lines)
    assert first > 1.9
    assert time.monotonic() - began - first > 0.2


def test_one_comes_back_to_it(site: Site, key: str) -> None:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        with client.stream("POST", "/api/v1/chat", json={"query": "sandbox:resumed"}) as answer:
            turn_id = answer.headers["X-Turn-Id"]
            next(line for line in answer.iter_lines() if line == "event: token")
        rest = events_in(client.get(f"/api/v1/chat/{turn_id}/events").text)
    assert "".join(data for _, kind, data in rest if kind == "token") == FULL


def test_it_is_stopped(site: Site, key: str) -> None:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        with client.stream("POST", "/api/v1/chat", json={"query": "sandbox:resumed"}) as answer:
            turn_id = answer.headers["X-Turn-Id"]
            assert client.post(f"/api/v1/chat/{turn_id}/stop").json()["ended"]
        last = events_in(client.get(f"/api/v1/chat/{turn_id}/events").text)[-1]
    assert (last[1], last[2]["finish"]) == ("done", "stopped")


def test_it_stores_nothing(site: Site, key: str) -> None:
    named = str(uuid4())
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        turn_id = chat(site, key, "full", conversation_id=named, stream=False).json()["turn_id"]
        assert client.get("/api/v1/conversations").json() == []
        assert client.get(f"/api/v1/conversations/{named}").status_code == 404
        assert client.post(f"/api/v1/chat/{turn_id}/feedback", json={"rating": "up"}).status_code == 404


def test_it_knows_no_other_creators_than_the_site(site: Site, key: str) -> None:
    assert chat(site, key, "full", creator="nobody-here").status_code == 404


def test_a_running_answer_keeps_its_conversation(site: Site, key: str) -> None:
    body = {"query": "sandbox:slow", "conversation_id": str(uuid4())}
    headers = {"Authorization": f"Bearer {key}"}
    with site.client(headers=headers) as client, client.stream("POST", "/api/v1/chat", json=body) as answer:
        lines = answer.iter_lines()  # closes the answer where it is let go
        next(lines)
        assert chat(site, key, "full", conversation_id=body["conversation_id"]).status_code == 409
