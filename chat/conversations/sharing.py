"""Sharing a conversation: a link for whoever has it, to read what had been asked by then."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from chat.conversations.owner import Owner, new_token
from chat.conversations.refusals import no_conversation, not_kept, nothing_to_share
from chat.conversations.thread import Link
from chat.models import Conversation, Share


def share(conversation_id: UUID, *, owner: Owner, now: datetime) -> Link:
    """Share a conversation as it is now; one that is shared keeps its link, which then shows it as it is now.

    Raises ``Problem`` 404, and 409 where nothing has been answered yet or conversations are not kept.
    """
    if not settings.KEEP_CONVERSATIONS:
        raise not_kept()
    conversation = Conversation.objects.named(conversation_id, owner=owner.key)
    if conversation is None:
        raise no_conversation()
    if not conversation.turns.answered().exists():
        raise nothing_to_share()
    fresh = {"token": new_token(), "created": now}
    row, _ = Share.objects.update_or_create(conversation=conversation, defaults={"created": now}, create_defaults=fresh)
    return Link(token=row.token, created=row.created)


def unshare(conversation_id: UUID, *, owner: Owner) -> bool:
    """Take the link back; False where there was none."""
    gone, _ = Share.objects.filter(conversation__public_id=conversation_id, conversation__owner=owner.key).delete()
    return gone > 0
