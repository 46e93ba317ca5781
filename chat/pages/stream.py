"""What the page's script asks: a question, and its answer as HTML while it comes, now or when it comes back."""

from uuid import UUID

from django.http import HttpRequest
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from chat import runs, service
from chat.body import chat_body
from chat.numbering import last_event_id
from chat.owner import owner_for
from chat.renderers import live, sse
from chat.renderers.html import Opening
from chat.renderers.streaming import ClosingStream


@csrf_exempt  # owner_for asks for the token where there is a session; a frame on another site has none
@require_POST
async def ask(request: HttpRequest) -> ClosingStream:
    """Take the body of ``POST /api/v1/chat`` and stream the answer as HTML; refusals are the same problem documents."""
    question = chat_body(request).question()
    run = await service.ask(question, owner=await owner_for(request))
    opening = Opening(run.heading, str(run.turn.id), str(run.turn.conversation_id))
    headers = {"X-Turn-Id": opening.turn_id, "X-Conversation-Id": opening.conversation_id}
    return _stream(live.render(run.read(), opening=opening), headers)


@require_safe
async def turn_events(request: HttpRequest, turn_id: UUID) -> ClosingStream:
    """Stream a turn as HTML from the event after ``?after=`` or ``Last-Event-ID`` on; 404 for anyone but its owner."""
    after = last_event_id(request)
    heading, data = await runs.follow(turn_id, owner=await owner_for(request))
    opening = Opening(heading, str(turn_id), "")
    return _stream(live.render(data, opening=opening, after=after), {"X-Turn-Id": opening.turn_id})


def _stream(stream: sse.Stream, headers: dict[str, str]) -> ClosingStream:
    return ClosingStream(stream, content_type=sse.CONTENT_TYPE, headers={**sse.HEADERS, **headers})
