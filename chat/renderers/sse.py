"""Events as Server-Sent Events (WHATWG HTML, section 9.2), one line of JSON each."""

import json
from typing import Any, assert_never

from chat.events import Done, Event, Failed, Sources, Token
from chat.renderers.plain import payload

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
    return f"id: {number}\nevent: {event.type}\ndata: {_data(event)}\n\n".encode()


def _data(event: Event) -> str:
    match event:
        case Token():
            return _json(event.text)
        case Sources() | Done() | Failed():
            return _json(payload(event))
        case _:
            assert_never(event)


# json.dumps would make one for each token.
_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    # U+2028 and U+2029 are line breaks to some readers, and escaping them costs nothing.
    text = _encode(value)
    return text if text.isascii() else text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
