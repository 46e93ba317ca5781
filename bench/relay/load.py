"""The load: streams asked for and read on one thread, as light as the model; ``python -m bench.relay.load``.

Takes a ``Job`` as JSON from its input and prints a ``Result``. Tokens are counted by their ``~`` in the bytes received.
"""

import contextlib
import json
import re
import select
import socket
import sys
import time
from array import array
from collections import Counter
from dataclasses import asdict

from bench.relay.job import Job, Result
from bench.relay.processes import busy_seconds, cpu_seconds, megabytes

ENDS = b"\r\n0\r\n\r\n"
_RETRIEVAL = re.compile(rb'"retrieval": ?(\d+)')


def _posted(job: Job) -> bytes:
    body = job.body.encode()
    head = f"POST {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nAccept: text/event-stream\r\n"
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{kind}{job.headers}\r\n".encode() + body


def _upgrade(job: Job) -> bytes:
    key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    head = f"GET {job.path} HTTP/1.1\r\nHost: 127.0.0.1:{job.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    return f"{head}{key}\r\n".encode()


def _masked(data: bytes) -> bytes:
    """Return a text frame (RFC 6455, 5.2), masked by zeros, which leave it as it is."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return b"\x81" + length + bytes(4) + data


def _payloads(framed: bytearray) -> bytes:
    """Take the whole frames out and return what they hold: a "~" may also be a frame's length."""
    found = b""
    while len(framed) >= 2:
        length, at = framed[1], 2
        if length >= 126:
            at = 4 if length == 126 else 10
            length = int.from_bytes(framed[2:at])
        if len(framed) < at + length:
            break
        found += framed[at : at + length]
        del framed[: at + length]
    return found


class Stream:
    """One answer while it is read."""

    __slots__ = ("began", "first", "framed", "has_stalled", "is_done", "last", "sock", "tail", "tokens")

    def __init__(self, sock: socket.socket, began: float) -> None:
        self.sock = sock
        self.began = began
        self.first = 0.0
        self.last = 0.0
        self.tokens = 0
        self.tail = b""
        self.is_done = False
        self.has_stalled = False
        self.framed = bytearray()


