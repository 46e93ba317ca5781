"""Server-sent events out of bytes: what arrives in packets, handed on as the data of whole events."""

from collections.abc import Iterator

from chat.llm.base import ModelError

MAX_EVENT_BYTES = 1024 * 1024


class EventLines:
    """Takes packets in, gives the data of each event out; holds about ``limit`` bytes at most.

    Lines end in LF or CRLF. The client's own line reader is not used: it has no limit, and it also
    breaks lines at U+2028, which JSON allows inside a string.
    """

    def __init__(self, *, limit: int = MAX_EVENT_BYTES) -> None:
        self._limit = limit
        self._tail = bytearray()  # the beginning of a line whose end has not arrived
        self._data: list[bytes] = []  # the data lines of the event being read
        self._size = 0

    def feed(self, packet: bytes) -> Iterator[bytes]:
        """Yield the data of every event that ends within this packet."""
        if self._is_one_event(packet):
            yield packet[6:-2]
            return
        *lines, rest = packet.split(b"\n")
        if lines and self._tail:
            lines[0] = bytes(self._tail) + lines[0]
            self._tail.clear()
        for line in lines:
            content = line.removesuffix(b"\r")
            if content.startswith(b"data:"):
                self._data.append(content[5:].removeprefix(b" "))
                self._grow(len(content))
            elif not content and self._data:
                yield self._event()
        self._tail += rest
        self._grow(0)

    def close(self) -> Iterator[bytes]:
        """Yield what is left when the stream has ended: some servers leave out the last blank line."""
        return self.feed(b"\n\n")

    def _is_one_event(self, packet: bytes) -> bool:
        """Whether nothing is left from before and the packet is one event of one line, as most are."""
        is_fresh = not (self._tail or self._data) and len(packet) < self._limit
        return is_fresh and packet.startswith(b"data: ") and packet.find(b"\n") == len(packet) - 2 and packet[-1] == 10

    def _event(self) -> bytes:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        return data

    def _grow(self, size: int) -> None:
        self._size += size
        if self._size + len(self._tail) > self._limit:
            raise ModelError(f"a piece of the answer has more than {self._limit} bytes", retryable=False)
