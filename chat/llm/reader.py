"""An answer being read: the bytes of a streamed chat completion in, its text out, and how it ended."""

from collections.abc import Iterator
from typing import Literal

from chat.events.events_part import Usage
from chat.llm.base import Delta, ModelError
from chat.llm.lines import EventLines
from chat.llm.stream import read_chunk


class AnswerReader:
    """Reads one answer, without doing any input or output itself.

    ``signs`` counts the pieces that show a living model, text and thinking alike; comments and
    empty pieces, which a gateway may send on behalf of a dead one, don't count.
    ``finish`` is set by a finish reason, and by ``[DONE]`` where a server sends no reason.
    """

    def __init__(self) -> None:
        self._lines = EventLines()
        self.signs = 0
        self.finish: Literal["complete", "length"] | None = None
        self.usage: Usage | None = None

    def feed(self, packet: bytes) -> Iterator[Delta]:
        """Yield the text in this packet, joined; raise ``ModelError`` where the answer goes wrong."""
        return self._read(self._lines.feed(packet))

    def close(self) -> Iterator[Delta]:
        """Yield what is left at the end of the stream; half an event is a connection that was cut."""
        try:
            yield from self._read(self._lines.close())
        except ModelError:
            if self.finish is None:
                raise ModelError("the answer broke off within a piece", retryable=True) from None

    def last(self) -> Delta:
        """How the answer ended and what it cost; ``ModelError`` if it broke off."""
        if self.finish is None:
            raise ModelError("the answer ended without a finish reason", retryable=True)
        return Delta(finish=self.finish, usage=self.usage)

    def _read(self, events: Iterator[bytes]) -> Iterator[Delta]:
        before, texts, failure = self.signs, [], None
        try:
            for data in events:
                if data == b"[DONE]":
                    self.finish = self.finish or "complete"
                    continue
                chunk = read_chunk(data)
                self.finish = self.finish or chunk.finish
                self.usage = chunk.usage or self.usage
                self.signs += bool(chunk.text or chunk.thinking)
                texts.append(chunk.text)
        except ModelError as error:
            failure = error  # what was said before it in the same packet stands
        if self.signs > before:
            yield Delta(text="".join(texts), tokens=self.signs - before)
        if failure:
            raise failure
