"""The door for agents, through the official client, in both eras of the protocol, over HTTP and over a pipe."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import TextContent

from chat.doors.mcp import serve_lines
from chat.doors.mcp_tools import Caller
from chat.events.turn import ANYONE
from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer
from tests.program import CHECKOUT, inherited
from tests.site import Site

ERAS = pytest.mark.parametrize("mode", ["legacy", "2026-07-28", "auto"])
ENVELOPE = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


def text_of(result: Any) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def post(site: Site, message: Any, **headers: str) -> httpx2.Response:
    with site.client() as client:
        return client.post(
            "/mcp", content=message if isinstance(message, bytes) else json.dumps(message), headers=headers
        )


def request(method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}


@ERAS
async def test_it_answers_with_what_the_api_answers(site: Site, mode: str) -> None:
    async with Client(f"{site.url}/mcp", mode=mode) as client:
        result = await client.call_tool("ask", {"question": VOCAL, "creator": "mara-lindqvist"})
    same = site.ask(VOCAL, creator="mara-lindqvist", stream=False).json()
    told = result.structured_content
    assert told["answer"] == same["answer"] and told["sources"] == same["sources"]
    assert [one["verdict"] for one in told["citations"]] == [one["verdict"] for one in same["citations"]]
    assert text_of(result).startswith(same["answer"])
    assert f"Sources:\n[{same['cited'][0]}] Mara Lindqvist" in text_of(result)


@ERAS
async def test_it_lists_what_there_is(site: Site, mode: str) -> None:
    async with Client(f"{site.url}/mcp", mode=mode) as client:
        tools = {tool.name for tool in (await client.list_tools()).tools}
        creators = (await client.call_tool("list_creators")).structured_content["creators"]
        works = (await client.call_tool("list_works", {"creator": "Dez Okafor"})).structured_content["works"]
    assert tools == {"ask", "search", "list_creators", "list_works", "get_passage"}
    assert {one["slug"] for one in creators} >= {"mara-lindqvist", "dez-okafor", "ilse-brandt"}
    assert {one["creator_slug"] for one in works} == {"dez-okafor"}


async def test_it_finds_passages_and_reads_around_a_second(site: Site) -> None:
    async with Client(f"{site.url}/mcp") as client:
        found = (await client.call_tool("search", {"query": VOCAL, "limit": 3})).structured_content["passages"]
        place = {"work": "compressing-a-lead-vocal", "seconds": 120}
        passage = (await client.call_tool("get_passage", place)).structured_content
    assert len(found) == 3
    assert passage["start_seconds"] <= 120 <= passage["end_seconds"]
    assert passage["url"].startswith("http")


async def test_it_gives_works_as_resources(site: Site) -> None:
    async with Client(f"{site.url}/mcp") as client:
        listed = {str(one.uri) for one in (await client.list_resources()).resources}
        (read,) = (await client.read_resource("chrysopedia://work/reverb-and-space")).contents
    assert "chrysopedia://work/reverb-and-space" in listed
    assert "pre-delay" in read.text  # type: ignore[union-attr]  # a work is text


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("ask", {"question": "Why?", "creator": "nobody"}, "no such creator"),
        ("ask", {"question": "  "}, "no words"),
        ("ask", {"question": "Why?", "voice": 3}, "voice: "),
        ("get_passage", {"work": "nowhere"}, "no such work"),
    ],
)
async def test_it_says_what_to_do_otherwise(site: Site, tool: str, arguments: dict[str, Any], said: str) -> None:
    async with Client(f"{site.url}/mcp") as client:
        result = await client.call_tool(tool, arguments)
    assert result.is_error and said in text_of(result)


async def test_it_goes_on_from_an_answer(site: Site) -> None:
    async with Client(f"{site.url}/mcp") as client:
        first = (await client.call_tool("ask", {"question": VOCAL})).structured_content
        more = {"question": "And the release?", "conversation_id": first["conversation_id"]}
        second = (await client.call_tool("ask", more)).structured_content
    assert second["conversation_id"] == first["conversation_id"] and second["sources"]


async def test_it_answers_over_a_pipe(site: Site) -> None:
    command = StdioServerParameters(
        command=sys.executable,
        args=["manage.py", "mcp"],
        cwd=str(CHECKOUT),
        env={**inherited(), **site.environ},
    )
    async with Client(command) as client:
        result = await client.call_tool("ask", {"question": VOCAL, "creator": "mara-lindqvist"})
    told, same = result.structured_content, site.ask(VOCAL, creator="mara-lindqvist", stream=False).json()
    assert {name: told[name] for name in ("answer", "sources", "citations", "grounding")} == {
        name: same[name] for name in ("answer", "sources", "citations", "grounding")
    }


async def test_it_says_over_a_pipe_what_is_wrong() -> None:
    async def lines() -> AsyncIterator[bytes]:
        for line in (
            b"{",
            json.dumps(request("nothing/like/it")).encode(),
            b"  ",
            json.dumps(request("ping")).encode(),
        ):
            yield line

    written: list[str] = []
    await serve_lines(lines(), written.append, caller=Caller(ANYONE, "", lambda kind: None))
    codes = sorted(json.loads(line).get("error", {}).get("code", 0) for line in written)
    assert codes == [-32700, -32601, 0]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"{", -32700),
        (b"[" * 50_000, -32700),
        ([request("ping")], -32600),
        ({"jsonrpc": "2.0", "id": None, "method": "ping"}, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "ping", "params": [1]}, -32602),
        (request("nothing/like/it"), -32601),
        (request("tools/call", name="nothing"), -32602),
        (request("resources/read", uri="file:///etc/passwd"), -32602),
        (request("resources/list", cursor="-1"), -32602),
    ],
)
def test_it_refuses_what_is_no_request(site: Site, message: Any, code: int) -> None:
    assert post(site, message).json()["error"]["code"] == code


def test_it_takes_a_notification_without_a_word(site: Site) -> None:
    response = post(site, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (response.status_code, response.content) == (202, b"")


def test_it_holds_headers_and_request_together(site: Site) -> None:
    headers = {"MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"}
    assert post(site, request("tools/list", _meta=ENVELOPE), **headers).status_code == 200
    response = post(site, request("resources/list", _meta=ENVELOPE), **headers)
    assert (response.status_code, response.json()["error"]["code"]) == (400, -32020)


def test_it_names_the_revisions_it_speaks(site: Site) -> None:
    meta = {**ENVELOPE, "io.modelcontextprotocol/protocolVersion": "2031-01-01"}
    headers = {"MCP-Protocol-Version": "2031-01-01", "Mcp-Method": "tools/list"}
    error = post(site, request("tools/list", _meta=meta), **headers).json()["error"]
    assert error["code"] == -32022 and "2026-07-28" in error["data"]["supported"]


def test_it_lets_no_page_of_another_site_in(site: Site) -> None:
    assert post(site, request("ping"), Origin="https://evil.example").status_code == 403


def test_it_has_no_stream_to_listen_to(site: Site) -> None:
    with site.client() as client:
        assert client.get("/mcp").status_code == 405


@pytest.mark.parametrize("by", ["notification", "end"])
def test_it_stops_the_model_over_a_pipe(site: Site, by: str) -> None:
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    with ModelServer() as model:
        model.hang_after("Four to one, then ")
        environ = {**inherited(), **site.environ, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "m"}
        command = [sys.executable, "manage.py", "mcp"]
        with subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdin=-1, stdout=-1, stderr=-1) as serving:
            tell(serving, request("tools/call", name="ask", arguments={"question": VOCAL, "creator": "mara-lindqvist"}))
            while not model.requests:
                time.sleep(0.05)
            if by == "notification":
                tell(serving, cancel, {**request("ping"), "id": 2})
                assert serving.stdout and json.loads(serving.stdout.readline())["id"] == 2
            else:
                serving.terminate()
            assert model.closed_early.wait(10.0)
            serving.terminate()


def tell(serving: "subprocess.Popen[bytes]", *messages: Any) -> None:
    assert serving.stdin
    serving.stdin.writelines(json.dumps(message).encode() + b"\n" for message in messages)
    serving.stdin.flush()


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("resources/read", {"uri": "chrysopedia://work/\x00"}),
        ("tools/call", {"name": "list_works", "arguments": {"offset": 10**30}}),
        ("tools/call", {"name": "get_passage", "arguments": {"work": "a\x00b"}}),
        ("tools/call", {"name": "search", "arguments": {"query": "a\x00b"}}),
    ],
)
def test_it_says_what_cannot_be_looked_for(site: Site, method: str, params: dict[str, Any]) -> None:
    response = post(site, request(method, **params))
    reply = response.json()
    assert response.status_code == 200
    assert reply["error"]["code"] == -32602 if "error" in reply else reply["result"]["isError"]


async def test_it_goes_on_over_a_pipe_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    async def lines() -> AsyncIterator[bytes]:
        yield json.dumps(request("tools/call", name="list_creators")).encode()
        await asyncio.sleep(0.1)
        yield json.dumps({**request("ping"), "id": 2}).encode()

    written: list[str] = []
    monkeypatch.setattr(Caller, "library", None)
    await serve_lines(lines(), written.append, caller=Caller(ANYONE, "", lambda kind: None))
    replies = {reply["id"]: reply for reply in map(json.loads, written)}
    assert replies[1]["error"]["code"] == -32603 and replies[2]["result"] == {}
    assert "library" not in replies[1]["error"]["message"]
