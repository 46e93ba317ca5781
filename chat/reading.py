"""Events read back: from the bytes of a run's log, and from the members that the database keeps."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from chat.events import Done, Event, Failed, Sources, Token
from chat.values import Source

END = b"\n\n"
_SOURCES = TypeAdapter(tuple[Source, ...])
_DONE = TypeAdapter(Done)
_FAILED = TypeAdapter(Failed)


def sources_in(members: Any) -> tuple[Source, ...]:
    """Return sources from the plain members they were kept as; members added later are passed over."""
    return _SOURCES.validate_python(members)


def done_in(members: Any) -> Done:
    """Return the end of an answer from the plain members it was kept as."""
    return _DONE.validate_python(members)


class EventReader:
    """Turns the bytes of a run, however they are cut, into numbered events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, Event]]:
        """Yield the events that these bytes complete, each with its number; comments are passed over."""
        *blocks, self._rest = (self._rest + data).split(END)
        for block in blocks:
            if block and not block.startswith(b":"):
                yield _event(block.decode())


def _event(block: str) -> tuple[int, Event]:
    fields = dict(line.split(": ", 1) for line in block.split("\n"))
    return int(fields["id"]), _read(fields["event"], json.loads(fields["data"]))


def _read(name: str, value: Any) -> Event:
    match name:
        case "token":
            return Token(value)
        case "sources":
            return Sources(sources_in(value))
        case "done":
            return done_in(value)
        case "error":
            return _FAILED.validate_python(value)
    raise ValueError(f"there is no event called {name}")
