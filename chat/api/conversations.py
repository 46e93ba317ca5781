"""The API of kept conversations: listing, reading, deleting, sharing, rating."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import BaseModel

from chat import conversations, streams
from chat.conversations.owner import caller_for
from chat.conversations.sharing import no_conversation, no_share, share_url
from chat.conversations.stored import GivenFeedback, State, StoredConversation, StoredTurn
from chat.events.events import Sources
from chat.events.serialize import payload
from chat.events.turn import Owner
from chat.models import Rating, Reason
from chat.models.conversation import COMMENT, TITLE
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.text import SomeText, Text

router = Router(tags=["conversations"])


class ListQuery(Schema):
    """Which part of a list."""

    q: Annotated[Text, Query(max_length=200, description="Words that stand in the title, a question or an answer.")] = (
        ""
    )

    limit: Annotated[int, Query(ge=1, le=100)] = 30
    before: Annotated[UUID | None, Query(description="The last conversation received: those after it follow.")] = None


class ListedConversation(Schema):
    """A conversation in a list; ``title`` is its first question or its name, ``updated`` the time of its last."""

    conversation_id: UUID
    title: str
    created: datetime
    updated: datetime
    turn_count: int
    is_shared: bool


class ShareLink(Schema):
    """The link to a shared conversation, which shows what had been asked by ``created``."""

    token: str
    url: str
    created: datetime


class KeptFeedback(Schema):
    """What the owner of a conversation thinks of an answer."""

    rating: str
    reason: str
    comment: str


class KeptTurn(Schema):
    """A turn as it was kept; ``ending`` is null unless it was answered."""

    turn_id: UUID
    number: int
    question: str
    creator: Annotated[str, Field(description="The name of the creator who was asked, empty for everyone.")]
    creator_slug: str
    personality_weight: float
    state: State
    answer: str
    sources: Annotated[list[dict[str, Any]], Field(description="As in the event `sources`.")]
    ending: Annotated[dict[str, Any] | None, Field(description="The members of the event `done`.")]
    feedback: KeptFeedback | None = None
    created: datetime
    ended: datetime | None


class KeptConversation(Schema):
    """A conversation with its turns, oldest first; ``running_turn_id`` names the one that is being answered."""

    conversation_id: UUID
    title: str
    created: datetime | None
    updated: datetime | None
    running_turn_id: UUID | None
    share: ShareLink | None
    turns: list[KeptTurn]


class RemovedConversations(Schema):
    """How many conversations were removed."""

    removed: int


@router.get("/conversations", response=list[ListedConversation], summary="List your conversations")
async def list_conversations(request: HttpRequest, query: Query[ListQuery]) -> Any:
    """Return the conversations of the page's session, newest first. A caller without one has no list: it is empty."""
    owner = (await caller_for(request)).owner
    found = await in_one_hop(conversations.conversations, owner, limit=query.limit, before=query.before, saying=query.q)
    if found is None:
        raise no_conversation()
    return found


@router.get("/conversations/{uuid:conversation_id}", response=KeptConversation, summary="Read a conversation")
async def read_conversation(request: HttpRequest, conversation_id: UUID) -> Any:
    """Return a conversation of yours with its turns, and the turn that is being answered, if any."""
    found = await in_one_hop(conversations.conversation, conversation_id, owner=(await caller_for(request)).owner)
    if found is None:
        raise no_conversation()
    return kept_conversation(found, request)


class Renaming(BaseModel):  # ninja's Schema would read a JSON text, too, which has a method ``title``
    """What a conversation is to be called."""

    title: Annotated[SomeText, Field(max_length=TITLE)]


@router.patch("/conversations/{uuid:conversation_id}", response=Renaming, summary="Rename a conversation")
async def rename_conversation(request: HttpRequest, conversation_id: UUID, body: Renaming) -> Any:
    """Call a conversation of yours something else than its first question. A share of it keeps that question."""
    if not await in_one_hop(conversations.rename, conversation_id, body.title, owner=(await caller_for(request)).owner):
        raise no_conversation()
    return body


@router.delete("/conversations/{uuid:conversation_id}", response={204: None}, summary="Remove a conversation")
async def remove_conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Remove a conversation of yours with its turns, feedback and share; an answer that is being written is stopped."""
    owner = (await caller_for(request)).owner
    await _stop_turns(await in_one_hop(conversations.open_turns, owner, conversation_id=conversation_id), owner)
    if not await in_one_hop(conversations.delete, conversation_id, owner=owner):
        raise no_conversation()
    return HttpResponse(status=204)


@router.delete("/conversations", response=RemovedConversations, summary="Remove all your conversations")
async def remove_conversations(request: HttpRequest) -> Any:
    """Remove all conversations of the page's session. A caller without one has to name each: nothing is removed."""
    owner = (await caller_for(request)).owner
    await _stop_turns(await in_one_hop(conversations.open_turns, owner), owner)
    return {"removed": await in_one_hop(conversations.delete_all, owner)}


