"""A kept conversation as it is read: its turns, oldest first, with the values that their events had."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chat.events.events import Source
from chat.events.events_part import Done


class State(StrEnum):
    """How a turn stands: it ``runs``, was ``answered``, has ``failed``, or was ``lost`` with its process."""

    RUNNING = "running"
    ANSWERED = "answered"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class GivenFeedback:
    """What the reader thinks of an answer; ``reason`` and ``comment`` are "" where none was given."""

    rating: str
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class PastTurn:
    """A turn as it was kept; ``done`` is None unless it was answered. ``creator_name`` is "" for everyone together."""

    id: UUID
    number: int
    question: str
    creator_slug: str
    creator_name: str
    weight: float
    answer: str
    sources: tuple[Source, ...]
    done: Done | None
    state: State
    created: datetime
    ended: datetime | None
    feedback: GivenFeedback | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The link to a shared conversation: its token, and since when it is shared as it was."""

    token: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation with its turns; ``updated`` is the time of its last one.

    ``link`` is None where it is not shared, and in what readers of a share get. A conversation that is not kept, but in
    which a turn runs, has nothing but its ids.
    """

    conversation_id: UUID
    title: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    turns: tuple[PastTurn, ...] = ()
    running_turn_id: UUID | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A conversation as it stands in its owner's list."""

    conversation_id: UUID
    title: str
    created: datetime
    updated: datetime
    turn_count: int
    is_shared: bool