class Load:
    """One job being done."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.result = Result()
        self._done = job.done.encode()
        self._overlap = max(len(self._done), len(ENDS)) - 1
        self._errors: Counter[str] = Counter()
        self._gaps = array("d")
        self._poll = select.epoll()
        self._streams: dict[int, Stream] = {}
        self._request = _upgrade(job) if job.frame else _posted(job)
        self._before: dict[str, float] = {}
        self._from = self._to = 0.0

    def run(self) -> Result:
        """Do it, and return what was measured."""
        job, started, began = self.job, 0, time.perf_counter()
        self._from = began + job.steady
        self._to = began + job.until if job.until else float("inf")
        if not job.steady:
            self._before = self._cpu()
        while started < job.streams or self._streams:
            now = time.perf_counter()
            while started < job.streams and len(self._streams) < job.at_once and now >= began + self._start(started):
                self._open()
                started += 1
            self._look(now)
            if now > began + (job.hold or job.limit):
                break
            for number, event in self._poll.poll(self._wait()):
                (self._ask if event & select.EPOLLOUT else self._receive)(self._streams[number])
        self._end(began, time.perf_counter())
        return self.result

    def _start(self, number: int) -> float:
        return self.job.ramp * number / self.job.streams

    def _wait(self) -> float:
        if self._to != float("inf") or self.job.ramp:
            return 0.005
        return 1.0

    def _open(self) -> None:
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        stream = Stream(sock, time.perf_counter())
        sock.connect_ex(("127.0.0.1", self.job.port))  # a server that is busy must not hold up those who read
        self._streams[sock.fileno()] = stream
        self._poll.register(sock, select.EPOLLOUT)

    def _ask(self, stream: Stream) -> None:
        try:
            stream.sock.sendall(self._request)
        except OSError as error:
            self._close(stream, type(error).__name__)
            return
        self._poll.modify(stream.sock, select.EPOLLIN)

    def _look(self, now: float) -> None:
        """Read the clocks of the processes where the measured time begins, and where it ends."""
        if not self._before and now >= self._from:
            self._before, self._from = self._cpu(), now
        elif self._before and not self.result.cpu and now >= self._to:
            self._measure(now)

    def _receive(self, stream: Stream) -> None:
        try:
            data = stream.sock.recv(262_144)
        except OSError as error:
            self._close(stream, type(error).__name__)
            return
        if not data:
            self._close(stream, "closed before its end")
            return
        if not stream.tail:
            if not data.startswith(b"HTTP/1.1 101" if self.job.frame else b"HTTP/1.1 200"):
                self._close(stream, data[:15].decode(errors="replace"))
                return
            if self.job.frame:
                stream.sock.sendall(_masked(self.job.frame.encode()))
        if self.job.frame:
            stream.framed += data if stream.tail else data.partition(b"\r\n\r\n")[2]
            data = _payloads(stream.framed)
            stream.tail = stream.tail or b" "
        seen = stream.tail + data
        if not stream.is_done:
            self._count(stream, seen, len(stream.tail))
        stream.tail = seen[-self._overlap :]
        if self.job.at_once == 1 and stream.is_done and (told := _RETRIEVAL.search(seen)):
            self.result.searched.append(int(told[1]) / 1000)
        if stream.is_done if self.job.frame else stream.tail.endswith(ENDS):
            self._close(stream, "")

    def _count(self, stream: Stream, seen: bytes, start: int) -> None:
        done = seen.find(self._done)
        stream.is_done = done >= 0
        tokens = seen.count(b"~", start, done if stream.is_done else len(seen))
        if not tokens:
            return
        now = time.perf_counter()
        if not stream.tokens:
            stream.first = now - stream.began
        elif now >= self._from and stream.last <= self._to:
            self._gaps.append(now - stream.last)
            stream.has_stalled |= 0 < self.job.stall < now - stream.last
        stream.tokens += tokens
        stream.last = now

    def _close(self, stream: Stream, error: str) -> None:
        del self._streams[stream.sock.fileno()]
        stream.sock.close()
        if error:
            self._errors[error] += 1
        if stream.tokens:
            self.result.firsts.append(stream.first)
        self.result.stalled += stream.has_stalled
        self.result.tokens += stream.tokens
        self.result.lost += self.job.tokens - stream.tokens

    def _end(self, began: float, now: float) -> None:
        if self.job.hold:
            self.result.memory = {name: megabytes(process) for name, process in self.job.watched.items()}
        if not self.result.cpu:
            self._measure(now)
        unfinished = "" if self.job.hold else "not finished"
        for stream in list(self._streams.values()):
            self._close(stream, unfinished)
        self.result.wall = now - began
        self.result.errors = dict(self._errors)
        gaps = sorted(self._gaps)
        self.result.gaps = len(gaps)
        if gaps:
            self.result.gap_p50, self.result.gap_p99 = gaps[len(gaps) // 2], gaps[len(gaps) * 99 // 100]
            self.result.gap_most = gaps[-1]

    def _measure(self, now: float) -> None:
        self.result.cpu = {name: seconds - self._before.get(name, 0.0) for name, seconds in self._cpu().items()}
        self.result.measured = now - self._from

    def _cpu(self) -> dict[str, float]:
        core = {"core": busy_seconds(self.job.core)} if self.job.core >= 0 else {}
        return core | {
            "load": time.process_time(),
            **{name: cpu_seconds(process) for name, process in self.job.watched.items()},
        }


def main() -> None:
    job = Job(**json.load(sys.stdin))
    with contextlib.suppress(KeyboardInterrupt):
        print(json.dumps(asdict(Load(job).run())))


if __name__ == "__main__":
    main()
