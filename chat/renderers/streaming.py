"""The HTTP response that carries a stream and closes it when the reader leaves."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from asgiref.sync import SyncToAsync
from django.http import StreamingHttpResponse


class ClosingStream(StreamingHttpResponse):
    """A streaming response that closes its generator before the application returns.

    Django leaves a generator that is suspended at ``yield`` to the garbage collector; its reader would seem to stay.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None], *, content_type: str, headers: dict[str, str]) -> None:
        super().__init__(stream, content_type=content_type, headers=headers)
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the stream's bytes and close it whatever happens."""
        _release_thread()
        async with aclosing(self._stream) as stream:
            async for part in stream:
                yield part


def _release_thread() -> None:
    """Let go of the thread that Django keeps for a request until its body has ended: here that is long, and idle."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor:
        executor.shutdown(wait=False)
