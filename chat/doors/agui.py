"""AG-UI 1.0, the protocol of CopilotKit: the input of a run, and its answer as events with receipts in metadata."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Annotated, Any, assert_never
from uuid import uuid4

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from chat.api.schemas import body_of
from chat.conversations.sharing import site_url
from chat.doors import asking
from chat.doors.asking import Asked, absolute
from chat.events.events import Done, Event, Failed, Source, Sources, Token, Usage
from chat.events.serialize import HEARTBEAT, payload
from chat.events.turn import Question
from chat.rendering import sse
from chat.rendering.sse import ClosingStream
from chrysopedia.core.errors import FieldError, invalid
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import Text

router = Router(tags=["AG-UI"])

VERSION = "1.0"
"""The version of the protocol that is spoken."""
KEY = "chrysopedia"
"""What is said beside the protocol stands under this key of an event's metadata, and in events of its names."""
_json = JSONEncoder(ensure_ascii=False).encode

Name = Annotated[Text, Field(min_length=1, max_length=200)]


class AGUIPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class AGUIMessage(BaseModel):
    """A message as the client keeps it; the content of one that tells of an activity is an object."""

    role: str
    content: str | list[AGUIPart] | dict[str, Any] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content if isinstance(self.content, str) else ""


class ForwardedProps(BaseModel):
    """Whom to ask, which an application adds to its input."""

    model_config = ConfigDict(strict=True, extra="ignore")

    creator: str | None = None
    personality_weight: float = 0.0


class AGUIRun(BaseModel):
    """What a client sends, a ``RunAgentInput``; tools, context, state and answers to interrupts mean nothing here."""

    model_config = ConfigDict(extra="ignore")

    threadId: Name
    runId: Name
    messages: Annotated[list[AGUIMessage], Field(min_length=1, max_length=2000)]
    forwardedProps: ForwardedProps | None = None

    def question(self) -> Question:
        """Return the last message as a question; the conversation is remembered here. Raises ``Problem`` 422."""
        last, props = self.messages[-1], self.forwardedProps or ForwardedProps()
        if last.role != "user":
            raise invalid(FieldError("messages", "the last message must be the user's"))
        members: dict[str, Any] = {
            "query": last.text,
            "creator": props.creator,
            "personality_weight": props.personality_weight,
            "conversation_id": str(asking.conversation_of(self.threadId) or uuid4()),
        }
        return asking.question_from(members)


SCHEMA = AGUIRun.model_json_schema(ref_template="#/components/schemas/{model}")
REQUEST_BODY = {"required": True, "content": {"application/json": {"schema": SCHEMA}}}
STREAM = {200: {"description": "Events of AG-UI 1.0, from RUN_STARTED on.", "content": {"text/event-stream": {}}}}


@router.post("/agui", openapi_extra={"requestBody": REQUEST_BODY, "responses": STREAM}, summary="Ask from AG-UI")
async def agui(request: HttpRequest) -> ClosingStream:
    """Answer the last message as a run of AG-UI. Its protocol can't come back to a run: whoever leaves ends it."""
    body = body_of(request, AGUIRun)
    asked = await asking.ask(request, body.question())
    stream = Writer(asked, body, site=site_url(request)).stream()
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers={**sse.HEADERS, **asked.headers})


class Writer:
    """Writes one answer as the events of a run; ``site`` is this site's address, for works without one."""

    def __init__(self, asked: Asked, body: AGUIRun, *, site: str) -> None:
        self._asked = asked
        self._site = site
        self._run = {"threadId": body.threadId, "runId": body.runId}
        self._message = {"messageId": str(asked.run.head.turn_id)}
        self._is_open = False
        self._sources: list[dict[str, Any]] = []

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the events, what waits together in one piece, and a comment after each silence."""
        head = self._asked.run.head
        ids = {"turn_id": head.turn_id, "conversation_id": head.conversation_id}
        with self._asked.run.ends_with_reader():
            yield _event("RUN_STARTED", **self._run, protocolVersion=VERSION, metadata={KEY: ids})
            async with aclosing(self._asked.run.batches()) as batches:
                async for batch in batches:
                    yield b"".join(part for _, event in batch for part in self._events(event)) or HEARTBEAT

    def _events(self, event: Event) -> Iterator[bytes]:
        match event:
            case Sources():
                self._sources = [self._source(one) for one in event.sources]
                yield _event("CUSTOM", name=f"{KEY}.sources", value=self._sources)
            case Token():
                yield from self._opened()
                yield _event("TEXT_MESSAGE_CONTENT", **self._message, delta=event.text)
            case Done():
                yield from self._opened()
                receipts = {"sources": self._sources, **payload(event)}
                yield _event("TEXT_MESSAGE_END", **self._message, metadata={KEY: receipts})
                yield _event("RUN_FINISHED", **self._run, outcome=_outcome(event), usage=_usage(event.usage))
            case Failed():
                if self._is_open:
                    yield _event("TEXT_MESSAGE_END", **self._message)
                yield _event("RUN_ERROR", message=event.message, code=event.code)
            case _:
                assert_never(event)

    def _opened(self) -> Iterator[bytes]:
        """Yield what opens the message, once: its end, without any text too, carries the receipts."""
        if not self._is_open:
            self._is_open = True
            yield _event("TEXT_MESSAGE_START", **self._message, role="assistant")

    def _source(self, source: Source) -> dict[str, Any]:
        (members,) = payload(Sources((source,)))
        return {**members, "url": absolute(source.url, site=self._site)}


def _outcome(done: Done) -> dict[str, str]:
    return {"type": "cancelled" if done.finish == "stopped" and done.reason is None else "success"}


def _usage(usage: Usage | None) -> list[dict[str, int]]:
    if usage is None:
        return []
    asked, said = usage.prompt_tokens, usage.completion_tokens
    return [{"inputTokens": asked, "outputTokens": said, "totalTokens": asked + said}]


def _event(kind: str, **members: Any) -> bytes:
    return f"data: {_json({'type': kind, **members})}\n\n".encode()
