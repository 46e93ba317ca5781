"""A model server that costs next to nothing: ``python -m bench.relay.model`` prints its port and serves until killed.

It speaks streamed chat completions of OpenAI over HTTP/1.1, and reads from the question what to answer (``answers``).
Of paced answers, each goes on at a phase of its own after its first token, so that they don't tick together.
"""

import contextlib
import heapq
import json
import select
import socket
import time

from bench.relay import answers
from bench.relay.connection import Connection, blocks

GOLDEN = 0.6180339887498949
"""Its multiples, modulo 1, lie as evenly between 0 and 1 as those of no other number."""
_READ, _BOTH = select.EPOLLIN, select.EPOLLIN | select.EPOLLOUT


class Model:
    """Serves on one thread with ``epoll``."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self._poll = select.epoll()
        self._poll.register(self.listener, _READ)
        self._connections: dict[int, Connection] = {}
        self._due: list[Connection] = []
        self._answers = 0

    def serve(self) -> None:
        """Serve until the process is killed."""
        while True:
            wait = max(0.0, self._due[0].due - time.monotonic()) if self._due else -1
            for number, event in self._poll.poll(wait):
                if number == self.listener.fileno():
                    self._accept()
                elif connection := self._connections.get(number):
                    self._handle(connection, event)
            self._tick(time.monotonic())

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                sock, _ = self.listener.accept()
                sock.setblocking(False)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._connections[sock.fileno()] = Connection(sock)
                self._poll.register(sock, _READ)

    def _handle(self, connection: Connection, event: int) -> None:
        if event & select.EPOLLOUT:
            self._write(connection)
        if event & ~select.EPOLLOUT and connection.is_open:
            self._read(connection)

    def _read(self, connection: Connection) -> None:
        try:
            data = connection.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._close(connection)
            return
        connection.received += data
        if request := connection.request():
            self._answer(connection, request)

    def _answer(self, connection: Connection, request: bytes) -> None:
        if not request.startswith(b"POST"):
            body = json.dumps({"object": "list", "data": []}).encode()
            self._send(connection, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            return
        wanted = connection.asked = answers.asked(request)
        connection.sent = 1
        if wanted.rate and wanted.tokens > 1:
            self._answers += 1
            connection.due = time.monotonic() + (self._answers * GOLDEN % 1) / wanted.rate
            heapq.heappush(self._due, connection)
        elif wanted.tokens:
            connection.blocks = blocks(wanted)
            self._poll.modify(connection.sock, _BOTH)
        self._send(connection, answers.first(wanted.tokens, is_filled=wanted.filled))

    def _tick(self, now: float) -> None:
        """Send every token that is due; one that is late is not waited for by those after it."""
        while self._due and self._due[0].due <= now:
            connection = self._due[0]
            if not connection.is_open:
                heapq.heappop(self._due)
                continue
            number, count = connection.sent, connection.asked.tokens
            frame = answers.frame(number, is_filled=connection.asked.filled)
            connection.sent = number + 1
            connection.due += 1 / connection.asked.rate
            if number + 1 < count:
                heapq.heapreplace(self._due, connection)
                self._send(connection, frame)
            else:
                heapq.heappop(self._due)
                self._send(connection, frame + answers.last(count))

    def _send(self, connection: Connection, data: bytes | memoryview) -> None:
        if connection.left:
            connection.left = bytes(connection.left) + bytes(data)
            return
        try:
            sent = connection.sock.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._close(connection)
            return
        if sent < len(data):
            connection.left = data[sent:]
            self._poll.modify(connection.sock, _BOTH)

    def _write(self, connection: Connection) -> None:
        data, connection.left = connection.left or next(connection.blocks, b""), b""
        if data:
            self._send(connection, data)
        else:
            self._poll.modify(connection.sock, _READ)

    def _close(self, connection: Connection) -> None:
        connection.is_open = False
        del self._connections[connection.sock.fileno()]
        connection.sock.close()


if __name__ == "__main__":
    model = Model()
    print(model.port, flush=True)
    model.serve()
