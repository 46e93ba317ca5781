"""What WebSockets cost on which nothing is said."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.model_server.server import ModelServer
from tests.site import Site, second_site, uvicorn_site

HANDSHAKE = (
    b"GET /ws/v1/chat HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)
"""As browsers send it."""


def idle(site: Site) -> socket.socket:
    """Open a WebSocket and say nothing."""
    address = urlsplit(site.url)
    opened = socket.create_connection((address.hostname, address.port or 80), timeout=30)
    opened.sendall(HANDSHAKE)
    assert opened.recv(4096).startswith(b"HTTP/1.1 101 ")
    return opened


def megabytes(site: Site) -> float:
    """Return the memory of the process that serves a site."""
    assert site.process is not None
    lines = Path(f"/proc/{site.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


@pytest.mark.soak
@pytest.mark.parametrize("served_by", [second_site, uvicorn_site])
def test_a_thousand_that_are_idle_take_less_than_30_mb(
    site: Site, site_model: ModelServer, served_by: Callable[..., AbstractContextManager[Site]]
) -> None:
    with served_by(site, site_model, READERS_PER_VISITOR="0") as served, ExitStack() as opened:
        for _ in range(50):
            opened.enter_context(idle(served))
        before = megabytes(served)
        for _ in range(1000):
            opened.enter_context(idle(served))
        assert megabytes(served) - before < 30
