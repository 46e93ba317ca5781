"""Keeping a turn: its row is made when the question is accepted and completed at its end, within the service's hops.

A database that fails here costs the listing, never the answer.
"""

import logging
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error, connection, transaction

from chat.conversations.owner import Owner
from chat.conversations.repository import HANDFUL, expire
from chat.events.events import Source
from chat.events.events_part import Done, Failed
from chat.events.serialize import members
from chat.models import Conversation, Turn
from chat.models.conversation import TITLE
from chat.turns import turns

logger = logging.getLogger(__name__)


def begin(turn: turns.Turn, *, now: datetime) -> None:
    """Keep an accepted question; the turn that it replaces, and all after that, are removed. Under the lock."""
    if not settings.KEEP_CONVERSATIONS:
        return
    try:
        with transaction.atomic():
            _begin(turn, now)
    except Error as error:
        logger.warning("turn %s is not kept: %s", turn.id, type(error).__name__)


def turns_from(turn_id: UUID, *, owner: Owner, conversation_id: UUID) -> frozenset[UUID]:
    """Return the ids of this turn and all after it, empty where the conversation has no such turn."""
    conversation = Conversation.objects.named(conversation_id, owner=owner.key)
    if conversation is None:
        return frozenset()
    return frozenset(Turn.objects.from_turn(turn_id, conversation=conversation).values_list("pk", flat=True))


def settle(
    turn: turns.Turn, *, answer: str, sources: tuple[Source, ...], end: Done | Failed | None, now: datetime
) -> None:
    """Keep what came of a turn; ``end`` is None where it was closed before its end.

    Also removes a handful of conversations that are past their time.
    """
    if not settings.KEEP_CONVERSATIONS:
        return
    values = {"answer": answer, "sources": members(sources), "ended": now}
    if isinstance(end, Done):
        values |= {"ending": members(end), "tier": end.cascade_tier.value}
        values |= {"answered_by": end.answered_by, "finish": end.finish}
    try:
        Turn.objects.filter(pk=turn.id).update(**values)
        expire(now, most=HANDFUL)
    except Error as error:
        logger.warning("turn %s is not kept: %s", turn.id, type(error).__name__)


def withdraw(turn: turns.Turn) -> None:
    """Remove a question that was accepted and will never be answered, as its caller had gone."""
    if settings.KEEP_CONVERSATIONS:
        Turn.objects.filter(pk=turn.id).delete()
        Conversation.objects.filter(public_id=turn.conversation_id, owner=turn.owner.key, turns=None).delete()


def _begin(turn: turns.Turn, now: datetime) -> None:
    with connection.cursor() as cursor:
        # A question that a crash takes within its first moment is lost with its answer; the reader needn't wait for it.
        cursor.execute("SET LOCAL synchronous_commit TO OFF")
    title, replaces = title_of(turn.question.query), turn.question.replaces
    conversation = Conversation.objects.take(turn.conversation_id, owner=turn.owner.key, title=title, now=now)
    if replaces:
        _make_room(replaces, conversation, title=title)
    Turn.objects.create(
        id=turn.id,
        conversation=conversation,
        number=Turn.objects.next_number(conversation),
        question=turn.question.query,
        creator_slug=turn.asked.slug if turn.asked else "",
        creator_name=turn.asked.name if turn.asked else "",
        weight=turn.question.personality_weight,
        created=now,
    )


def _make_room(replaces: UUID, conversation: Conversation, *, title: str) -> None:
    """Remove a turn and all after it; a conversation in which none is left is called by the question that comes."""
    Turn.objects.from_turn(replaces, conversation=conversation).delete()
    if not conversation.turns.exists():
        conversation.title = title
        conversation.save(update_fields=["title"])


def title_of(question: str) -> str:
    """Return what a conversation is called that begins with this question."""
    flat = " ".join(question.split())
    return flat if len(flat) <= TITLE else flat[: TITLE - 1].rsplit(" ", 1)[0] + "…"
