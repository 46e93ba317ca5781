"""Sharing a conversation and rating an answer, and why either may be refused."""

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from chat.conversations.stored import GivenFeedback, Link
from chat.events.turn import Owner
from chat.models import Conversation, Feedback, Rating, Reason, Share, Turn, WorkDay
from chrysopedia.core.cache import new_token
from chrysopedia.core.errors import Problem, not_found
from creators.models import Work


def not_kept() -> Problem:
    """Return the 409 for something that needs kept conversations where the site keeps none."""
    return Problem(
        status=409,
        title="Not kept",
        detail="Conversations are not kept on this site, so there is nothing to share or to rate.",
    )


def nothing_to_share() -> Problem:
    """Return the 409 for a conversation in which nothing has been answered yet."""
    return Problem(
        status=409,
        title="Nothing to share",
        detail="Nothing has been answered in this conversation yet. Share it when there is an answer.",
    )


def no_conversation() -> Problem:
    """Return the 404 for a conversation that is not there, or not for this owner."""
    return not_found("conversation", hint="GET /api/v1/conversations lists those that are kept for you.")


def no_turn() -> Problem:
    """Return the 404 for a turn that is not there, or not for this owner."""
    return not_found("turn", hint="It may have been replaced or removed.")


def no_share() -> Problem:
    """Return the 404 for a link that leads nowhere, or nowhere any more."""
    return not_found("shared conversation", hint="Its owner may have stopped sharing it.")


def site_url(request: HttpRequest) -> str:
    """Return the address of this site without a slash at its end: ``PUBLIC_URL``, or else as this request came."""
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


def share_url(token: str, request: HttpRequest) -> str:
    """Return the whole address of a shared conversation."""
    return f"{site_url(request)}/share/{token}"


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


def opened(turn_id: UUID, *, work: str, owner: Owner, now: datetime) -> None:
    """Count that a reader went from an answer of theirs to a work, by slug, that stands under it; not who it was.

    Raises ``Problem`` 404 for any other turn or work. Where conversations are not kept, nothing is counted.
    """
    if not settings.KEEP_CONVERSATIONS:
        return
    turn = Turn.objects.of(owner.key).filter(pk=turn_id).first()
    if turn is None:
        raise no_turn()
    found = Work.objects.published().filter(slug=work).first()
    if found is None or all(source.get("work") != work for source in turn.sources):
        raise not_found("work under this answer")
    WorkDay.objects.clicked(found, day=now.astimezone(UTC).date())


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
