"""The packets of an answer: all bytes that wait together, straight from the connection where that can be had."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any

from openai import AsyncAPIResponse

Read = Callable[[], Awaitable[bytes]]


async def reads(request: AbstractAsyncContextManager[AsyncAPIResponse[Any]], stack: AsyncExitStack) -> Read:
    """Send a request and return what reads the next packet, b"" at the end; leaving ``stack`` closes the connection.

    The client wraps aiohttp's stream in five generators, which cost a third of what reading does, and holds on to all
    that was asked for as long as the answer lasts. Both are left out where the body is not compressed; a client that is
    built otherwise is read by its own interface.
    """
    response = await request.__aenter__()
    stream = getattr(response.http_response.stream, "_stream", None)
    inner = getattr(stream, "_aiohttp_response", None)
    if inner is None or "content-encoding" in response.headers:
        stack.push_async_exit(request)
        return partial(anext, response.iter_bytes(), b"")
    stack.push_async_exit(inner)
    read: Read = inner.content.readany
    return read
