"""Events as Server-Sent Events (WHATWG HTML, section 9.2), one line of JSON each."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, assert_never

from chat.events import Done, Event, Failed, Sources, Token
from chat.renderers.plain import payload
from chat.runs import read

SILENCE = 15.0
"""Seconds without an event after which a comment goes out, so that nothing between here and the reader gives up."""
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
CONTENT_TYPE = "text/event-stream; charset=utf-8"


async def render(events: AsyncGenerator[Event, None], *, silence: float = SILENCE) -> AsyncGenerator[bytes, None]:
    """Yield each event as a block with its number in the turn, from 1, as ``id``."""
    number = 0
    async with aclosing(read(events, silence=silence)) as incoming:
        async for event in incoming:
            if event is None:
                yield b": still here\n\n"
                continue
            number += 1
            yield block(event, number=number)


def block(event: Event, *, number: int) -> bytes:
    """Return one event as it goes over the wire."""
    return f"id: {number}\nevent: {event.type}\ndata: {_data(event)}\n\n".encode()


def _data(event: Event) -> str:
    match event:
        case Token():
            return _json(event.text)
        case Sources() | Done() | Failed():
            return _json(payload(event))
        case _:
            assert_never(event)


def _json(value: Any) -> str:
    # U+2028 and U+2029 are line breaks to some readers, and escaping them costs nothing.
    return json.dumps(value, ensure_ascii=False).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
