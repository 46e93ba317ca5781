"""The HTTP API of feedback: thumbs up or down for an answer, with a reason."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from chat import conversations
from chat.api.schemas import Text
from chat.conversations.owner import owner_for
from chat.models import Rating, Reason
from chat.models.feedback import COMMENT
from chrysopedia.core.database import in_one_hop

router = Router(tags=["chat"])


class FeedbackBody(Schema):
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


@router.post("/chat/{uuid:turn_id}/feedback", response=TurnFeedback, summary="Rate an answer")
async def feedback(request: HttpRequest, turn_id: UUID, body: FeedbackBody) -> Any:
    """Rate an answer of yours, in place of what you thought before. 409 where conversations are not kept."""
    owner = await owner_for(request)
    given = await in_one_hop(
        conversations.rate,
        turn_id,
        body.rating,
        reason=body.reason,
        comment=body.comment,
        owner=owner,
        now=timezone.now(),
    )
    if given is None:
        return {"turn_id": turn_id}
    return {"turn_id": turn_id, "rating": given.rating, "reason": given.reason, "comment": given.comment}
