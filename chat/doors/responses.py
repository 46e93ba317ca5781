"""OpenAI's responses: the same answers as its chat completions, with typed events and conversations kept here."""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import count
from typing import Annotated, Any, assert_never
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ConfigDict, Field

from chat.api.schemas import body_of
from chat.conversations.sharing import site_url
from chat.doors import asking, openai
from chat.doors.asking import Answer, Asked
from chat.doors.openai import ChatMessage
from chat.events.events import Done, Event, Failed, Source, Sources, Token, Usage
from chat.events.serialize import HEARTBEAT, payload
from chat.events.turn import Question
from chat.rendering import sse
from chat.rendering.sse import ClosingStream
from chrysopedia.core.errors import FieldError, invalid
from chrysopedia.core.output import JSONEncoder

_ID = re.compile(r"resp_([0-9a-f]{32})[0-9a-f]{32}")
_json = JSONEncoder(ensure_ascii=False).encode


class Request(BaseModel):
    """What ``POST /v1/responses`` takes; parameters that mean nothing here are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(min_length=1, max_length=300)]
    input: str | list[dict[str, Any]]
    stream: bool | None = False
    previous_response_id: str | None = None
    sources_footer: bool = True

    def question(self) -> Question:
        """Return what is asked last, and what was said before it, here or in the input; raises ``Problem``."""
        said = [ChatMessage(role="user", content=self.input)] if isinstance(self.input, str) else _messages(self.input)
        if not said or said[-1].role != "user":
            raise invalid(FieldError("input", "the last message must be the user's"))
        creator, weight = asking.creator_and_weight(self.model)
        members = {"query": said[-1].text, "creator": creator, "personality_weight": weight}
        question = asking.question_from(members)
        if self.previous_response_id:
            return Question(question.query, question.creator, _conversation(self.previous_response_id), weight)
        return Question(question.query, question.creator, None, weight, said=openai.exchanges(said[:-1]))


def _messages(items: Sequence[dict[str, Any]]) -> list[ChatMessage]:
    """Return the messages among the items of an input; tools and reasoning mean nothing here."""
    spoken = [item for item in items if item.get("role") in ("user", "assistant")]
    try:
        return [ChatMessage.model_validate(item) for item in spoken]
    except ValueError:
        raise invalid(FieldError("input", "a message must have a text")) from None


def _conversation(response_id: str) -> UUID:
    found = _ID.fullmatch(response_id)
    if found is None:
        raise invalid(FieldError("previous_response_id", "is the id of no response of this site"))
    return UUID(hex=found[1])


@csrf_exempt  # caller_for asks for the token where there is a session
@require_POST
async def responses(request: HttpRequest) -> HttpResponse | ClosingStream:
    """Answer as OpenAI's responses do, whole or as a stream of events."""
    body = body_of(request, Request)
    asked = await openai.ask(request, body.question())
    writer = Writer(asked, body, site=site_url(request), created=int(timezone.now().timestamp()))
    if body.stream:
        return ClosingStream(writer.stream(), content_type=sse.CONTENT_TYPE, headers={**sse.HEADERS, **asked.headers})
    answer = await asking.answered(asked)
    return JsonResponse(writer.document(answer), encoder=JSONEncoder, headers=asked.headers)


def usage_of(usage: Usage | None) -> dict[str, Any]:
    """Return the tokens that a turn cost; none where no model was asked or it didn't say."""
    asked, said = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
    return {
        "input_tokens": asked,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": said,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": asked + said,
    }


