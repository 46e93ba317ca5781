"""How large the body of a request may be, and how long it may take to arrive."""

import asyncio
from collections import deque
from collections.abc import Mapping

from django.conf import settings

from chrysopedia.core.asgi_types import Headers, Message, Receive, Scope
from chrysopedia.core.errors import Problem

ADMIN = "/admin/"
LOGIN = "/admin/login/"
HISTORIES = frozenset({"/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/api/v1/ui/chat", "/api/v1/agui"})
"""Where clients send the whole conversation each time, or many texts at once."""
SLOWEST = 100_000
"""Bytes a second that a body of more than 64 KiB has to arrive at; 800 kbit/s."""


def body_limit(path: str, headers: Headers) -> int:
    """Return how many bytes the body of a request may have: an upload's size in the admin, mostly 64 KiB.

    The admin's larger limit needs a session's cookie: whoever has none can only log in there.
    """
    if path in HISTORIES:
        return settings.MAX_HISTORY_BYTES
    if not path.startswith(ADMIN) or path.startswith(LOGIN):
        return settings.MAX_BODY_BYTES
    session = f"{settings.SESSION_COOKIE_NAME}=".encode()
    has_session = any(name.lower() == b"cookie" and session in value for name, value in headers)
    return settings.MAX_UPLOAD_BYTES if has_session else settings.MAX_BODY_BYTES


def body_seconds(limit: int) -> float:
    """Return within how many seconds a body must have arrived that may have so many bytes."""
    return settings.BODY_SECONDS + max(limit - settings.MAX_BODY_BYTES, 0) / SLOWEST


def too_large(limit: int) -> Problem:
    """Return the 413 for a body of more bytes than this."""
    return Problem(
        status=413, title="Body too large", detail=f"Send at most {limit // 1024} KiB: nothing of this was read."
    )


def too_slow() -> Problem:
    """Return the 408 for a body that did not arrive in its time."""
    return Problem(
        status=408, title="Request timeout", detail="The rest of the body did not come in time. Send it again, whole."
    )


async def arrived(scope: Scope, receive: Receive, names: Mapping[bytes, bytes]) -> Receive:
    """Wait for the whole body, and return what gives it again; raises ``Problem`` 413 and 408.

    Who is still sending takes nobody's place: 128 bodies that trickled kept all questions out for twenty seconds.
    """
    if b"content-length" not in names and b"transfer-encoding" not in names:
        return receive
    limit = body_limit(scope["path"], scope["headers"])
    declared = names.get(b"content-length", b"0")
    if declared.isdigit() and int(declared) > limit:
        raise too_large(limit)
    body, messages = BoundedBody(receive, limit=limit), deque[Message]()
    while not messages or messages[-1].get("more_body"):
        messages.append(await body.receive())
    if body.refusal:
        raise body.refusal

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return again


class BoundedBody:
    """A body as it is handed on: the application sees a disconnect where it grows too large or comes too slowly.

    Django reads a body to its end before it does anything else, so nothing was answered by then.
    """

    def __init__(self, receive: Receive, *, limit: int) -> None:
        self.refusal: Problem | None = None
        self._receive = receive
        self._limit = self._left = limit
        self._until = asyncio.get_running_loop().time() + body_seconds(limit)
        self._is_whole = False

    async def receive(self) -> Message:
        """Return the next message of the server."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            return self._refuse(too_slow())
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            return self._refuse(too_large(self._limit))
        self._is_whole = not message.get("more_body", False)
        return message

    def _refuse(self, problem: Problem) -> Message:
        self.refusal, self._is_whole = problem, True
        return {"type": "http.disconnect"}
