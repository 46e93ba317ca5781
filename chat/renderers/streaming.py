"""The HTTP response that carries a stream and closes it when the reader leaves."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from django.http import StreamingHttpResponse


class ClosingStream(StreamingHttpResponse):
    """A streaming response that closes its generator before the application returns.

    Django leaves a generator that is suspended at ``yield`` to the garbage collector; then the model would run on.
    """

    def __init__(self, stream: AsyncGenerator[bytes, None], *, content_type: str, headers: dict[str, str]) -> None:
        super().__init__(stream, content_type=content_type, headers=headers)
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the stream's bytes and close it whatever happens."""
        async with aclosing(self._stream) as stream:
            async for part in stream:
                yield part
