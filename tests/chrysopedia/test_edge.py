"""What is refused before anything is read: bodies that are too large or too slow, and WebSockets."""

import asyncio
import json
import socket
from contextlib import suppress
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from pytest_django import Settings

from chrysopedia.admission import ROOM
from chrysopedia.core.asgi_types import Message, Receive, Scope, Send
from chrysopedia.core.database import HEAVY_THREADS, in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.limits import allowance
from chrysopedia.edge import Edge, refuse_websocket, unreadable
from chrysopedia.request_bodies import body_limit
from tests.site import Site

HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
LARGE = "Content-Length: 1500000000\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n\r\n" + f"{65537:x}\r\n" + "x" * 65537 + "\r\n"


@pytest.fixture(params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, site: Site) -> Site:
    served: Site = request.getfixturevalue("under_uvicorn") if request.param == "uvicorn" else site
    return served


def exchange(site: Site, request: str) -> str:
    """Send the beginning of a request, and return the answer as soon as it is there."""
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(request.encode())
        answer = HTTPResponse(connection)
        answer.begin()
        head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n{answer.headers}"
        return head + answer.read().decode()


def test_it_ends_the_connection_of_whoever_is_refused(server: Site) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall((HEAD.format(path="/api/v1/chat") + LARGE).encode())
        while connection.recv(65536):
            pass


@pytest.mark.parametrize("path", ["/api/v1/chat", "/chat/ask", "/", "/admin/login/", "/admin/", "/nowhere"])
def test_it_refuses_a_length_before_the_body(server: Site, path: str) -> None:
    answer = exchange(server, HEAD.format(path=path) + LARGE)
    assert answer.startswith("HTTP/1.1 413 ")
    assert json.loads(answer.partition("\n\n")[2])["title"] == "Body too large"


def test_it_does_not_ask_for_what_it_refuses(server: Site) -> None:
    answer = exchange(server, HEAD.format(path="/api/v1/chat") + "Expect: 100-continue\r\n" + LARGE)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "100 Continue" not in answer


def test_it_counts_what_comes_in_chunks(server: Site) -> None:
    answer = exchange(server, HEAD.format(path="/api/v1/chat") + CHUNKED)
    assert answer.startswith("HTTP/1.1 413 ")


def test_it_answers_browsers_with_a_page(server: Site) -> None:
    answer = exchange(server, HEAD.format(path="/") + "Accept: text/html\r\n" + LARGE)
    assert "<h1>Body too large.</h1>" in answer


def test_it_refuses_a_websocket_that_nobody_serves(site: Site) -> None:
    key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    answer = exchange(site, f"GET /ws HTTP/1.1\r\nHost: localhost\r\n{key}Sec-WebSocket-Key: {'A' * 22}==\r\n\r\n")
    assert answer.startswith("HTTP/1.1 403 ")


async def test_it_serves_websockets(server: Site) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(f"{server.url}/ws/v1/chat") as socket:
        await socket.send_json({"type": "ping"})
        assert await socket.receive_json() == {"type": "pong"}


def test_it_takes_uploads_of_whoever_has_a_session(settings: Settings) -> None:
    cookie = [(b"cookie", b"a=b; sessionid=x")]
    limits = [body_limit(path, cookie) for path in ("/admin/creators/work/add/", "/admin/login/", "/api/v1/chat")]
    assert limits == [settings.MAX_UPLOAD_BYTES, settings.MAX_BODY_BYTES, settings.MAX_BODY_BYTES]
    assert body_limit("/admin/creators/work/add/", []) == settings.MAX_BODY_BYTES


def test_it_reads_more_than_a_small_body_of_whoever_has_a_session(server: Site) -> None:
    head = HEAD.format(path="/admin/creators/work/upload/") + "Cookie: a=b; sessionid=x\r\n"
    answer = exchange(server, f"{head}Content-Length: 70000\r\n\r\n{'x' * 70_000}")
    assert answer.startswith("HTTP/1.1 403 ")  # for want of a token, which is looked for once the body is there


@pytest.mark.parametrize("path", ["/api/v1/creators", "/api/v1/search?q=reverb", "/api/v1/nowhere", "/"])
def test_it_takes_head_where_it_takes_get(server: Site, path: str) -> None:
    with server.client() as client:
        head, get = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")


class Exchange:
    """One request to the edge, without a server: its body in these parts, silence after the last."""

    def __init__(self, *parts: bytes) -> None:
        self.sent: list[Message] = []
        self._parts = list(parts)

    async def receive(self) -> Message:
        if not self._parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": self._parts.pop(0), "more_body": True}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


async def reads_it_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive())["type"] == "http.request":
        pass


