"""Events as Server-Sent Events, and the response that streams them."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, assert_never

from asgiref.sync import SyncToAsync
from django.http import StreamingHttpResponse

from chat.events.events import Done, Event, Failed, Sources, Token
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


class ClosingStream(StreamingHttpResponse):
    """A streaming response that closes its generator before the application returns.

    Django leaves a generator that is suspended at ``yield`` to the garbage collector; its reader would seem to stay.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None], *, content_type: str, headers: dict[str, str]) -> None:
        super().__init__(stream, content_type=content_type, headers=headers)
        self._stream = stream

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Return the generator itself: what iterates a response closes what it iterates, and nothing behind that."""
        _release_thread()
        return self._stream


def _release_thread() -> None:
    """Let go of the thread that Django keeps for a request until its body has ended: here that is long, and idle."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor:
        executor.shutdown(wait=False)
