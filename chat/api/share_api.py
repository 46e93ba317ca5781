"""The HTTP API of shared conversations: a link for whoever has it, taken back when its owner likes."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router, Schema

from chat import conversations
from chat.api.conversations import ShareLink, kept_turn
from chat.conversations.links import share_url
from chat.conversations.owner import owner_for
from chat.conversations.refusals import no_conversation, no_share
from chat.conversations.thread import State
from chrysopedia.core.database import in_one_hop

router = Router(tags=["conversations"])


class SharedTurn(Schema):
    """A turn as others may read it."""

    turn_id: UUID
    number: int
    question: str
    creator: str
    creator_slug: str
    state: State
    answer: str
    sources: Annotated[list[dict[str, Any]], Field(description="As in the event `sources`.")]
    ending: Annotated[dict[str, Any] | None, Field(description="The members of the event `done`.")]
    created: datetime


class SharedConversation(Schema):
    """A conversation as it was when it was shared; it does not say whose it is."""

    title: str
    created: datetime
    shared: datetime
    turns: list[SharedTurn]


@router.post("/conversations/{uuid:conversation_id}/share", response={201: ShareLink}, summary="Share a conversation")
async def share(request: HttpRequest, conversation_id: UUID) -> Any:
    """Make a link to a conversation of yours as it is now, read-only, for whoever has it.

    Sharing it again keeps the link, which then shows it as it is now. 409 where nothing has been answered yet, or
    where conversations are not kept.
    """
    owner = await owner_for(request)
    link = await in_one_hop(conversations.share, conversation_id, owner=owner, now=timezone.now())
    return 201, {"token": link.token, "url": share_url(link.token, request), "created": link.created}


@router.delete("/conversations/{uuid:conversation_id}/share", response={204: None}, summary="Stop sharing")
async def unshare(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Take the link back: from now on it leads nowhere. Sharing the conversation again makes another one."""
    owner = await owner_for(request)
    if not await in_one_hop(conversations.unshare, conversation_id, owner=owner):
        raise no_conversation()
    return HttpResponse(status=204)


@router.get("/share/{str:token}", response=SharedConversation, summary="Read a shared conversation")
async def shared(request: HttpRequest, token: str) -> Any:
    """Return what had been asked and answered when the conversation was shared. Nobody has to be known for it."""
    found = await in_one_hop(conversations.shared, token)
    if found is None:
        raise no_share()
    turns = [kept_turn(turn) for turn in found.turns]
    return {"title": found.title, "created": found.created, "shared": found.updated, "turns": turns}
