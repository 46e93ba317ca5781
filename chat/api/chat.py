"""The HTTP API of the conversation: asking, coming back, stopping, and the search that chat itself uses."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Schema

from chat import streams, turns
from chat.api.idempotency import HEADER, LONGEST, REPLAYED, ask_once, key_in
from chat.api.schemas import (
    MAX_EVENT_NUMBER,
    ChatBody,
    FoundPassage,
    SearchResult,
    chat_body,
    last_event_id,
    wants_json,
)
from chat.conversations.owner import caller_for
from chat.events.events import Tier
from chat.events.turn import ANYONE, MAX_QUERY, Terms
from chat.models import Scope
from chat.rendering import json, sse
from chat.rendering.sse import ClosingStream
from chat.retrieval import build_query, retrieve, source_of
from chat.turns import sandbox_works
from chat.turns.second_opinion import Reviewed, review
from chrysopedia.core.database import SEARCHES
from chrysopedia.core.errors import not_found, unavailable
from chrysopedia.core.output import JSONEncoder
from chrysopedia.core.text import SomeText, Text
from creators.embeddings import get_embedder
from creators.models import Creator

router = Router(tags=["chat"])

REQUEST_BODY = {
    "required": True,
    "content": {"application/json": {"schema": ChatBody.model_json_schema()}},
}
RESPONSES = {
    200: {
        "description": "Events: sources, token (repeated), done or error. With stream=false, one JSON object.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Answer"}},
            "text/event-stream": {},
        },
    },
    429: {
        "description": "This visitor's limit is used up: see Retry-After.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}

IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "description": (
        "Sent again with the same question within ten minutes, it gives the same turn and starts no other. "
        "A random UUID; with an API key or a session it may be anything."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}


EVENTS = {
    200: {"description": "The events after that number.", "content": {"text/event-stream": {}}},
    204: {"description": "The turn has ended, and there are none."},
}


class EventsQuery(Schema):
    """Where to go on in a stream of events; ``Last-Event-ID`` counts where it is further on."""

    after: Annotated[int, Query(ge=0, le=MAX_EVENT_NUMBER, description="The number of the last event received.")] = 0


class Stopped(Schema):
    """What became of a turn that was stopped; ``ended`` is false where its end could not be waited for."""

    turn_id: UUID
    ended: bool


@router.post(
    "/chat",
    openapi_extra={"parameters": [IDEMPOTENCY_KEY], "requestBody": REQUEST_BODY, "responses": RESPONSES},
    summary="Ask a question",
)
async def chat(request: HttpRequest) -> HttpResponse | ClosingStream:
    """Answer from what creators have said, each claim with a numbered source.

    Streams Server-Sent Events unless `stream` is false or only JSON is accepted. With an `Idempotency-Key` it may be
    sent again: the same key and question give the same turn from its beginning, another question 422. A caller of the
    one object that leaves ends the answer, unless it sent a key by which to come back.
    """
    body = chat_body(request)
    caller = await caller_for(request)
    await caller.require_creator(body.creator or None)
    question, key, counted = body.question(), key_in(request.headers.get(HEADER)), dict[str, str]()

    async def start(turn_id: UUID | None = None) -> streams.Run:
        allowance = caller.allowance("questions")
        started = await turns.ask(
            question, owner=caller.owner, turn_id=turn_id, allowance=allowance, terms=caller.terms
        )
        counted.update(allowance.headers())
        return started

    if key is None:
        run: streams.Run | streams.StoredReader = await start()
    else:
        run, is_replay = await ask_once(key, question, caller=caller, start=start)
        counted.update(REPLAYED if is_replay else {})
    headers = {"X-Turn-Id": str(run.head.turn_id), "X-Conversation-Id": str(run.head.conversation_id), **counted}
    if wants_json(accept=request.headers.get("Accept", "*/*"), stream=body.stream):
        # Whoever sent a key may come back for the answer by it; without one nobody can, so it ends with its caller.
        with run.ends_with_reader() if key is None and isinstance(run, streams.Run) else nullcontext():
            answer = await json.render(run.events())
        return JsonResponse(answer, encoder=JSONEncoder, headers=headers)
    return ClosingStream(run.read(), content_type=sse.CONTENT_TYPE, headers={**sse.HEADERS, **headers})


@router.get("/chat/{uuid:turn_id}/events", openapi_extra={"responses": EVENTS}, summary="Come back to an answer")
async def events(request: HttpRequest, turn_id: UUID, query: Query[EventsQuery]) -> HttpResponse | ClosingStream:
    """Stream the events of a turn after a number, the same bytes as before, and go on until its end.

    During the turn and for ten minutes after it, for its owner. 204 where the turn has ended and nothing is left.
    """
    owner = (await caller_for(request)).owner
    number = max(query.after, last_event_id(request))
    stream = await streams.events_after(number, turn_id, owner=owner)
    headers = {"X-Turn-Id": str(turn_id)}
    if stream is None:
        return HttpResponse(status=204, headers=headers)
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers={**sse.AGAIN_HEADERS, **headers})


@router.post("/chat/{uuid:turn_id}/stop", response=Stopped, summary="Stop an answer")
async def stop(request: HttpRequest, turn_id: UUID) -> Any:
    """End a turn now: the model is told to stop, and what was said so far is the answer. Its owner may, nobody else."""
    owner = (await caller_for(request)).owner
    return {"turn_id": turn_id, "ended": await streams.stop(turn_id, owner=owner)}


@router.get("/chat/{uuid:turn_id}/receipts", response=Reviewed, summary="Look at the receipts again")
async def receipts(request: HttpRequest, turn_id: UUID) -> Any:
    """Return the receipts of an answer that has ended; a language model, if any, looks at the doubtful ones.

    What it says stands beside each verdict as `second_look` and changes none. For ten minutes, for the turn's owner.
    409 while the answer is being written.
    """
    caller = await caller_for(request)
    return await review(turn_id, owner=caller.owner, terms=caller.terms)


class SearchParams(Schema):
    """What a search takes."""

    q: Annotated[SomeText, Query(max_length=MAX_QUERY)]
    creator: Text | None = None
    limit: Annotated[int, Query(ge=1, le=50)] = 10


@router.get("/search", response=SearchResult, summary="Search passages")
async def search(request: HttpRequest, response: HttpResponse, query: Query[SearchParams]) -> Any:
    """Return the passages that a question would be answered from, with the score of each leg."""
    caller = await caller_for(request, scope=Scope.SEARCH)
    await caller.require_creator(query.creator or None)
    allowance = (caller if caller.grant else replace(caller, owner=ANYONE)).allowance("searches")

    def counted() -> SearchResult:
        allowance.take()
        return search_for(caller.terms)(query.q, creator=query.creator or None, limit=query.limit)

    try:
        found = await SEARCHES.hop(counted)
    except turns.SEARCH_ERRORS as error:
        raise unavailable(turns.MESSAGES["retrieval_unavailable"]) from error
    for name, value in allowance.headers().items():
        response.headers[name] = value
    return found


def search_corpus(text: str, *, creator: str | None, limit: int) -> SearchResult:
    """Return the passages that a question would be answered from. Synchronous, for one hop.

    Raises ``Problem`` 404 for an unknown creator, and whatever retrieval raises.
    """
    asked = Creator.objects.published().named(creator) if creator else None
    if creator and asked is None:
        raise not_found("creator", hint="GET /api/v1/creators lists those there are.")
    names = (asked.name, *asked.aliases) if asked else ()
    query = build_query(text, creator_id=asked.pk if asked else None, names=names, embedder=get_embedder())
    found = retrieve(query, creator_id=asked.pk if asked else None, limit=limit)
    passages = [
        FoundPassage(
            **asdict(source),
            cosine=round(passage.cosine, 4),
            lexical=round(passage.lexical, 4),
            text=passage.text,
        )
        for number, passage in enumerate(found.passages, start=1)
        for source in [source_of(passage, number=number)]
    ]
    return SearchResult(cascade_tier=found.tier, passages=passages)


def search_sandbox(text: str, *, creator: str | None, limit: int) -> SearchResult:
    """Return the passages of the sandbox, as ``search_corpus`` returns those of the corpus; raises ``Problem``."""
    works = sandbox_works.found(text, creator=creator, limit=limit)
    passages = [FoundPassage(**asdict(work.source), cosine=1.0, lexical=1.0, text=work.text) for work in works]
    return SearchResult(cascade_tier=Tier.CREATOR if works else Tier.NONE, passages=passages)


def search_for(terms: Terms) -> Callable[..., SearchResult]:
    """Return what searches on these terms."""
    return search_sandbox if terms.is_sandbox else search_corpus