def scope(**headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": "/", "headers": named}


async def refused(one: Exchange, **headers: str) -> None:
    """Have the edge refuse a body, and return as soon as it has said so."""
    asking = asyncio.create_task(Edge(reads_it_all, probes={})(scope(**headers), one.receive, one.send))
    async with asyncio.timeout(5):
        while len(one.sent) < 2:  # noqa: ASYNC110 - the edge sets no event
            await asyncio.sleep(0.01)
    asking.cancel()


async def test_it_gives_up_on_a_body_that_trickles(settings: Settings) -> None:
    settings.BODY_SECONDS = 0.05
    one = Exchange(b"{", b"}")
    await refused(one, content_length="100")
    assert one.sent[0]["status"] == 408


async def test_it_leaves_whoever_still_sends_the_time_to_read_why_not() -> None:
    one = Exchange()
    await refused(one, content_length="1500000000")
    assert one.sent[1]["body"]
    assert one.sent[1]["more_body"]  # else the server closes at once, and what the client sends then is met by a reset


@pytest.mark.parametrize("said", ["charset=hex", "charset=idna", "charset=undefined", "boundary*=bogus''BB"])
async def test_it_refuses_a_type_that_nobody_can_read(said: str) -> None:
    one = Exchange()
    await Edge(reads_it_all, probes={})(scope(content_type=f"multipart/form-data; {said}"), one.receive, one.send)
    assert one.sent[0]["status"] == 400


@pytest.mark.parametrize(
    "said", ["", "text/plain", "text/plain; charset=bogus", "application/json; charset=UTF-8", ";;"]
)
def test_it_leaves_every_other_type_alone(said: str) -> None:
    assert unreadable({b"content-type": said.encode()} if said else {}) is None


async def test_it_lets_other_sites_read_a_refusal(settings: Settings) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example"]
    one = Exchange()
    asked = scope(content_length="1500000000", origin="https://app.example")
    await Edge(reads_it_all, probes={})(asked, one.receive, one.send)
    assert (b"access-control-allow-origin", b"https://app.example") in one.sent[0]["headers"]


async def test_it_answers_a_flood_before_django(corpus: None, settings: Settings) -> None:
    settings.LIMITS = {"questions": (1, 60)}
    asked = {**scope(), "path": "/api/v1/chat", "client": ("192.0.2.77", 1)}
    await in_one_hop(use_up, "192.0.2.77")
    one = Exchange()
    await Edge(reads_it_all, probes={})(asked, one.receive, one.send)
    assert one.sent[0]["status"] == 429


def use_up(address: str) -> None:
    with suppress(Problem):
        while True:
            allowance("questions", address=address).take()


@pytest.mark.parametrize(
    ("limit", "most", "path"),
    [("ANSWERS_PER_VISITOR", 1, "/chat/ask"), ("READERS_PER_VISITOR", 2, "/api/v1/chat/some/events")],
)
async def test_it_lets_in_a_few_of_one_visitor_at_once(settings: Settings, limit: str, most: int, path: str) -> None:
    setattr(settings, limit, most)
    edge, asked = Edge(reads_it_all, probes={}), {**scope(content_length="9"), "path": path}
    inside = [Exchange(b"{") for _ in range(4)]
    tasks = [
        asyncio.create_task(edge({**asked, "client": (f"192.0.2.{n // 3}", 1)}, one.receive, one.send))
        for n, one in enumerate(inside)
    ]
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    assert [[message.get("status") for message in one.sent[:1]] for one in inside] == [[], [], [429], []]


async def test_it_keeps_no_place_for_a_body_that_is_still_coming(settings: Settings) -> None:
    settings.MAX_RUNS, edge = 1, Edge(reads_it_all, probes={})
    slow = [(Exchange(b"{"), {"content_length": "9"}) for _ in range(ROOM)]
    whole = [(Exchange(), dict[str, str]()) for _ in range(ROOM + 1)]
    tasks = []
    for number, (one, headers) in enumerate(slow + whole):
        asked = {**scope(**headers), "path": "/api/v1/chat", "client": (f"192.0.2.{number}", 1)}
        tasks.append(asyncio.create_task(edge(asked, one.receive, one.send)))
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    assert [[message.get("status") for message in one.sent[:1]] for one, _ in whole] == [[], [], [503]]


async def test_it_keeps_whoever_comes_too_early_waiting(settings: Settings) -> None:
    settings.ANSWERS_PER_VISITOR = 1
    edge = Edge(reads_it_all, probes={})
    asked = {**scope(content_length="9"), "path": "/chat/ask", "client": ("192.0.2.9", 1)}
    inside = [Exchange(b"{") for _ in range(4)]
    tasks = []
    for one in inside:
        tasks.append(asyncio.create_task(edge(asked, one.receive, one.send)))
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    assert [bool(one.sent) for one in inside] == [False, False, True, False]


async def test_it_refuses_what_it_can_not_serve_soon(settings: Settings) -> None:
    settings.QUEUE_SECONDS = 1e-6  # searches of other tests in this process may have taken next to nothing
    edge, asked = Edge(reads_it_all, probes={}), {**scope(), "path": "/api/v1/search"}
    inside = [Exchange(b"{") for _ in range(HEAVY_THREADS + 1)]
    tasks = [
        asyncio.create_task(edge({**asked, "client": (f"192.0.2.{n}", 1)}, one.receive, one.send))
        for n, one in enumerate(inside)
    ]
    await asyncio.wait(tasks, timeout=5, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    assert [message["status"] for one in inside for message in one.sent[:1]] == [503]


async def test_it_answers_a_websocket_by_the_protocol() -> None:
    one = Exchange(b"")
    await refuse_websocket(scope(), one.receive, one.send)
    assert one.sent == [{"type": "websocket.close", "code": 1008}]