def kept_conversation(conversation: StoredConversation, request: HttpRequest) -> dict[str, Any]:
    """Return a conversation by the names of ``KeptConversation``."""
    link = conversation.link
    return {
        "conversation_id": conversation.conversation_id,
        "title": conversation.title,
        "created": conversation.created,
        "updated": conversation.updated,
        "running_turn_id": conversation.running_turn_id,
        "share": link and {"token": link.token, "url": share_url(link.token, request), "created": link.created},
        "turns": [kept_turn(turn) for turn in conversation.turns],
    }


def kept_turn(turn: StoredTurn) -> dict[str, Any]:
    """Return a turn by the names of ``KeptTurn``."""
    return {
        "turn_id": turn.head.turn_id,
        "number": turn.number,
        "question": turn.head.query,
        "creator": turn.head.creator_name,
        "creator_slug": turn.head.creator,
        "personality_weight": turn.head.weight,
        "state": turn.state,
        "answer": turn.answer,
        "sources": payload(Sources(turn.sources)),
        "ending": turn.done and payload(turn.done),
        "feedback": turn.feedback and asdict(turn.feedback),
        "created": turn.created,
        "ended": turn.ended,
    }


async def _stop_turns(turn_ids: list[UUID], owner: Owner) -> None:
    """Stop the turns of these that still run: what they write at their ends would outlive the removal."""
    for turn_id in turn_ids:
        with suppress(Problem):
            await streams.stop(turn_id, owner=owner)


class SharedTurn(Schema):
    """A turn as others may read it; its id is the share's own, and opens nothing."""

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
async def share_conversation(request: HttpRequest, conversation_id: UUID) -> Any:
    """Make a link to a conversation of yours as it is now, read-only, for whoever has it.

    Sharing it again keeps the link, which then shows it as it is now. 409 where nothing has been answered yet, or
    where conversations are not kept.
    """
    owner = (await caller_for(request)).owner
    link = await in_one_hop(conversations.share, conversation_id, owner=owner, now=timezone.now())
    return 201, {"token": link.token, "url": share_url(link.token, request), "created": link.created}


@router.delete("/conversations/{uuid:conversation_id}/share", response={204: None}, summary="Stop sharing")
async def unshare_conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """Take the link back: from now on it leads nowhere. Sharing the conversation again makes another one."""
    owner = (await caller_for(request)).owner
    if not await in_one_hop(conversations.unshare, conversation_id, owner=owner):
        raise no_conversation()
    return HttpResponse(status=204)


@router.get("/share/{str:token}", response=SharedConversation, summary="Read a shared conversation")
async def read_share(request: HttpRequest, token: str) -> Any:
    """Return what had been asked and answered when the conversation was shared. Nobody has to be known for it."""
    found = await in_one_hop(conversations.shared, token)
    if found is None:
        raise no_share()
    turns = [kept_turn(turn) for turn in found.turns]
    return {"title": found.title, "created": found.created, "shared": found.updated, "turns": turns}


feedback_router = Router(tags=["chat"])


class FeedbackBody(BaseModel):
    """What a reader thinks of an answer; null takes it back. A reason counts with "down" only."""

    rating: Rating | None
    reason: Reason = Reason.NONE
    comment: Annotated[Text, Field(max_length=COMMENT)] = ""


class TurnFeedback(Schema):
    """What is kept of it; ``rating`` is null where nothing is."""

    turn_id: UUID
    rating: str | None = None
    reason: str = ""
    comment: str = ""


@feedback_router.post("/chat/{uuid:turn_id}/feedback", response=TurnFeedback, summary="Rate an answer")
async def rate_answer(request: HttpRequest, response: HttpResponse, turn_id: UUID, body: FeedbackBody) -> Any:
    """Rate an answer of yours, in place of what you thought before. 409 where conversations are not kept."""
    caller, now = await caller_for(request), timezone.now()
    owner, allowance = caller.owner, caller.allowance("feedback")

    def counted() -> GivenFeedback | None:
        allowance.take()
        return conversations.rate(turn_id, body.rating, reason=body.reason, comment=body.comment, owner=owner, now=now)

    given = await in_one_hop(counted)
    for name, value in allowance.headers().items():
        response.headers[name] = value
    if given is None:
        return {"turn_id": turn_id}
    return {"turn_id": turn_id, "rating": given.rating, "reason": given.reason, "comment": given.comment}


class OpenedBody(BaseModel):
    """The work that a reader went to, by the slug that stands in the source."""

    work: Annotated[SomeText, Field(max_length=200)]


@feedback_router.post("/chat/{uuid:turn_id}/opened", response={204: None}, summary="Say that a source was opened")
async def opened_source(request: HttpRequest, turn_id: UUID, body: OpenedBody) -> HttpResponse:
    """Count that you went from an answer of yours to one of its sources; what is kept is a number a day and work."""
    caller, now = await caller_for(request), timezone.now()
    allowance = caller.allowance("opened")

    def counted() -> None:
        allowance.take()
        conversations.opened(turn_id, work=body.work, owner=caller.owner, now=now)

    await in_one_hop(counted)
    return HttpResponse(status=204)
