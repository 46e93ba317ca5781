"""One scripted response of the model server: a status, headers, and steps to go through."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Step(Enum):
    """What a response may do besides sending bytes."""

    HANG = "wait until the client leaves or the server closes"
    CUT = "break the connection off"


@dataclass(frozen=True)
class Script:
    """A response: each of its byte strings goes out as a packet of its own, each number is a wait in seconds.

    Steps may never end.
    """

    steps: Iterable[bytes | Step | float]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/event-stream; charset=utf-8"

    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} -", f"Content-Type: {self.content_type}", "Transfer-Encoding: chunked"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()


def stream(*steps: bytes | Step | float) -> Script:
    return Script(steps)


def refusal(status: int, message: str, *, code: str = "", param: str = "", **headers: str) -> Script:
    """An error in the shape that the protocol gives it."""
    error = {"message": message, "type": "test_error", "code": code or None, "param": param or None}
    body = json.dumps({"error": error}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Script((body,), status, named, "application/json")
