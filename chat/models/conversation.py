"""Kept conversations, and the links by which they are shared."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import models

TITLE = 200
"""Characters that a title may have."""


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Queries over conversations."""

    def of(self, owner: str) -> Self:
        """Only those of the owner with this key."""
        return self.filter(owner=owner)

    def named(self, public_id: UUID, *, owner: str) -> "Conversation | None":
        """Return the owner's conversation with this id; the same id of another owner is another conversation."""
        return self.of(owner).filter(public_id=public_id).first()

    def called(self, name: str) -> Self:
        """Only those with this id, whoever has them, or shared by this token."""
        try:
            return self.filter(public_id=UUID(name))
        except ValueError:
            return self.filter(share__token=name)

    def for_list(self) -> "models.QuerySet[Any, Any]":
        """What a list shows of each, as dictionaries, with the count of its ``turns`` and whether it ``is_shared``."""
        counted = self.annotate(turn_count=models.Count("turns"), is_shared=models.Q(share__isnull=False))
        return counted.values(
            "title", "created", "updated", "is_shared", "turn_count", conversation_id=models.F("public_id")
        )

    def newest_first(self) -> Self:
        """In the order of their last turns."""
        return self.order_by("-updated", "-pk")

    def older_than(self, conversation: "Conversation") -> Self:
        """Only those that follow this one in the order of ``newest_first``."""
        same = models.Q(updated=conversation.updated, pk__lt=conversation.pk)
        return self.filter(models.Q(updated__lt=conversation.updated) | same)

    def unused_since(self, moment: datetime) -> Self:
        """Only those whose last turn was before this moment, the oldest first."""
        return self.filter(updated__lt=moment).order_by("updated")

    def take(self, public_id: UUID, *, owner: str, title: str, now: datetime) -> "Conversation":
        """Return the owner's conversation with this id, made where there is none, its last turn being now.

        One statement, so that of two callers neither fails. A conversation that there was keeps its title.
        """
        conversation = Conversation(public_id=public_id, owner=owner, title=title, created=now, updated=now)
        unique, changed = ["owner", "public_id"], ["updated"]
        self.bulk_create([conversation], update_conflicts=True, unique_fields=unique, update_fields=changed)
        return conversation


class Conversation(models.Model):
    """Turns that follow one another under one id and one owner, as they are kept.

    ``owner`` is the key of a ``chat.conversations.owner.Owner``, ``title`` its first question, and ``updated`` the time
    of its last turn.
    """

    public_id = models.UUIDField()
    owner = models.CharField(max_length=100)
    title = models.CharField(max_length=TITLE)
    created = models.DateTimeField()
    updated = models.DateTimeField(db_index=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("owner", "public_id"), name="one_conversation_an_owner_and_id"),)
        indexes = (models.Index(fields=("owner", "-updated"), name="conversation_owner_updated"),)

    def __str__(self) -> str:
        return self.title


class ShareQuerySet(models.QuerySet["Share"]):
    """Queries over shares."""

    def opened_by(self, token: str) -> "Share | None":
        """Return the share with this token, with its conversation; None where there is none, or none any more."""
        if "\0" in token:  # which PostgreSQL can't even compare
            return None
        return self.select_related("conversation").filter(token=token).first()


class Share(models.Model):
    """The link to a conversation, read-only: it shows the turns that were asked before ``created``.

    A conversation has at most one. Deleting the row revokes the link.
    """

    token = models.CharField(max_length=64, unique=True)
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="share")
    created = models.DateTimeField()

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.conversation}, shared"
