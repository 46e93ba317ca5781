"""Kept conversations in tests, written straight into the database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from chat.events.events import Sources
from chat.events.serialize import payload
from chat.events.turn import Owner
from chat.models import Conversation, Turn
from tests.chat.sample_turns import ANSWER, SOURCES, done

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def new_owner() -> Owner:
    """Somebody whom no other test knows."""
    return Owner(f"session-{uuid4()}")


def keep(
    *questions: str,
    owner: Owner,
    now: datetime = NOW,
    tier: str = "creator",
    creator: str = "mara-lindqvist",
    conversation_id: UUID | None = None,
) -> Conversation:
    """Keep a conversation in which these were asked and answered."""
    conversation = Conversation.objects.take(
        conversation_id or uuid4(), owner=owner.key, title=questions[0] if questions else "Untitled", now=now
    )
    for number, question in enumerate(questions, start=1):
        turn_id = uuid4()
        Turn.objects.create(
            id=turn_id,
            conversation=conversation,
            number=number,
            question=question,
            creator_slug=creator,
            creator_name="Mara Lindqvist" if creator else "",
            answer=ANSWER,
            sources=payload(Sources(SOURCES)),
            ending=payload(done(conversation_id=conversation.public_id, turn_id=turn_id)),
            tier=tier,
            answered_by="model",
            finish="complete",
            created=now,
            ended=now,
        )
    return conversation
