"""The HTTP response that streams Server-Sent Events: its headers, and its end."""

from collections.abc import AsyncGenerator, AsyncIterator

from asgiref.sync import SyncToAsync
from django.http import StreamingHttpResponse

Stream = AsyncGenerator[bytes, None]
"""Events as bytes, until their end."""
HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}
AGAIN_HEADERS = {**HEADERS, "Cache-Control": f"{HEADERS['Cache-Control']}, private, no-store"}
"""Those of a stream that is asked for again with GET, whose answer a cache might keep."""
CONTENT_TYPE = "text/event-stream; charset=utf-8"


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
