"""The UI message stream of the AI SDK (v1): what ``useChat`` sends and reads, with resuming and stopping."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Literal, assert_never
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel, ConfigDict, Field

from chat import streams
from chat.api.schemas import body_of
from chat.conversations import memory
from chat.conversations.owner import caller_for
from chat.conversations.sharing import site_url
from chat.doors import asking
from chat.doors.asking import absolute, conversation_of, uuid_in
from chat.events.events import Done, Event, Failed, NumberedEvent, Sources, Token
from chat.events.serialize import HEARTBEAT, payload
from chat.events.turn import Owner, Question, TurnHead
from chat.rendering import sse
from chat.rendering.sse import ClosingStream
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid
from chrysopedia.core.output import JSONEncoder

router = Router(tags=["AI SDK"])

HEADERS = {**sse.AGAIN_HEADERS, "X-Vercel-AI-UI-Message-Stream": "v1"}
TEXT = "answer"
"""The id of the one text in a message."""
_json = JSONEncoder(ensure_ascii=False).encode


class UIPart(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: str = ""


class UIMessage(BaseModel):
    """A message as the SDK keeps it; an answer's id is that of its turn."""

    id: str = ""
    role: str
    parts: list[UIPart] = []


class UIChat(BaseModel):
    """What ``useChat`` sends, and whom to ask, which a page adds to its ``body``."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(max_length=200)] = ""
    messages: Annotated[list[UIMessage], Field(min_length=1, max_length=2000)]
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    messageId: str | None = None
    creator: str | None = None
    personality_weight: float = 0.0

    def question(self) -> Question:
        """Return the last message as a question; the conversation is remembered here. Raises ``Problem`` 422."""
        last = self.messages[-1]
        if last.role != "user":
            raise invalid(FieldError("messages", "the last message must be the user's"))
        is_regenerated, named = self.trigger == "regenerate-message", self.messageId
        members: dict[str, Any] = {
            "query": "\n".join(part.text for part in last.parts if part.type == "text"),
            "creator": self.creator,
            "personality_weight": self.personality_weight,
            "conversation_id": str(conversation_of(self.id) or uuid4()),
            "replaces": named if is_regenerated and named != last.id and uuid_in(named) else None,
        }
        question = asking.question_from(members)
        is_anew = is_regenerated or bool(named)  # a question that was edited keeps its id, and names it
        return replace(question, keeps=self._keeps(), message_id=last.id, is_anew=is_anew)

    def _keeps(self) -> tuple[UUID, ...] | None:
        """Return the turns that the page still shows; None where it doesn't say: one may send its last message alone.

        Where a question stands without an answer, that never reached the page, which then doesn't know all that it has.
        """
        *before, _ = self.messages
        turns = tuple(turn for one in before if one.role == "assistant" and (turn := uuid_in(one.id)))
        return turns if turns and sum(one.role == "user" for one in before) <= len(turns) else None


SCHEMA = UIChat.model_json_schema(ref_template="#/components/schemas/{model}")
REQUEST_BODY = {"required": True, "content": {"application/json": {"schema": SCHEMA}}}
STREAM = {200: {"description": "Parts of a message, then [DONE].", "content": {"text/event-stream": {}}}}
NOTHING = {204: {"description": "Nothing is being answered."}}


@router.post("/ui/chat", openapi_extra={"requestBody": REQUEST_BODY, "responses": STREAM}, summary="Ask from useChat")
async def ui_chat(request: HttpRequest) -> ClosingStream:
    """Answer the last message as a UI message stream. Whoever leaves may come back to it while it is written."""
    asked = await asking.ask(request, body_of(request, UIChat).question())
    stream = render(asked.run.batches(), head=asked.run.head, site=site_url(request))
    named = {"X-Resumable-Stream-Id": str(asked.run.head.turn_id)}  # what assistant-ui comes back to
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers={**HEADERS, **named, **asked.headers})


@router.get("/ui/chat/{chat_id}/stream", openapi_extra={"responses": {**STREAM, **NOTHING}}, summary="Resume useChat")
async def ui_resume(request: HttpRequest, chat_id: str) -> HttpResponse | ClosingStream:
    """Send the answer that is being written in a chat from its beginning, and go on; 204 where none is.

    By its own id, that of its turn, an answer is also sent for ten minutes after its end.
    """
    owner = (await caller_for(request)).owner
    turn_id = await _turn_of(chat_id, owner)
    if turn_id is None:
        return HttpResponse(status=204)
    try:
        head, batches = await streams.follow(turn_id, owner=owner)
    except Problem as problem:
        return _nothing_or(problem)
    stream = render(batches, head=head, site=site_url(request))
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers={**HEADERS, "X-Turn-Id": str(turn_id)})


@router.post("/ui/chat/{chat_id}/stop", response={204: None}, summary="Stop useChat's answer")
async def ui_stop(request: HttpRequest, chat_id: str) -> HttpResponse:
    """End the answer that is being written in a chat, if any: aborting the request alone leaves it to be resumed."""
    owner = (await caller_for(request)).owner
    if turn_id := await _turn_of(chat_id, owner):
        try:
            await streams.stop(turn_id, owner=owner)
        except Problem as problem:
            return _nothing_or(problem)
    return HttpResponse(status=204)


async def _turn_of(chat_id: str, owner: Owner) -> UUID | None:
    """Return the turn that runs in the chat of this id, or else the turn whose own id it may be."""
    conversation_id = conversation_of(chat_id)
    if conversation_id is None:
        return None
    running = await in_one_hop(memory.running_turn, owner=owner, conversation_id=conversation_id)
    return running or uuid_in(chat_id)


def _nothing_or(problem: Problem) -> HttpResponse:
    """Return the response that says that there is no such answer; raises any other problem."""
    if problem.status != HTTPStatus.NOT_FOUND:
        raise problem
    return HttpResponse(status=204)


async def render(
    batches: AsyncGenerator[Sequence[NumberedEvent], None], *, head: TurnHead, site: str
) -> AsyncGenerator[bytes, None]:
    """Yield a turn as the parts of one message, a comment after each silence, and the end."""
    ids = {"turn_id": head.turn_id, "conversation_id": head.conversation_id}
    yield _part("start", messageId=head.turn_id, messageMetadata=ids)
    is_open = False
    async with aclosing(batches):
        async for batch in batches:
            parts = b""
            for _, event in batch:
                if isinstance(event, Token) and not is_open:
                    parts, is_open = parts + _part("text-start", id=TEXT), True
                if isinstance(event, Done | Failed) and is_open:
                    parts, is_open = parts + _part("text-end", id=TEXT), False
                parts += _parts(event, site=site)
            yield parts or HEARTBEAT
    yield b"data: [DONE]\n\n"


def _parts(event: Event, *, site: str) -> bytes:
    match event:
        case Sources():
            urls = [
                _part("source-url", sourceId=str(one.number), url=absolute(one.url, site=site), title=one.title)
                for one in event.sources
            ]
            return b"".join([_part("data-sources", data=payload(event)), *urls])
        case Token():
            return _part("text-delta", id=TEXT, delta=event.text)
        case Done():
            return _part("data-receipts", data=payload(event)) + _part("finish")
        case Failed():
            return _part("error", errorText=event.message)
        case _:
            assert_never(event)


def _part(kind: str, **members: Any) -> bytes:
    return f"data: {_json({'type': kind, **members})}\n\n".encode()
