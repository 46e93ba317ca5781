"""A turn: everything that is known when its question was accepted, as one value."""

import time
from dataclasses import dataclass
from uuid import UUID

from chat.conversations.memory import Exchange
from chat.conversations.owner import Owner
from chat.events.events import Heading, Question
from chat.prompts.voice import Voice
from chrysopedia.core.locks import Lock


@dataclass(frozen=True, slots=True)
class Asked:
    """The creator who was asked, as a turn needs it; ``names`` are the name and the aliases."""

    id: int
    slug: str
    name: str
    names: tuple[str, ...]
    voice: Voice


@dataclass(frozen=True, slots=True)
class Turn:
    """An accepted question: its ids and owner, who is asked, what is remembered, and the lock it holds.

    ``began`` is a reading of the monotonic clock, in seconds.
    """

    id: UUID
    conversation_id: UUID
    owner: Owner
    question: Question
    asked: Asked | None
    history: tuple[Exchange, ...]
    lock: Lock
    began: float

    @property
    def heading(self) -> Heading:
        """What stands above its answer."""
        return Heading(
            query=self.question.query,
            creator=self.asked.slug if self.asked else "",
            name=self.asked.name if self.asked else "",
            weight=self.question.personality_weight,
        )


def elapsed(turn: Turn) -> int:
    """Return the whole milliseconds since the turn began."""
    return round((time.monotonic() - turn.began) * 1000)
