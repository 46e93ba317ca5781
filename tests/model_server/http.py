"""As much of HTTP/1.1 as a model server needs: a request in, packets out."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """A request as it arrived; the names of its headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class WatchedReader(asyncio.StreamReader):
    """A reader that tells at once when the other side has gone, even while nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        super().feed_eof()
        self.gone.set()

    def set_exception(self, exc: Exception) -> None:
        super().set_exception(exc)
        self.gone.set()


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None when there is none."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    method, path, _ = first.split(" ", 2)
    return Request(method, path, headers, json.loads(body) if body else {})


def framed(packet: bytes) -> bytes:
    """A packet as one chunk of a chunked body; an empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(packet), packet)
