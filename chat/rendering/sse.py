"""Events as Server-Sent Events (WHATWG HTML, section 9.2), one line of JSON each."""

import json
from collections.abc import AsyncGenerator
from typing import Any, assert_never

from chat.events.events_part import Done, Event, Failed, Sources, Token
from chat.events.serialize import payload

Stream = AsyncGenerator[bytes, None]
"""Events as bytes, until their end."""
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
CONTENT_TYPE = "text/event-stream; charset=utf-8"
HEARTBEAT = b": still here\n\n"
END = b"\n\n"
"""What every event ends with, and what stands nowhere within one."""


def block(event: Event, *, number: int) -> bytes:
    """Return one event as it goes over the wire, with its number in the turn as ``id``."""
    return wire(number, event.type, _value(event))


def wire(number: int, name: str, value: Any) -> bytes:
    """Return an event of any name and value as it goes over the wire."""
    return f"id: {number}\nevent: {name}\ndata: {_json(value)}\n\n".encode()


def _value(event: Event) -> Any:
    match event:
        case Token():
            return event.text
        case Sources() | Done() | Failed():
            return payload(event)
        case _:
            assert_never(event)


# json.dumps would make one for each token.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    # U+2028 and U+2029 are line breaks to some readers, and escaping them costs nothing.
    text = _encode(value)
    return text if text.isascii() else text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
