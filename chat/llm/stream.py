"""The stream of a chat server: packets of bytes to events, events to chunks, chunks to deltas of the answer."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Literal, NamedTuple

import httpx2
import jiter

from chat.events.events import Usage
from chat.llm.base import Delta, ModelError
from chat.llm.errors import ReportedError

PacketReader = Callable[[], Awaitable[bytes]]
"""Returns the next packet of a body, b"" at its end."""


_NO_STREAMS = ("text/html", "application/json")
"""A gateway's page, and an answer in one piece; servers call a stream by any other name."""


async def open_packets(response: httpx2.Response, stack: AsyncExitStack) -> PacketReader:
    """Return the reader of a response's packets; leaving ``stack`` closes the connection.

    The client wraps aiohttp's stream in five generators, which cost a third of what reading does, and holds on to the
    prompt for as long as the answer lasts. Hence the two private attributes: where both are there and the body is not
    compressed, aiohttp's stream is read directly (a test notices their end), otherwise the client's own interface is.
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _NO_STREAMS:
        await response.aclose()
        raise ModelError(f"the model server sent {kind}, and no stream of events", retryable=False)
    stream = getattr(response.stream, "_stream", None)
    inner = getattr(stream, "_aiohttp_response", None)
    if inner is None or "content-encoding" in response.headers:
        stack.push_async_callback(response.aclose)
        return partial(anext, response.aiter_bytes(), b"")
    stack.push_async_exit(inner)
    read: PacketReader = inner.content.readany
    return read


MAX_EVENT_BYTES = 1024 * 1024


class SseParser:
    """An incremental parser of server-sent events: packets in, data of events out; holds ``limit`` bytes at most.

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


# Neither can be stored: a lone surrogate has no UTF-8 form, and PostgreSQL refuses NUL.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class CompletionChunk(NamedTuple):
    """What a chunk adds: text, a sign that the model is thinking, how the answer ended, what it cost."""

    text: str = ""
    thinking: bool = False
    finish: Literal["complete", "length"] | None = None
    usage: Usage | None = None


def parse_chunk(data: bytes) -> CompletionChunk:
    """Read the data of one event; ``ModelError`` if it reports an error or is not a chunk at all."""
    try:
        # The client's own parser, three times as fast as json's.
        chunk = jiter.from_json(data, cache_mode="keys")
    except ValueError:
        chunk = _read_leniently(data)
    try:
        return _read(chunk)
    except (AttributeError, LookupError, TypeError):
        raise ModelError("a piece of the answer has the wrong shape", retryable=False) from None


def _read_leniently(data: bytes) -> Any:
    """Read what a strict parser refuses and a reader can do with: half a character, half a surrogate pair."""
    try:
        return json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise ModelError("a piece of the answer is not JSON", retryable=False) from None


def _read(chunk: dict[str, Any]) -> CompletionChunk:
    error = chunk if chunk.get("object") == "error" else chunk.get("error")
    if error:
        raise ReportedError(error)
    usage = chunk.get("usage")
    cost = _usage(usage) if usage else None
    choices = chunk.get("choices")
    if not choices:
        return CompletionChunk(usage=cost)
    choice = choices[0]
    delta = choice.get("delta") or {}
    text, thinking = _content(delta.get("content") or "")
    if not text.isascii() or "\x00" in text:
        text = _UNSTORABLE.sub("\ufffd", text)
    thinking = thinking or any(map(delta.get, _THOUGHTS))
    reason = choice.get("finish_reason")
    return CompletionChunk(text, thinking, _finish(reason) if reason else None, cost)


_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "reasoning_details")
"""Members in which servers send what a model thinks; none of it is read."""


def _content(content: str | list[dict[str, Any]]) -> tuple[str, bool]:
    """Return the text of a content, and whether thoughts stand in it: some servers send it in parts, each of a type."""
    if isinstance(content, str):
        return content, False
    texts = [part["text"] for part in content if part.get("type") == "text"]
    return "".join(texts), len(texts) < len(content)


def _finish(reason: str) -> Literal["complete", "length"]:
    match reason:
        case "length" | "max_tokens":
            return "length"
        case "content_filter" | "error":
            # The provider broke the answer off: to call that complete would mislead the reader.
            raise ModelError(f"the model stopped with {reason}", retryable=reason == "error")
        case _:
            return "complete"  # stop, eos, end_turn, tool_calls: servers have words of their own


def _usage(usage: object) -> Usage | None:
    match usage:
        # By type: a bool would pass for an int.
        case {"prompt_tokens": prompt, "completion_tokens": completion} if type(prompt) is type(completion) is int:
            return Usage(prompt_tokens=prompt, completion_tokens=completion) if min(prompt, completion) >= 0 else None
        case _:
            return None


MOST_CHARACTERS = 200_000
"""Of an answer, reasoning left out; the longest that are asked for have a tenth of it."""
MOST_TOKENS = Usage(prompt_tokens=10_000_000, completion_tokens=1_000_000)
"""That an answer can have cost: several times what any model takes and gives."""
MOST_BYTES = 32 * 1024 * 1024
"""Of a whole stream; a hundred thousand pieces of reasoning have half of it."""


class AnswerReader:
    """Reads one answer, without doing any input or output itself.

    ``signs`` counts the pieces that show a living model, text and thinking alike; comments and
    empty pieces, which a gateway may send on behalf of a dead one, don't count.
    ``finish`` is set by a finish reason, and by ``[DONE]`` where a server sends no reason. A ``usage`` beyond
    ``most_tokens`` is no usage.
    """

    def __init__(self, *, most_tokens: Usage = MOST_TOKENS) -> None:
        self._lines = SseParser()
        self._most_tokens = most_tokens
        self._characters = self._bytes = 0
        self.signs = 0
        self.finish: Literal["complete", "length"] | None = None
        self.usage: Usage | None = None

    def feed(self, packet: bytes) -> Iterator[Delta]:
        """Yield the text in this packet, joined, but for the first piece; raise ``ModelError`` where it goes wrong."""
        self._bytes += len(packet)
        if self._bytes > MOST_BYTES:
            raise ModelError(f"the answer has more than {MOST_BYTES} bytes", retryable=False)
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
                chunk = parse_chunk(data)
                self.finish = self.finish or chunk.finish
                self.usage = self._believable(chunk.usage) or self.usage
                self.signs += bool(chunk.text or chunk.thinking)
                self._count(chunk.text)
                texts.append(chunk.text)
                if not before and self.signs:
                    # The first piece waits for none that came with it.
                    yield Delta(text="".join(texts), tokens=1)
                    before, texts = self.signs, []
        except ModelError as error:
            failure = error  # what was said before it in the same packet stands
        if self.signs > before:
            yield Delta(text="".join(texts), tokens=self.signs - before)
        if failure:
            raise failure

    def _count(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > MOST_CHARACTERS:
            raise ModelError(f"the answer has more than {MOST_CHARACTERS} characters", retryable=False)

    def _believable(self, usage: Usage | None) -> Usage | None:
        most = self._most_tokens
        if (
            usage is None
            or usage.prompt_tokens > most.prompt_tokens
            or usage.completion_tokens > most.completion_tokens
        ):
            return None
        return usage
