"""A conversation that is shared: whoever has the link may read it as it was then."""

from django.db import models

from chat.models.conversation import Conversation


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
