"""Events read back into values: from the members that are stored, and from the bytes of a run's log."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from chat.events.events import Done, Event, Failed, Source, Sources, Token
from chat.rendering.sse import END

# Members that came later are passed over, and those that a row is too old to have take their defaults.
_SOURCES = TypeAdapter(tuple[Source, ...])
_DONE = TypeAdapter(Done)
_FAILED = TypeAdapter(Failed)
_TOKEN = TypeAdapter(str)


def sources_from(members: Any) -> tuple[Source, ...]:
    """Return the sources of which these are the members; raises ``ValueError`` for anything else."""
    return _SOURCES.validate_python(members)


def done_from(members: Any) -> Done:
    """Return the event of which these are the members; raises ``ValueError`` for anything else."""
    return _DONE.validate_python(members)


class EventReader:
    """Turns the bytes of a run's log, however they are cut, into numbered events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[tuple[int, Event]]:
        """Yield the events that these bytes complete, each with its number; comments are passed over.

        Raises ``ValueError`` for anything that is no log.
        """
        *blocks, self._rest = (self._rest + data).split(END)
        for block in blocks:
            if block and not block.startswith(b":"):
                yield _event(block)


def _event(block: bytes) -> tuple[int, Event]:
    fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if line and not line.startswith(b":"))
    try:
        return int(fields[b"id"]), _value(fields[b"event"], json.loads(fields[b"data"]))
    except KeyError as missing:
        raise ValueError(f"an event has no {missing}") from None


def _value(kind: bytes, members: Any) -> Event:
    match kind:
        case b"sources":
            return Sources(sources_from(members))
        case b"token":
            return Token(_TOKEN.validate_python(members))
        case b"done":
            return done_from(members)
        case b"error":
            return _FAILED.validate_python(members)
        case _:
            raise ValueError(f"there is no event {kind!r}")
