"""A turn before its first event: who asks what, and what names the turn everywhere from then on."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Owner:
    """What conversations are kept under; two owners never share one, even with the same id."""

    key: str


ANYONE = Owner("anyone")
"""A caller with neither key nor session: the id of the conversation is the capability."""


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a question is answered: who pays beside the site ("" for nobody), and how much at most in a day.

    ``tokens_per_day`` and ``money_per_day`` are what language models may cost for them; 0 is no cap.
    """

    payer: str = ""
    tokens_per_day: int = 0
    money_per_day: float = 0.0
    is_sandbox: bool = False
    """Whether a script answers in place of the corpus, free of charge, and nothing is stored."""


USUAL = Terms()
"""For whoever has no key."""

MAX_QUERY = 1000
"""Characters that a question may have, once the space around it is gone."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a visitor asks, validated for its form but not yet against the corpus."""

    query: str
    creator: str | None = None
    conversation_id: UUID | None = None
    personality_weight: float = 0.0
    replaces: UUID | None = None
    keeps: tuple[UUID, ...] | None = None
    """The turns that the client still shows, of which alone a model hears; None where it doesn't say."""
    message_id: str = ""
    """What the client calls the question, "" for nothing: asked anew under it, it takes the place of that turn."""
    is_anew: bool = False
    """Whether it takes the place of a turn: of the one of its name, else of the first after those in ``keeps``."""
    said: tuple[tuple[str, str], ...] | None = None
    """Earlier questions and answers, from a client that keeps them itself; None where they are remembered here."""


@dataclass(frozen=True, slots=True)
class TurnHead:
    """What never changes of a turn: its ids, its owner, and what stands above its answer.

    ``creator`` is the slug of the creator who was asked and ``creator_name`` the name, both "" for everyone together.
    ``weight`` is the personality weight that was asked for, 0.0 to 1.0.
    """

    turn_id: UUID
    conversation_id: UUID
    owner: Owner
    query: str
    creator: str = ""
    creator_name: str = ""
    weight: float = 0.0