class Writer:
    """Writes one answer as a response of one message with one text, whole or in events."""

    def __init__(self, asked: Asked, body: Request, *, site: str, created: int) -> None:
        head = asked.run.head
        self._asked, self._body, self._site = asked, body, site
        self._id = f"resp_{head.conversation_id.hex}{head.turn_id.hex}"
        self._item_id = f"msg_{head.turn_id.hex}"
        self._created = created
        self._sources: tuple[Source, ...] = ()
        self._pieces: list[str] = []
        self._numbers = count()

    def document(self, answer: Answer) -> dict[str, Any]:
        """Return the whole response."""
        text = answer.text + self._footer(answer.done, answer.sources)
        item = self._item("completed", self._content(text, answer.done, answer.sources))
        more = {"usage": usage_of(answer.done.usage), "chrysopedia": answer.receipts}
        return self._response("completed", item, **more)

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the events, what waits together in one piece, and a comment after each silence."""
        yield self._event("response.created", response=self._response("in_progress"))
        yield self._event("response.in_progress", response=self._response("in_progress"))
        async with aclosing(asking.batches(self._asked)) as batches:
            async for batch in batches:
                yield b"".join(self._events(event) for _, event in batch) or HEARTBEAT

    def _events(self, event: Event) -> bytes:
        match event:
            case Sources():
                self._sources = event.sources
                return self._begin()
            case Token():
                return self._delta(event.text)
            case Done():
                return self._end(event)
            case Failed():
                error = {"code": "server_error", "message": event.message}
                return self._event("response.failed", response={**self._response("failed"), "error": error})
            case _:
                assert_never(event)

    def _begin(self) -> bytes:
        added = self._event("response.output_item.added", output_index=0, item=self._item("in_progress"))
        return added + self._of_text("response.content_part.added", part=_part("", []))

    def _delta(self, text: str) -> bytes:
        self._pieces.append(text)
        return self._of_text("response.output_text.delta", delta=text, logprobs=[])

    def _end(self, done: Done) -> bytes:
        footer = self._footer(done, self._sources)
        events = self._delta(footer) if footer else b""
        text = "".join(self._pieces)
        part = self._content(text, done, self._sources)
        for number, annotation in enumerate(part["annotations"]):
            kind = "response.output_text.annotation.added"
            events += self._of_text(kind, annotation_index=number, annotation=annotation)
        events += self._of_text("response.output_text.done", text=text, logprobs=[])
        events += self._of_text("response.content_part.done", part=part)
        item = self._item("completed", part)
        events += self._event("response.output_item.done", output_index=0, item=item)
        receipts = {"sources": payload(Sources(self._sources)), **payload(done)}
        response = self._response("completed", item, usage=usage_of(done.usage), chrysopedia=receipts)
        return events + self._event("response.completed", response=response)

    def _content(self, text: str, done: Done, sources: Sequence[Source]) -> dict[str, Any]:
        found = openai.annotations(done, sources, site=self._site)
        return _part(text, [{"type": "url_citation", **one["url_citation"]} for one in found])

    def _item(self, status: str, *content: dict[str, Any]) -> dict[str, Any]:
        head = {"id": self._item_id, "type": "message", "role": "assistant", "status": status}
        return {**head, "content": list(content)}

    def _response(self, status: str, *output: dict[str, Any], **more: Any) -> dict[str, Any]:
        head = {"id": self._id, "object": "response", "created_at": self._created, "status": status}
        asked = {"model": self._body.model, "previous_response_id": self._body.previous_response_id}
        unused = {"tools": [], "tool_choice": "none", "parallel_tool_calls": False, "metadata": {}}
        empty = {"error": None, "incomplete_details": None, "instructions": None, "usage": None}
        return {**head, **asked, **unused, **empty, "output": list(output), **more}

    def _footer(self, done: Done, sources: Sequence[Source]) -> str:
        return asking.footer(done, sources, site=self._site) if self._body.sources_footer else ""

    def _of_text(self, kind: str, **members: Any) -> bytes:
        return self._event(kind, item_id=self._item_id, output_index=0, content_index=0, **members)

    def _event(self, kind: str, **members: Any) -> bytes:
        data = {"type": kind, "sequence_number": next(self._numbers), **members}
        return f"event: {kind}\ndata: {_json(data)}\n\n".encode()


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
