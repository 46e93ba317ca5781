"""The values of a draft: traits, and the verbatim words that show each of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from creators.models import Creator, PersonalityDraft
from creators.models.personality_draft import PARTS


class DraftingError(Exception):
    """Why no draft can be made, in words."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they stand in a work, by its slug and title; ``seconds`` is None in one without times."""

    quote: str
    work: str
    title: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Trait:
    """An item of one of the lists of a personality, with at least one quote that shows it."""

    part: str
    trait: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft before it is stored; ``dropped`` counts the traits whose examples the creator never said."""

    made_by: PersonalityDraft.Maker
    traits: Sequence[Trait]
    summary: str = ""
    dropped: int = 0

    def store(self, creator: Creator) -> PersonalityDraft:
        """Keep it as a proposal."""
        lists = {part: [trait.trait for trait in self.traits if trait.part == part] for part in PARTS}
        examples = [asdict(trait) for trait in self.traits]
        return PersonalityDraft.objects.create(
            creator=creator, made_by=self.made_by, summary=self.summary, examples=examples, **lists
        )
