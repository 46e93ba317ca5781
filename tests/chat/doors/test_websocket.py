"""The WebSocket, through channels' own communicator against the application that every server runs."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from chat.doors.websocket import ChatSocket, Close
from chat.models import Kind
from chrysopedia.admission import Admission
from chrysopedia.edge import at_path
from tests.chat.asking import VOCAL, joined
from tests.chat.asking import ask as ask_service
from tests.chat.doors.caller import MakeKey
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
ASK = {"type": "ask", "ref": "a", "query": VOCAL, "creator": "mara"}
HOST = (b"host", b"localhost")


def socket_to(path: str = "/ws/v1/chat", *headers: tuple[bytes, bytes]) -> WebsocketCommunicator:
    application = at_path("/ws/v1/chat", ChatSocket.as_asgi(admission=Admission()))
    return WebsocketCommunicator(application, path, headers=[HOST, *headers])


@pytest.fixture
async def socket() -> AsyncIterator[WebsocketCommunicator]:
    socket = socket_to()
    assert (await socket.connect(timeout=5))[0]
    yield socket
    await socket.disconnect()


async def send(socket: WebsocketCommunicator, frame: dict[str, Any]) -> None:
    await socket.send_to(text_data=json.dumps(frame, default=str))


async def receive(socket: WebsocketCommunicator) -> dict[str, Any]:
    return dict(json.loads(await socket.receive_from(timeout=10)))


async def exchange(socket: WebsocketCommunicator, frame: dict[str, Any]) -> dict[str, Any]:
    await send(socket, frame)
    return await receive(socket)


async def turn(socket: WebsocketCommunicator) -> list[dict[str, Any]]:
    """Return the frames up to a terminal event."""
    frames = [await receive(socket)]
    while frames[-1]["type"] not in ("done", "error", "problem", "over"):
        frames.append(await receive(socket))
    return frames


async def closing(socket: WebsocketCommunicator) -> int:
    while (message := await socket.receive_output(timeout=10))["type"] != "websocket.close":
        pass
    return int(message["code"])


async def test_it_sends_the_events_of_a_turn_as_frames(socket: WebsocketCommunicator) -> None:
    await send(socket, ASK)
    accepted, *events = await turn(socket)
    assert (accepted["type"], accepted["ref"]) == ("accepted", "a")
    assert {frame["turn_id"] for frame in events} == {accepted["turn_id"]}
    assert [frame["id"] for frame in events] == list(range(1, len(events) + 1))
    assert "".join(one["data"] for one in events if one["type"] == "token") == joined(await ask_service())


async def test_it_answers_several_questions_at_once(socket: WebsocketCommunicator) -> None:
    for ref in "ab":
        await send(socket, {**ASK, "ref": ref})
    frames = [*(await turn(socket)), *(await turn(socket))]
    assert {frame["ref"] for frame in frames if frame["type"] == "accepted"} == {"a", "b"}


async def test_it_goes_on_from_an_event(socket: WebsocketCommunicator) -> None:
    await send(socket, ASK)
    accepted, *events = await turn(socket)
    await send(socket, {"type": "resume", "turn_id": accepted["turn_id"], "after": 2})
    assert await turn(socket) == events[2:]
    await send(socket, {"type": "resume", "turn_id": accepted["turn_id"], "after": 999})
    assert [frame["type"] for frame in await turn(socket)] == ["over"]


async def test_it_stops_an_answer(socket: WebsocketCommunicator, model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.hang_after("Four to one. And then ")
    accepted = await exchange(socket, ASK)
    await receive(socket)
    await receive(socket)
    await send(socket, {"type": "stop", "turn_id": accepted["turn_id"]})
    frames = await turn(socket)
    assert frames[-1]["data"]["finish"] == "stopped"
    assert model_server.closed_early.wait(1.0)


async def test_it_answers_a_ping(socket: WebsocketCommunicator) -> None:
    assert await exchange(socket, {"type": "ping"}) == {"type": "pong"}


@pytest.mark.parametrize(
    ("frame", "status"),
    [
        ({"type": "dance"}, 422),
        ({"type": "ask", "query": ""}, 422),
        ({"type": "ask", "query": "Why?", "creator": "nobody"}, 404),
        ({"type": "stop", "turn_id": "x"}, 422),
        ({"type": "resume", "turn_id": str(uuid4())}, 404),
    ],
)
async def test_it_says_what_is_wrong_and_stays(
    socket: WebsocketCommunicator, frame: dict[str, Any], status: int
) -> None:
    refusal = await exchange(socket, {**frame, "ref": 7})
    assert (refusal["type"], refusal["problem"]["status"], refusal["ref"]) == ("problem", status, 7)
    assert await exchange(socket, {"type": "ping"}) == {"type": "pong"}


async def test_it_says_that_a_frame_is_no_json(socket: WebsocketCommunicator) -> None:
    await socket.send_to(text_data="{")
    assert (await receive(socket))["problem"]["status"] == 400


@pytest.mark.parametrize("key", ["cp_wrong", "sk-other"])
async def test_it_closes_on_a_wrong_key(key: str) -> None:
    socket = socket_to("/ws/v1/chat", (b"authorization", f"Bearer {key}".encode()))
    assert (await socket.connect(timeout=5))[0]
    assert await closing(socket) == Close.UNAUTHORIZED


async def test_it_takes_a_key_that_is_sent_later(make_key: MakeKey, socket: WebsocketCommunicator) -> None:
    secret = await make_key(creators=["mara-lindqvist"])
    assert await exchange(socket, {"type": "authenticate", "key": secret}) == {"type": "authenticated"}
    assert (await exchange(socket, {**ASK, "creator": "dez"}))["problem"]["status"] == 403


async def test_it_counts_what_is_asked(make_key: MakeKey, socket: WebsocketCommunicator) -> None:
    await exchange(socket, {"type": "authenticate", "key": await make_key(questions_per_minute=1)})
    await send(socket, ASK)
    assert (await turn(socket))[-1]["type"] == "done"
    assert (await exchange(socket, ASK))["problem"]["status"] == 429


async def test_it_tells_that_an_answer_failed(make_key: MakeKey, socket: WebsocketCommunicator) -> None:
    await exchange(socket, {"type": "authenticate", "key": await make_key(kind=Kind.SANDBOX)})
    await send(socket, {"type": "ask", "query": "sandbox:error"})
    assert (await turn(socket))[-1]["type"] == "error"


async def test_it_closes_on_a_frame_that_is_too_large(socket: WebsocketCommunicator) -> None:
    await socket.send_to(text_data=" " * 65_537)
    assert await closing(socket) == Close.TOO_LARGE


async def test_it_takes_so_many_sockets_of_one_address(settings: Settings) -> None:
    settings.READERS_PER_VISITOR, application = 1, ChatSocket.as_asgi(admission=Admission())
    here = [
        WebsocketCommunicator(application, "/ws/v1/chat", headers=[HOST, (b"x-forwarded-for", b"192.0.2.1")])
        for _ in range(2)
    ]
    for one in here:
        one.scope["client"] = ["192.0.2.1", 5]
        await one.connect(timeout=5)
    assert await closing(here[1]) == Close.TOO_MANY
    await asyncio.gather(*(one.disconnect() for one in here))


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [("http://localhost", True), ("https://friend.example", True), ("https://evil.example", False), ("null", False)],
)
async def test_it_lets_pages_of_known_sites_in(settings: Settings, origin: str, is_let_in: bool) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://friend.example"]
    socket = socket_to("/ws/v1/chat", (b"origin", origin.encode()))
    assert (await socket.connect(timeout=5))[0] is is_let_in


async def test_it_speaks_at_its_own_path_alone() -> None:
    assert not (await socket_to("/ws/other").connect(timeout=5))[0]
