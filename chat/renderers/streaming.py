"""The HTTP response that carries a stream and closes it when the reader leaves."""

import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing

from django.http import StreamingHttpResponse


class ClosingStream(StreamingHttpResponse):
    """A streaming response that closes its generator before the application returns.

    Django leaves a generator that is suspended at ``yield`` to the garbage collector; then the model would run on.
    """

    def __init__(
        self,
        stream: AsyncGenerator[bytes, None],
        *,
        content_type: str,
        headers: dict[str, str],
        abandon: Callable[[], object],
    ) -> None:
        """Carry the stream; ``abandon`` is called in a thread of its own if nobody ever began to read it."""
        super().__init__(stream, content_type=content_type, headers=headers)
        self._stream = stream
        self._abandon: Callable[[], object] | None = abandon

    def __del__(self) -> None:
        """Give back what a stream holds whose reader left before its first byte: its own end never runs."""
        if self._abandon:
            threading.Thread(target=self._abandon, daemon=True).start()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the stream's bytes and close it whatever happens."""
        self._abandon = None
        async with aclosing(self._stream) as stream:
            async for part in stream:
                yield part
