"""What the page's script asks for: an answer as HTML while it is written, whole or from where it broke off."""

import asyncio
from collections.abc import AsyncGenerator
from functools import partial
from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chat import conversations, streams, turns
from chat.api.schemas import chat_body, last_event_id
from chat.conversations.owner import allowance_for, owner_for
from chat.conversations.stored import State
from chat.events.serialize import encode_data
from chat.events.turn import Owner
from chat.rendering import html_stream, sse
from chat.rendering.article import Article, article_of_turn
from chat.rendering.sse import ClosingStream
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem


@csrf_exempt  # owner_for asks for the token where there is a session; a frame on another site has none
@require_POST
async def chat_stream(request: HttpRequest) -> ClosingStream:
    """Take the body of ``POST /api/v1/chat`` and stream the answer as HTML; refusals are the same problem documents."""
    question = chat_body(request).question()
    owner = await owner_for(request)
    allowance = allowance_for(request, "questions", owner=owner)
    run = await turns.ask(question, owner=owner, allowance=allowance)
    ids = {"X-Turn-Id": str(run.head.turn_id), "X-Conversation-Id": str(run.head.conversation_id)}
    headers = {**ids, **allowance.headers()}
    return _stream(html_stream.render(run.batches(), head=run.head), {**sse.HEADERS, **headers})


@require_safe
async def turn_stream(request: HttpRequest, turn_id: UUID) -> ClosingStream:
    """Stream a turn as HTML from the event after ``?after=`` or ``Last-Event-ID`` on; 404 for anyone but its owner."""
    after, owner = last_event_id(request), await owner_for(request)
    headers = {**sse.AGAIN_HEADERS, "X-Turn-Id": str(turn_id)}
    try:
        head, batches = await streams.follow(turn_id, owner=owner)
    except Problem:
        article = await in_one_hop(partial(_kept_article, turn_id, owner))
        if article is None:
            raise
        return _stream(_last_event(article, number=after + 1), headers)
    return _stream(html_stream.render(batches, head=head, after=after), headers)


def _kept_article(turn_id: UUID, owner: Owner) -> Article | None:
    turn = conversations.turn(turn_id, owner=owner)
    return article_of_turn(turn) if turn and turn.state != State.RUNNING else None


async def _last_event(article: Article, *, number: int) -> AsyncGenerator[bytes, None]:
    """Yield the end of a turn whose events are gone, out of what is kept of it."""
    html = await asyncio.to_thread(html_stream.html_of, article)
    if article.error:
        yield encode_data({"html": html, "message": article.error, "retryable": True}, event="error", number=number)
    else:
        done = {"html": html, "finish": article.finish, "cited": len(article.notes)}
        yield encode_data(done, event="done", number=number)


def _stream(stream: sse.Stream, headers: dict[str, str]) -> ClosingStream:
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers=headers)
