"""The HTTP API of the conversation: a question as events or JSON, and the search that chat itself uses."""

from functools import partial
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Schema

from chat import service
from chat.body import ChatBody, Text, chat_body
from chat.negotiation import wants_json
from chat.owner import owner_for
from chat.renderers import document, sse
from chat.renderers.streaming import ClosingStream
from chat.search import SearchResult, search_corpus
from creators.database import in_one_hop
from creators.problem import unavailable

router = Router(tags=["chat"])

REQUEST_BODY = {
    "required": True,
    "content": {"application/json": {"schema": ChatBody.model_json_schema()}},
}
RESPONSES = {
    200: {
        "description": "Events: sources, token (repeated), done or error. With stream=false, one JSON object.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}, "application/json": {}},
    }
}


@router.post("/chat", openapi_extra={"requestBody": REQUEST_BODY, "responses": RESPONSES}, summary="Ask a question")
async def chat(request: HttpRequest) -> HttpResponse | ClosingStream:
    """Answer from what creators have said, each claim with a numbered source.

    Streams Server-Sent Events unless `stream` is false or only JSON is accepted.
    """
    body = chat_body(request)
    owner = await owner_for(request)
    turn = await service.begin(body.question(), owner=owner)
    headers = {"X-Turn-Id": str(turn.id), "X-Conversation-Id": str(turn.conversation_id)}
    events = service.stream(turn)
    if wants_json(accept=request.headers.get("Accept", "*/*"), stream=body.stream):
        return JsonResponse(await document.render(events), headers=headers)
    return ClosingStream(
        sse.render(events),
        content_type=sse.CONTENT_TYPE,
        headers={**sse.HEADERS, **headers},
        abandon=partial(service.abandon, turn),
    )


class SearchQuery(Schema):
    """What a search takes."""

    q: Annotated[Text, Query(min_length=1, max_length=1000)]
    creator: Text | None = None
    limit: Annotated[int, Query(ge=1, le=50)] = 10


@router.get("/search", response=SearchResult, summary="Search passages")
async def search(request: HttpRequest, query: Query[SearchQuery]) -> Any:
    """Return the passages that a question would be answered from, with the score of each leg."""
    try:
        return await in_one_hop(search_corpus, query.q, creator=query.creator or None, limit=query.limit)
    except service.SEARCH_ERRORS as error:
        raise unavailable(service.MESSAGES["retrieval_unavailable"]) from error
