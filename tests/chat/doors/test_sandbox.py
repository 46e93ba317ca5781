"""The sandbox: a key of its kind is answered by scripts, the same each time, at every door, and nothing is stored."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import openai
import psycopg
import pytest
from openai import OpenAI

from chat.conversations.keys import Grant
from chat.turns.sandbox import SCRIPTS
from chrysopedia.core.errors import Problem
from chrysopedia.embedded.cluster import PostgresConfig
from tests.chat.sse import events_in
from tests.chrysopedia.running import manage
from tests.seed import DEMO, copied_database, copied_files, ensure
from tests.site import Site, running_site

FULL = "".join(SCRIPTS["full"].pieces)


CORPUS = ("creator", "work", "chunk", "embedding", "personality")


@pytest.fixture(scope="module")
def site(postgres_server: PostgresConfig) -> Iterator[Site]:
    """A site whose corpus can't be read: what asks for it fails."""
    with (
        copied_database(DEMO, postgres_server) as url,
        copied_files(ensure(DEMO, postgres_server)) as folder,
        running_site(folder, url) as site,
    ):
        with psycopg.connect(url, autocommit=True) as database:
            for name in CORPUS:
                database.execute(f"alter table creators_{name} rename to hidden_{name}")
        yield site


@pytest.fixture(scope="module")
def key(site: Site) -> str:
    """The secret of a sandbox key."""
    made = manage("key", "add", "trying out", "--sandbox", data_dir=site.data_dir, DATABASE_URL=site.database_url)
    return made.stdout.strip()


def get(site: Site, key: str, path: str, **query: Any) -> Any:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        return client.get(path, params=query)


def mcp(site: Site, key: str, method: str, **params: Any) -> Any:
    with site.client(headers={"Authorization": f"Bearer {key}"}) as client:
        called = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
    return called.json()["result"]


def use_tool(site: Site, key: str, name: str, **arguments: Any) -> Any:
    return mcp(site, key, "tools/call", name=name, arguments=arguments)["structuredContent"]


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
    return str(use_tool(site, key, "ask", question=query)["answer"])


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


@pytest.mark.parametrize(("creator", "status"), [("sandbox", 200), ("Mara Lindqvist", 200), ("Nobody else", 404)])
def test_it_takes_creators_as_they_are_named(site: Site, key: str, creator: str, status: int) -> None:
    assert chat(site, key, "full", creator=creator).status_code == status
    assert get(site, key, "/api/v1/search", q="How?", creator=creator).status_code == status


def test_it_searches_its_own_passages(site: Site, key: str) -> None:
    asked = chat(site, key, "full", stream=False).json()
    found = get(site, key, "/api/v1/search", q="How?").json()
    assert [one["work"] for one in found["passages"]] == [one["work"] for one in asked["sources"]]
    assert use_tool(site, key, "search", query="How?") == found
    assert get(site, key, "/api/v1/search", q="sandbox:none").json() == {"cascade_tier": "none", "passages": []}
    assert get(site, key, "/api/v1/search", q="sandbox:unavailable").status_code == 503


def test_agents_read_what_is_cited(site: Site, key: str) -> None:
    source = chat(site, key, "full", stream=False).json()["sources"][0]
    passage = use_tool(site, key, "get_passage", work=source["work"], seconds=source["start_seconds"])
    assert (passage["text"], passage["url"]) == (source["excerpt"], source["url"])
    assert use_tool(site, key, "list_creators")["creators"][0]["slug"] == "sandbox"
    assert [one["slug"] for one in use_tool(site, key, "list_works")["works"]] == ["sandbox-1", "sandbox-2"]
    listed = [one["uri"] for one in mcp(site, key, "resources/list")["resources"]]
    assert mcp(site, key, "resources/read", uri=listed[0])["contents"][0]["text"] == source["excerpt"]


def test_it_embeds_without_the_model(site: Site, key: str) -> None:
    with OpenAI(base_url=f"{site.url}/v1", api_key=key) as client:
        made = client.embeddings.create(model="chrysopedia", input=["a", "b", "a"])
        assert [model.id for model in client.models.list()] == ["chrysopedia", "sandbox"]
    one, other, again = (vector.embedding for vector in made.data)
    assert (one == again, one == other, made.model) == (True, False, "sandbox")
    assert abs(sum(number**2 for number in one) - 1) < 1e-4


@pytest.mark.parametrize(("named", "may"), [("Mara Lindqvist", True), ("sandbox", False), (None, False)])
def test_it_is_held_to_its_creators_without_a_look_at_them(named: str | None, may: bool) -> None:
    grant = Grant(UUID(int=1), frozenset(), creators=frozenset({"mara-lindqvist"}), is_sandbox=True)
    with nullcontext() if may else pytest.raises(Problem):
        grant.require_creator(named)


def test_a_running_answer_keeps_its_conversation(site: Site, key: str) -> None:
    body = {"query": "sandbox:slow", "conversation_id": str(uuid4())}
    headers = {"Authorization": f"Bearer {key}"}
    with site.client(headers=headers) as client, client.stream("POST", "/api/v1/chat", json=body) as answer:
        lines = answer.iter_lines()  # closes the answer where it is let go
        next(lines)
        assert chat(site, key, "full", conversation_id=body["conversation_id"]).status_code == 409
