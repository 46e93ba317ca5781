"""Rating an answer: up, or down with a reason."""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from chat.conversations.owner import Owner
from chat.conversations.refusals import no_turn, not_kept
from chat.conversations.thread import GivenFeedback
from chat.models import Feedback, Rating, Reason, Turn


def rate(
    turn_id: UUID, rating: Rating | None, *, reason: Reason, comment: str, owner: Owner, now: datetime
) -> GivenFeedback | None:
    """Keep what the owner thinks of an answer, in place of what they thought before; None takes it back.

    A reason is one against the answer, so it is kept of a "down" only. Raises ``Problem`` 404, and 409 where
    conversations are not kept.
    """
    if not settings.KEEP_CONVERSATIONS:
        raise not_kept()
    turn = Turn.objects.of(owner.key).filter(pk=turn_id).first()
    if turn is None:
        raise no_turn()
    if rating is None:
        Feedback.objects.filter(turn=turn).delete()
        return None
    why = reason if rating == Rating.DOWN else Reason.NONE
    said = {"rating": rating.value, "reason": why.value, "comment": comment, "updated": now}
    Feedback.objects.update_or_create(turn=turn, defaults=said, create_defaults={**said, "created": now})
    return GivenFeedback(rating=rating.value, reason=why.value, comment=comment)
