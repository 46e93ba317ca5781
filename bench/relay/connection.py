"""A connection to the model: requests are cut out of what it brings, and answers wait in it to be sent."""

import re
import socket
from collections.abc import Iterator

from bench.relay import answers

BLOCK = 16 * 1024
"""Bytes of one send where tokens may share a packet."""
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Connection:
    """A client's connection: what came of a request, and what of an answer is still to go."""

    __slots__ = ("asked", "blocks", "due", "is_open", "left", "received", "sent", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.is_open = True
        self.received = b""
        self.left: bytes | memoryview = b""
        self.blocks: Iterator[bytes | memoryview] = iter(())
        self.asked = answers.Asked(tokens=0)
        self.sent = 0
        self.due = 0.0

    def __lt__(self, other: "Connection") -> bool:
        return self.due < other.due

    def request(self) -> bytes | None:
        """Take a whole request out of what was received, or return None."""
        head, ended, body = self.received.partition(b"\r\n\r\n")
        length = int(found[1]) if (found := _LENGTH.search(head)) else 0
        if not ended or len(body) < length:
            return None
        whole, self.received = head + body[:length], body[length:]
        return whole


def blocks(wanted: answers.Asked) -> Iterator[bytes | memoryview]:
    """Yield what is sent after the first token, in the pieces in which it is sent."""
    if wanted.single:
        yield from map(answers.frame, range(1, wanted.tokens))
        yield answers.last(wanted.tokens)
        return
    whole = memoryview(answers.rest(wanted.tokens))
    yield from (whole[start : start + BLOCK] for start in range(0, len(whole), BLOCK))
