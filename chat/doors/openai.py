"""OpenAI's chat completions: a creator is a model, sources are url citations, and receipts an extra member."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import pairwise
from typing import Annotated, Any, assert_never

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST
from pydantic import BaseModel, ConfigDict, Field

from chat.api.schemas import Id, body_of
from chat.conversations.owner import caller_for
from chat.conversations.sharing import site_url
from chat.doors import asking
from chat.doors.asking import Answer, Asked, absolute
from chat.events.events import Done, Event, Failed, Finish, Source, Sources, Token, Usage
from chat.events.serialize import HEARTBEAT, payload
from chat.events.turn import MAX_QUERY, Question
from chat.rendering import sse
from chat.rendering.sse import ClosingStream
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import FieldError, Problem, invalid, openai_error
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import Text

DONE = b"data: [DONE]\n\n"
REASONS: dict[Finish, str] = {"complete": "stop", "length": "length", "cut": "stop", "stopped": "stop"}
LONGEST = 8000
"""Characters of an earlier answer that are read."""
_json = JSONEncoder(ensure_ascii=False).encode


class Part(BaseModel):
    """A part of a message; only text is read."""

    type: str
    text: Text = ""


class ChatMessage(BaseModel):
    """A message of the conversation as the client keeps it."""

    role: str
    content: Text | list[Part] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream carries besides the answer."""

    include_usage: bool = False


class Completion(BaseModel):
    """What ``POST /v1/chat/completions`` takes; parameters that mean nothing here are ignored."""

    model_config = ConfigDict(extra="ignore")

    model: Annotated[str, Field(min_length=1, max_length=300)]
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=2000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    conversation_id: Id = None
    sources_footer: bool = True

    def question(self) -> Question:
        """Return the last message of the user as a question, and what was said before it; raises ``Problem``."""
        if self.n not in (None, 1):
            raise invalid(FieldError("n", "one answer is given at a time"))
        said = [message for message in self.messages if message.role in ("user", "assistant")]
        if not said or said[-1].role != "user":
            raise invalid(FieldError("messages", "the last message must be the user's"))
        creator, weight = asking.creator_and_weight(self.model)
        members = {"query": said[-1].text, "creator": creator, "personality_weight": weight}
        question = asking.question_from(members)
        if self.conversation_id:
            return Question(question.query, question.creator, self.conversation_id, weight)
        return Question(question.query, question.creator, None, weight, said=exchanges(said[:-1]))


def exchanges(messages: Sequence[ChatMessage]) -> tuple[tuple[str, str], ...]:
    """Return what was asked and answered, from messages in turn; a question that got no answer is left out.

    Long texts are cut: a prompt would not hold them, and what was said is remembered for an hour.
    """
    return tuple(
        (asked.text[:MAX_QUERY], asking.without_footer(answer.text)[:LONGEST])
        for asked, answer in pairwise(messages)
        if (asked.role, answer.role) == ("user", "assistant")
    )


@csrf_exempt  # caller_for asks for the token where there is a session
@require_POST
async def completions(request: HttpRequest) -> HttpResponse | ClosingStream:
    """Answer as OpenAI's chat completions do, whole or as a stream of chunks."""
    body = body_of(request, Completion)
    asked = await ask(request, body.question())
    writer = Writer(asked, body, site=site_url(request), created=int(timezone.now().timestamp()))
    if body.stream:
        return ClosingStream(writer.stream(), content_type=sse.CONTENT_TYPE, headers={**sse.HEADERS, **asked.headers})
    answer = await asking.answered(asked)
    return JsonResponse(writer.document(answer), encoder=JSONEncoder, headers=asked.headers)


async def ask(request: HttpRequest, question: Question) -> Asked:
    """Let a question in; raises ``Problem``, of which the 404 for a creator is one for a model."""
    try:
        return await asking.ask(request, question)
    except Problem as problem:
        raise asking.no_model() if problem.status == 404 and question.conversation_id is None else problem from None


