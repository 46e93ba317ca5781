"""The law of the doors: the same question gives the same text, citations, seconds, tier and verdicts at each."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from openai import OpenAI

from tests.chat.asking import VOCAL
from tests.chat.sse import events_in
from tests.chrysopedia.running import manage
from tests.site import Site

Told = tuple[str, dict[str, Any]]
"""An answer's text, and what ``done`` says of it."""


def by_events(site: Site) -> Told:
    return _joined([(kind, data) for _, kind, data in events_in(site.ask(VOCAL, creator="mara").text)])


def by_json(site: Site) -> Told:
    document = site.ask(VOCAL, creator="mara", stream=False).json()
    return document["answer"], document


def by_openai(site: Site, *, stream: bool = False) -> Told:
    body: Any = {"model": "mara", "messages": [{"role": "user", "content": VOCAL}]}
    with OpenAI(base_url=f"{site.url}/v1", api_key="anonymous") as client:
        asked: Any = client.chat.completions.create(**body, stream=stream, extra_body={"sources_footer": False})
        if not stream:
            return asked.choices[0].message.content, asked.model_extra["chrysopedia"]
        chunks = list(asked)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    return text, chunks[-1].model_extra["chrysopedia"]


def by_openai_stream(site: Site) -> Told:
    return by_openai(site, stream=True)


def by_responses(site: Site) -> Told:
    with OpenAI(base_url=f"{site.url}/v1", api_key="anonymous") as client:
        asked: Any = client.responses.create(model="mara", input=VOCAL, extra_body={"sources_footer": False})
    return asked.output_text, asked.model_extra["chrysopedia"]


def by_websocket(site: Site) -> Told:
    async def frames() -> list[tuple[str, Any]]:
        async with aiohttp.ClientSession() as session, session.ws_connect(f"{site.url}/ws/v1/chat") as socket:
            await socket.send_json({"type": "ask", "query": VOCAL, "creator": "mara"})
            got = [await socket.receive_json()]
            while got[-1]["type"] != "done":
                got.append(await socket.receive_json())
            return [(frame["type"], frame["data"]) for frame in got[1:]]

    return _joined(asyncio.run(frames()))


def by_ui_stream(site: Site) -> Told:
    message = {"role": "user", "parts": [{"type": "text", "text": VOCAL}]}
    with site.client() as client:
        body = client.post("/api/v1/ui/chat", json={"id": "", "messages": [message], "creator": "mara"}).text
    parts = [json.loads(block[6:]) for block in body.split("\n\n")[:-2]]
    text = "".join(part["delta"] for part in parts if part["type"] == "text-delta")
    return text, next(part["data"] for part in parts if part["type"] == "data-receipts")


def by_agui(site: Site) -> Told:
    messages = [{"id": "1", "role": "user", "content": VOCAL}]
    body = {"threadId": "t", "runId": "r", "messages": messages, "forwardedProps": {"creator": "mara"}}
    with site.client() as client:
        blocks = client.post("/api/v1/agui", json=body).text.split("\n\n")[:-1]
    events = [json.loads(block[6:]) for block in blocks]
    text = "".join(event["delta"] for event in events if event["type"] == "TEXT_MESSAGE_CONTENT")
    return text, next(event["metadata"] for event in events if event["type"] == "TEXT_MESSAGE_END")["chrysopedia"]


def by_mcp(site: Site) -> Told:
    params = {"name": "ask", "arguments": {"question": VOCAL, "creator": "mara"}}
    with site.client() as client:
        called = client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    found = called.json()["result"]["structuredContent"]
    return found["answer"], found


def by_command(site: Site) -> Told:
    asked = ["ask", VOCAL, "--creator", "mara", "--json"]
    document = json.loads(manage(*asked, data_dir=site.data_dir, DATABASE_URL=site.database_url).stdout)
    return document["answer"], document


def _joined(events: list[tuple[str, Any]]) -> Told:
    return "".join(data for kind, data in events if kind == "token"), events[-1][1]


@pytest.fixture(scope="module")
def told(site: Site) -> Told:
    return by_events(site)


@pytest.mark.parametrize(
    "door",
    [by_json, by_openai, by_openai_stream, by_responses, by_websocket, by_ui_stream, by_agui, by_mcp, by_command],
)
def test_it_says_the_same_at_every_door(site: Site, told: Told, door: Callable[[Site], Told]) -> None:
    text, done = door(site)
    assert text == told[0]
    for member in ("citations", "cited", "cascade_tier", "coverage", "grounding"):
        assert json.dumps(done[member]) == json.dumps(told[1][member])
