"""A real server of embeddings, or of scores, on loopback: it answers as it is told and keeps what it was asked."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Reply = tuple[int, Any]


def vector_of(text: str, *, dimensions: int = 3) -> list[float]:
    """A vector that tells its text by its direction and is not of length 1."""
    return [float(len(text)), 1.0, *[0.0] * (dimensions - 2)]


def in_order(request: Request) -> Reply:
    rows = [
        {"object": "embedding", "index": index, "embedding": vector_of(text)}
        for index, text in enumerate(request["input"])
    ]
    return 200, {"object": "list", "model": request["model"], "data": rows, "usage": {}}


class EmbeddingsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.path = "/v1/embeddings"
        self.answer: Callable[[Request], Reply] = in_order
        self.requests: list[Request] = []
        self.keys: list[str | None] = []
        self.release = threading.Event()
        self.location = ""
        self.trickle = False

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: EmbeddingsServer

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(request)
        self.server.keys.append(self.headers["Authorization"])
        status, body = self.server.answer(request) if self.path == self.server.path else (404, {})
        content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.send_header("retry-after-ms", "1")  # a retry in a test should not wait
        self.end_headers()
        if self.server.trickle:
            self._trickle(content)
        else:
            self.wfile.write(content)

    def _trickle(self, content: bytes) -> None:
        """Send a byte at a time, each soon enough to count as a sign of life."""
        for byte in content:
            if self.server.release.wait(0.05):
                return
            self.wfile.write(bytes([byte]))

    def log_message(self, *_: object) -> None:
        """Say nothing between the dots of the tests."""
