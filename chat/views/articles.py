"""Kept turns as articles of the page."""

import logging
from uuid import UUID

from chat.conversations.thread import PastTurn, State, Thread
from chat.events.events import Heading
from chat.events.messages import WORDS
from chat.rendering.html import Article, Opening, article_of

logger = logging.getLogger(__name__)


def articles_of(thread: Thread) -> tuple[Article, ...]:
    """Return the turns of a conversation as articles, oldest first."""
    return tuple(article_of_turn(turn, conversation_id=thread.conversation_id) for turn in thread.turns)


def article_of_turn(turn: PastTurn, *, conversation_id: UUID) -> Article:
    """Return a kept turn as an article; one that never came to an end says so."""
    opening = Opening(
        heading=Heading(turn.question, creator=turn.creator_slug, name=turn.creator_name, weight=turn.weight),
        turn_id=str(turn.id),
        conversation_id=str(conversation_id),
        rating=turn.feedback.rating if turn.feedback else "",
    )
    error = WORDS[f"turn_{turn.state}"] if turn.state in {State.FAILED, State.LOST} else ""
    return article_of(opening, sources=turn.sources, text=turn.answer, end=turn.done, error=error)
