"""The values of an evaluation: a question with what is expected of it, what came of it, and the figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from chat.events.events import Tier


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier turn of the conversation that a question belongs to."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, whom it is put to (None: everyone), and the works and tier that it ought to come to.

    ``works`` are stems of sources or slugs as written, and slugs once placed in the corpus. ``place`` is file and line.
    """

    place: str
    question: str
    creator: str | None
    works: tuple[str, ...]
    tier: Tier
    history: tuple[Said, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What retrieval came to: the tier, and the slug of each passage's work, best passage first."""

    asking: Asking
    tier: Tier
    works: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        """The place, from 1, of the first passage of an expected work."""
        return next((place for place, work in enumerate(self.works, start=1) if work in self.asking.works), None)

    @property
    def is_miss(self) -> bool:
        """Whether the tier is wrong, or no passage is of an expected work."""
        return self.tier != self.asking.tier or (bool(self.asking.works) and self.rank is None)


Figure = float | None
"""A share from 0 to 1, more being better; None where no question bears on it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions there were, and each figure by its name, in the order in which they are shown."""

    questions: int
    shares: Mapping[str, Figure]
