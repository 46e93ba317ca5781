"""Readers who leave at every point and in every way, on the servers that there are: nothing is left of them."""

import asyncio
import json
import os
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlsplit

import pytest

from chrysopedia.core.database import HEAVY_THREADS
from tests.model_server.server import ModelServer
from tests.site import Site, second_site, uvicorn_site

GRACE = 0.5
PATIENCE = 10.0
"""Seconds after which what is still open was left behind, on a busy machine too."""
TOGETHER = 25
QUESTION = json.dumps({"query": "How much pre-delay should a vocal reverb have?"}).encode()
HEAD = (b"POST /api/v1/chat HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", b"Content-Length: %d")
RESET = struct.pack("ii", 1, 0)
Leave = Callable[[socket.socket], Awaitable[None]]


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture(scope="module")
def watched(site: Site, model: ModelServer) -> Iterator[Site]:
    """A process whose open ends can be counted, after a few questions that fill its pools."""
    more = {"DJANGO_SETTINGS_MODULE": "tests.watched_settings", "MAX_RUNS": "1000", "RUN_GRACE_SECONDS": str(GRACE)}
    with second_site(site, model, **more) as watched:
        for _ in range(8):
            watched.ask()
        yield watched


async def close(reader: socket.socket) -> None:
    reader.close()


async def reset(reader: socket.socket) -> None:
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    reader.close()


async def fall_silent(reader: socket.socket) -> None:
    """Read nothing more, and be cut off in the end."""
    await asyncio.sleep(1)
    await reset(reader)


async def until(reader: socket.socket, *, seen: bytes) -> None:
    """Read up to something that the server sends; b"" reads nothing."""
    loop, got = asyncio.get_running_loop(), b""
    while seen not in got:
        part = await loop.sock_recv(reader, 64)
        assert part, got[-900:]
        got += part


async def visit(site: Site, *, seen: bytes, leave: Leave) -> None:
    """Ask, read until something is seen, and leave."""
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    reader.setblocking(False)
    address = urlsplit(site.url)
    await asyncio.get_running_loop().sock_connect(reader, (address.hostname, address.port))
    request = b"\r\n".join([*HEAD, b"", b""]) % len(QUESTION) + QUESTION
    await asyncio.get_running_loop().sock_sendall(reader, request)
    await until(reader, seen=seen)
    await leave(reader)


async def visit_often(site: Site, times: int, *, seen: bytes) -> None:
    ways, gate = (close, reset, fall_silent), asyncio.Semaphore(TOGETHER)

    async def one(number: int) -> None:
        async with gate:
            await visit(site, seen=seen, leave=ways[number % len(ways)])

    await asyncio.gather(*(one(number) for number in range(times)))


def open_ends(site: Site) -> dict[str, int]:
    with site.client() as client:
        seen: dict[str, int] = client.get("/watched").json()
    return seen


async def leave_and_count(site: Site, model: ModelServer, point: str, times: int) -> dict[str, int]:
    """Have so many readers leave at this point; what stays open and was not before, beyond what pools hold."""
    seen, behaviour, text = POINTS[point]
    before = await asyncio.to_thread(open_ends, site)
    for _ in range(times):
        getattr(model, behaviour)(*([text] if text else []))
    await visit_often(site, times, seen=seen)
    # Threads of the lanes and asyncio's own, ten connections to the database at most, and those to the model that a
    # whole answer leaves for another one.
    threads = 2 * HEAVY_THREADS + 6 + min(32, (os.cpu_count() or 1) + 4)
    pools = {"threads": threads, "sockets": 10 + (TOGETHER if behaviour == "say" else 0)}
    deadline = time.monotonic() + PATIENCE
    while True:
        now = {"asked": model.answering, **await asyncio.to_thread(open_ends, site)}
        more = {name: count for name, count in now.items() if count > before.get(name, 0) + pools.get(name, 0)}
        if not more or time.monotonic() > deadline:
            model.forget()
            return more
        await asyncio.sleep(0.1)


POINTS = {
    "before the first byte": (b"", "hang_after", "Twenty "),
    "during retrieval": (b"\r\n\r\n", "hang_before_first", None),
    "between tokens": (b"event: token", "hang_after", "Twenty "),
    "in a slow send": (b"event: token", "hang_after", "Twenty " * 50_000),
    "during the last event": (b"event: done", "say", "Twenty milliseconds [1]. "),
}


@pytest.mark.parametrize("times", [6, pytest.param(100, marks=pytest.mark.soak)])
@pytest.mark.parametrize("point", POINTS)
async def test_it_is_left_many_times(watched: Site, model: ModelServer, point: str, times: int) -> None:
    assert await leave_and_count(watched, model, point, times) == {}
    assert (await asyncio.to_thread(watched.ask)).status_code == 200


@pytest.fixture(scope="module")
def on_uvicorn(site: Site, model: ModelServer) -> Iterator[Site]:
    """The same under the server for production."""
    with uvicorn_site(site, model, MAX_RUNS="1000", RUN_GRACE_SECONDS=str(GRACE)) as watched:
        for _ in range(8):
            watched.ask()
        yield watched


@pytest.mark.soak
@pytest.mark.parametrize("point", POINTS)
async def test_it_is_left_as_well_under_uvicorn(on_uvicorn: Site, model: ModelServer, point: str) -> None:
    assert await leave_and_count(on_uvicorn, model, point, 45) == {}
    assert (await asyncio.to_thread(on_uvicorn.ask)).status_code == 200