@require_GET
async def models(request: HttpRequest, name: str = "") -> JsonResponse:
    """List whom one can ask as models, or return the one of this name; raises ``Problem`` 404."""
    terms = (await caller_for(request)).terms
    listed = [
        {"id": one, "object": "model", "created": 0, "owned_by": asking.EVERYONE}
        for one in await in_one_hop(asking.model_names, terms)
    ]
    if not name:
        return JsonResponse({"object": "list", "data": listed}, encoder=JSONEncoder)
    creator, _ = asking.creator_and_weight(name)
    found = [one for one in listed if one["id"] == (creator or asking.EVERYONE)]
    if not found:
        raise asking.no_model()
    return JsonResponse({**found[0], "id": name}, encoder=JSONEncoder)


def annotations(done: Done, sources: Sequence[Source], *, site: str) -> list[dict[str, Any]]:
    """Return the citations, each with the place of its sentence in the answer, in code points."""
    titles = {source.number: source.title for source in sources}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": citation.start,
                "end_index": citation.end,
                "url": absolute(citation.url, site=site),
                "title": titles.get(citation.number, ""),
            },
        }
        for citation in done.citations
    ]


def usage_of(usage: Usage | None) -> dict[str, int]:
    """Return the tokens that a turn cost; none where no model was asked or it didn't say."""
    asked, said = (usage.prompt_tokens, usage.completion_tokens) if usage else (0, 0)
    return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


class Writer:
    """Writes one answer as a completion, whole or in chunks; ``site`` is this site's address, for works without one."""

    def __init__(self, asked: Asked, body: Completion, *, site: str, created: int) -> None:
        self._asked = asked
        self._body = body
        self._site = site
        self._head = {"id": f"chatcmpl-{asked.run.head.turn_id.hex}", "created": created, "model": body.model}
        self._sources: tuple[Source, ...] = ()
        options = body.stream_options or StreamOptions()
        self._with_usage = options.include_usage

    def document(self, answer: Answer) -> dict[str, Any]:
        """Return the whole completion."""
        message = {
            "role": "assistant",
            "content": answer.text + self._footer(answer.done, answer.sources),
            "refusal": None,
            "annotations": annotations(answer.done, answer.sources, site=self._site),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": REASONS[answer.done.finish]}
        return {
            **self._head,
            "object": "chat.completion",
            "choices": [choice],
            "usage": usage_of(answer.done.usage),
            "system_fingerprint": None,
            "chrysopedia": answer.receipts,
        }

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """Yield the chunks, what waits together in one piece; a comment after each silence, and the end."""
        async with aclosing(asking.batches(self._asked)) as batches:
            async for batch in batches:
                chunks = b"".join(self._chunks(event) for _, event in batch)
                yield chunks or HEARTBEAT
        yield DONE

    def _chunks(self, event: Event) -> bytes:
        match event:
            case Sources():
                self._sources = event.sources
                return self._chunk({"role": "assistant", "content": ""}, chrysopedia={"sources": payload(event)})
            case Token():
                return self._chunk({"content": event.text})
            case Done():
                return self._end(event)
            case Failed():
                return _data(openai_error(asking.problem_of(event)))
            case _:
                assert_never(event)

    def _end(self, done: Done) -> bytes:
        footer = self._footer(done, self._sources)
        found = annotations(done, self._sources, site=self._site)
        chunks = self._chunk({"content": footer}) if footer else b""
        chunks += self._chunk({"annotations": found}) if found else b""
        chunks += self._chunk({}, reason=REASONS[done.finish], chrysopedia=payload(done))
        if self._with_usage:
            usage = {"choices": [], "usage": usage_of(done.usage)}
            chunks += _data({**self._head, "object": "chat.completion.chunk", **usage})
        return chunks

    def _footer(self, done: Done, sources: Sequence[Source]) -> str:
        return asking.footer(done, sources, site=self._site) if self._body.sources_footer else ""

    def _chunk(self, delta: dict[str, Any], *, reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        usage = {"usage": None} if self._with_usage else {}
        return _data({**self._head, "object": "chat.completion.chunk", "choices": [choice], **usage, **more})


def _data(value: dict[str, Any]) -> bytes:
    return f"data: {_json(value)}\n\n".encode()
