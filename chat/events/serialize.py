"""Events as JSON and as Server-Sent Events, there and back: what goes over the wire, into a row, and into the cache."""

import json
from collections.abc import Iterator
from typing import Any, assert_never

from pydantic import TypeAdapter

from chat.events.events import Done, Event, Failed, NumberedEvent, Source, Sources, Token
from chrysopedia.core.output import JSONEncoder

HEARTBEAT = b": still here\n\n"
"""A comment, which readers pass over; it shows that the connection lives."""
END = b"\n\n"
"""What every event ends with, and what stands nowhere within one."""

# Members that came later are passed over, and those that a row is too old to have take their defaults.
_SOURCES = TypeAdapter(tuple[Source, ...])
_TOKEN = TypeAdapter(str)
_DONE = TypeAdapter(Done)
_FAILED = TypeAdapter(Failed)


def payload(event: Event) -> Any:
    """Return an event's data by the names of the contract: a list of sources, a token's text, an object for an end."""
    match event:
        case Token():
            return event.text
        case Sources():
            return _SOURCES.dump_python(event.sources, mode="json")
        case Done():
            return _DONE.dump_python(event, mode="json", exclude={"type"})
        case Failed():
            return _FAILED.dump_python(event, mode="json", exclude={"type"})
        case _:
            assert_never(event)


def event_schemas(*, ref_template: str) -> dict[str, Any]:
    """Return the JSON Schemas of the data of events, ``SourcesEvent`` and so on, and of all that they refer to."""
    adapters = {"SourcesEvent": _SOURCES, "TokenEvent": _TOKEN, "DoneEvent": _DONE, "ErrorEvent": _FAILED}
    inputs = [(name, "serialization", adapter) for name, adapter in adapters.items()]
    named, shared = TypeAdapter.json_schemas(inputs, ref_template=ref_template)  # type: ignore[arg-type]  # a literal, inferred as text
    schemas = {name: schema for (name, _), schema in named.items()}
    # A name for nothing but another name is more than generators of clients know.
    whole = {name: {"title": name, "allOf": [one]} if "$ref" in one else one for name, one in schemas.items()}
    described = {**shared.get("$defs", {}), **whole}
    for event in (Done, Failed):
        del described[event.__name__]["properties"]["type"]  # it is the event's name, and not within its data
    return described


def sources_from(members: Any) -> tuple[Source, ...]:
    """Return the sources of which these are the members; raises ``ValueError`` for anything else."""
    return _SOURCES.validate_python(members)


def done_from(members: Any) -> Done:
    """Return the event of which these are the members; raises ``ValueError`` for anything else."""
    return _DONE.validate_python(members)


def encode(event: Event, *, number: int) -> bytes:
    """Return one event as a Server-Sent Event, with its number in the turn as ``id``."""
    return encode_data(payload(event), event=event.type, number=number)


def encode_data(data: Any, *, event: str, number: int) -> bytes:
    """Return a Server-Sent Event of any name; its data is one line of JSON."""
    return f"id: {number}\nevent: {event}\ndata: {_json(data)}\n\n".encode()


# json.dumps would make one for each token.
_json = JSONEncoder(ensure_ascii=False).encode


class EventDecoder:
    """Turns the bytes of another process's log, however they are cut, into numbered events."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[NumberedEvent]:
        """Yield the events that these bytes complete, each with its number; comments are passed over.

        Raises ``ValueError`` for anything that is no log.
        """
        *blocks, self._rest = (self._rest + data).split(END)
        for block in blocks:
            if block and not block.startswith(b":"):
                yield _decode(block)


def _decode(block: bytes) -> NumberedEvent:
    fields = dict(line.split(b": ", 1) for line in block.split(b"\n") if line and not line.startswith(b":"))
    try:
        return int(fields[b"id"]), _event(fields[b"event"], json.loads(fields[b"data"]))
    except KeyError as missing:
        raise ValueError(f"an event has no {missing}") from None


def _event(kind: bytes, members: Any) -> Event:
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
