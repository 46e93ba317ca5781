"""Making a draft: what a model proposes counts only as far as the creator's own words show it."""

from collections.abc import Iterable, Iterator

from chat.llm.alone import run_alone
from chat.llm.complete import is_there_a_model
from chat.persona.asking import proposal_of
from chat.persona.proposal import Proposal, ProposedTrait
from chat.persona.sample import sample
from chat.prompts.personality import compose_personality
from chrysopedia.core.text import words_of
from creators.models import Creator, PersonalityDraft
from creators.models.personality_draft import PARTS
from creators.persona.statistics import draft_by_counting
from creators.persona.values import Drafted, DraftingError, Quote, Trait
from creators.persona.verbatim import TELLING_WORDS, found_in_works

VERBATIM = ("vocabulary", "phrases")
"""The parts whose items are the creator's words themselves."""


def make_draft(creator: Creator, *, seconds: float, use_model: bool = True) -> PersonalityDraft:
    """Draft how the creator sounds and keep it as a proposal; synchronous, outside of any running loop.

    Raises ``DraftingError`` where nothing was said, the model fails, or nothing it proposes was said.
    """
    return draft(creator, seconds=seconds, use_model=use_model).store(creator)


def draft(creator: Creator, *, seconds: float, use_model: bool = True) -> Drafted:
    """Return a draft that is not stored; see ``make_draft``."""
    excerpts = sample(creator)
    if not excerpts:
        raise DraftingError(f"There are no words of {creator.name} here yet: ingest works first.")
    if not (use_model and is_there_a_model()):
        return draft_by_counting(creator)
    prompt = compose_personality(name=creator.name, excerpts=[(one.title, one.text) for one in excerpts])
    return verified(run_alone(proposal_of(prompt, seconds=seconds)), creator=creator)


def verified(proposal: Proposal, *, creator: Creator) -> Drafted:
    """Return the proposal without what the creator's works don't show; raises ``DraftingError`` if nothing is left."""
    proposed = [(part, trait) for part in PARTS for trait in getattr(proposal, part)]
    found = found_in_works({words for part, trait in proposed for words in _claimed(part, trait)}, creator=creator)
    traits = tuple(_shown(proposed, found=found))
    if not traits:
        raise DraftingError(f"Nothing that the language model quoted stands in {creator.name}'s works.")
    return Drafted(PersonalityDraft.Maker.MODEL, traits, summary=proposal.summary, dropped=len(proposed) - len(traits))


def _claimed(part: str, trait: ProposedTrait) -> list[str]:
    """Return what has to stand in the works: the examples, and an item that is the creator's words itself."""
    return [*_examples(part, trait), *([trait.trait] if part in VERBATIM else [])]


def _examples(part: str, trait: ProposedTrait) -> list[str]:
    return [words for words in trait.examples if part in VERBATIM or len(words_of(words)) >= TELLING_WORDS]


def _shown(proposed: Iterable[tuple[str, ProposedTrait]], *, found: dict[str, Quote]) -> Iterator[Trait]:
    seen = set()
    for part, trait in proposed:
        quotes = [found[words] for words in _examples(part, trait) if words in found]
        is_said = part not in VERBATIM or trait.trait in found
        if quotes and is_said and (part, trait.trait) not in seen:
            seen.add((part, trait.trait))
            yield Trait(part, trait.trait, tuple(quotes))
