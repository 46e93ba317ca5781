"""The WebSocket: the events of turns as JSON frames, several turns on one socket, with stop, resume and ping."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractContextManager, ExitStack, aclosing
from enum import IntEnum
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils.module_loading import import_string
from pydantic import BaseModel, ConfigDict, Field

from chat import streams
from chat.api.schemas import MAX_EVENT_NUMBER, parse_json, validated
from chat.conversations.keys import bearer
from chat.conversations.owner import address_of, caller_for
from chat.doors import asking
from chat.events.events import NumberedEvent
from chat.events.serialize import payload
from chrysopedia.core.database import STORAGE_ERRORS
from chrysopedia.core.errors import FieldError, Problem, invalid, unavailable
from chrysopedia.core.limits import Kind
from chrysopedia.core.output import JSONEncoder

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Answers that one socket is sent at once."""
_json = JSONEncoder(ensure_ascii=False).encode


class Close(IntEnum):
    """Why a socket was closed, beside the codes of RFC 6455."""

    UNAUTHORIZED = 4401
    TOO_LARGE = 4413
    TOO_MANY = 4429


class Admission(Protocol):
    """Who may come in: the edge's own, which counts over all doors."""

    def asking(self, kind: Kind, *, address: str, is_apart: bool) -> AbstractContextManager[None]:
        """Return the block within which a question is inside; it raises ``Problem`` for one too many."""

    def reading(self, *, address: str, has_session: bool) -> AbstractContextManager[None]:
        """Return the block within which a reader is inside; it raises ``Problem`` for one too many."""


class _TurnFrame(BaseModel):
    model_config = ConfigDict(extra="ignore")

    turn_id: UUID
    after: int = Field(default=0, ge=0, le=MAX_EVENT_NUMBER)


class ChatSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels ships no types
    """One socket. Whoever leaves may come back on another: an answer goes on for the grace time, as everywhere."""

    admission: Admission

    def __init__(self, *, admission: Admission) -> None:
        super().__init__()
        self.admission = admission
        self._inside = ExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self._key = ""

    async def connect(self) -> None:
        """Let a page of this site or of an allowed one in, and whoever is no page."""
        request = self._request()
        if not is_allowed_origin(request):
            await self.close()  # before it is accepted, that is a 403
            return
        await self.accept()
        try:
            has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
            place = self.admission.reading(address=address_of(request) or "", has_session=has_session)
            self._inside.enter_context(place)
            if bearer(request.headers.get("Authorization", "")) is not None:
                await caller_for(request)
        except Problem as problem:
            await self._refuse(problem)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Do what a frame asks for; one that is wrong is answered with a problem, and the socket stays."""
        frame: dict[str, Any] = {}
        try:
            data = bytes_data or (text_data or "").encode()
            if len(data) > settings.MAX_BODY_BYTES:
                await self.close(Close.TOO_LARGE)
                return
            frame = _object(parse_json(data))
            await self._do(frame)
        except Problem as problem:
            await self._send_problem(problem, ref=frame.get("ref"))
        except STORAGE_ERRORS:
            await self._send_problem(_storage_down(), ref=frame.get("ref"))

    async def disconnect(self, code: int) -> None:
        """Let go of everything."""
        self._inside.close()
        for task in self._tasks:
            task.cancel()

    async def _do(self, frame: dict[str, Any]) -> None:
        match frame.get("type"):
            case "ask":
                self._begin(self._ask(frame), ref=frame.get("ref"))
            case "resume":
                self._begin(self._resume(validated(frame, _TurnFrame)), ref=frame.get("ref"))
            case "stop":
                turn_id, caller = validated(frame, _TurnFrame).turn_id, await caller_for(self._request())
                ended = await streams.stop(turn_id, owner=caller.owner)
                await self._send({"type": "stopped", "turn_id": turn_id, "ended": ended})
            case "authenticate":
                await self._authenticate(str(frame.get("key", "")))
            case "ping":
                await self._send({"type": "pong"})
            case _:
                raise invalid(FieldError("type", "must be ask, resume, stop, authenticate or ping"))

    async def _authenticate(self, key: str) -> None:
        self._key = key
        try:
            await caller_for(self._request())
        except Problem as problem:
            await self._refuse(problem)
        else:
            await self._send({"type": "authenticated"})

    def _begin(self, work: Coroutine[Any, Any, None], *, ref: object) -> None:
        if len(self._tasks) >= AT_ONCE:
            work.close()
            raise Problem(
                429, "Too many requests", f"This socket is sent {AT_ONCE} answers already. Wait for one to end."
            )
        task = asyncio.create_task(self._guarded(work, ref=ref))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None], *, ref: object) -> None:
        try:
            await work
        except Problem as problem:
            await self._send_problem(problem, ref=ref)
        except STORAGE_ERRORS:
            await self._send_problem(_storage_down(), ref=ref)
        except Exception:
            logger.exception("a frame could not be answered")
            said = "Something went wrong here. It has been noted; try again."
            await self._send_problem(Problem(500, "Internal error", said), ref=ref)

    async def _ask(self, frame: dict[str, Any]) -> None:
        question, request = asking.question_from(frame), self._request()
        is_apart = settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers
        with self.admission.asking("questions", address=address_of(request) or "", is_apart=is_apart):
            asked = await asking.ask(request, question)
            head = asked.run.head
            ids = {"turn_id": head.turn_id, "conversation_id": head.conversation_id}
            await self._send({"type": "accepted", "ref": frame.get("ref"), **ids})
            async with aclosing(asked.run.batches()) as batches:
                async for batch in batches:
                    for event in batch:
                        await self._send_event(event, turn_id=head.turn_id)

    async def _resume(self, frame: _TurnFrame) -> None:
        caller, is_over = await caller_for(self._request()), True
        _, batches = await streams.follow(frame.turn_id, owner=caller.owner)
        async with aclosing(batches):
            async for batch in batches:
                for number, event in batch:
                    if number > frame.after:
                        is_over = False
                        await self._send_event((number, event), turn_id=frame.turn_id)
        if is_over:
            await self._send({"type": "over", "turn_id": frame.turn_id})

    async def _send_event(self, numbered: NumberedEvent, *, turn_id: UUID) -> None:
        number, event = numbered
        await self._send({"type": event.type, "turn_id": turn_id, "id": number, "data": payload(event)})

    async def _send_problem(self, problem: Problem, *, ref: object) -> None:
        if problem.status == 401:
            await self._refuse(problem)
            return
        retry = problem.headers.get("Retry-After")
        document = {**problem.document(), "retry_after": int(retry) if retry else None}
        await self._send({"type": "problem", "ref": ref, "problem": document})

    async def _refuse(self, problem: Problem) -> None:
        await self._send({"type": "problem", "ref": None, "problem": problem.document()})
        await self.close(Close.UNAUTHORIZED if problem.status in (401, 403) else Close.TOO_MANY)

    async def _send(self, frame: dict[str, Any]) -> None:
        await self.send(text_data=_json(frame))

    def _request(self) -> ASGIRequest:
        """Return the handshake as a request, by which a caller is known; with the key that was sent since, if any.

        A page of another site that may call the API comes without its cookies, as with CORS.
        """
        headers = self.scope["headers"]
        if self._key:
            others = [(name, value) for name, value in headers if name != b"authorization"]
            headers = [*others, (b"authorization", f"Bearer {self._key}".encode())]
        if _origin(headers) in settings.CORS_ALLOWED_ORIGINS:
            headers = [(name, value) for name, value in headers if name != b"cookie"]
        request = ASGIRequest({**self.scope, "type": "http", "method": "GET", "headers": headers}, BytesIO())
        store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
        request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
        return request


def is_allowed_origin(request: ASGIRequest) -> bool:
    """Tell whether a socket may be opened from where it is: this site, one that may call the API, or no page at all.

    A browser sends cookies with the handshake whatever page it comes from: this is what CSRF tokens are for elsewhere.
    """
    try:
        host = request.get_host()
    except DisallowedHost:
        return False
    origin = request.headers.get("Origin", "")
    return not origin or asking.is_known_origin(origin, host=host)


def _origin(headers: list[tuple[bytes, bytes]]) -> str:
    return dict(headers).get(b"origin", b"").decode("latin-1")


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid(FieldError("", "a frame must be a JSON object"))
    return value


def _storage_down() -> Problem:
    return unavailable("The corpus can't be reached at the moment. Try again in a few seconds.")
