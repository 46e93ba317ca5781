"""Drafts of a personality, out of a creator's own words."""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, ValidationError

from chat.events.events import Prompt
from chat.llm import Completion, CompletionError, complete, has_model, run_sync
from chat.prompts import compose_correction, compose_personality
from chrysopedia.core.text import estimated_tokens, words_of
from creators.models import Chunk, Creator, PersonalityDraft
from creators.models.creator import TRAIT_LISTS
from creators.persona.statistics import TELLING_WORDS, draft_by_counting, exact_matches
from creators.persona.utterances import DraftingError, Trait, TraitQuote, UnsavedDraft
from creators.transcripts.sentences import sentence_spans

MAX_TRAITS, MAX_EXAMPLES, MAX_PROBLEMS = 12, 5, 5

# Neither NUL, which PostgreSQL refuses, nor, by pydantic itself, half a surrogate pair: JSON can spell both.
_STORABLE = r"^[^\x00]*$"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_STORABLE)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600, pattern=_STORABLE)]


class ProposalError(ValueError):
    """What is wrong with an answer, told so that its author can put it right."""


class ProposedTrait(BaseModel):
    """A trait with words that are said to show it."""

    trait: Name
    examples: Annotated[list[Text], Field(min_length=1, max_length=MAX_EXAMPLES)]


Traits = Annotated[list[ProposedTrait], Field(max_length=MAX_TRAITS)]


class PersonalityProposal(BaseModel):
    """A whole personality as a model proposes it."""

    summary: Text
    tone: Traits
    vocabulary: Traits
    habits: Traits
    phrases: Traits
    avoid: Traits


def read_proposal(text: str) -> PersonalityProposal:
    """Return what an answer proposes; it may stand in a fence or between words. Raises ``ProposalError``."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ProposalError("There is no JSON object in it.")
    try:
        return PersonalityProposal.model_validate(json.loads(text[begin : end + 1]))
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:MAX_PROBLEMS]]
        raise ProposalError("; ".join(told) + ".") from None
    except (ValueError, RecursionError) as error:
        raise ProposalError(f"It is no valid JSON: {error}.") from None


SAMPLE_TOKENS, EXCERPT_TOKENS = 6_000, 100
"""What the sample and each excerpt may fill of a model's input, about: small models hold no more than 8,000."""
CHARACTERS_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a chunk, and the title of its work."""

    title: str
    text: str


def sample_excerpts(creator: Creator) -> tuple[Excerpt, ...]:
    """Return excerpts in the order of the works: of every work, or of as many as there are excerpts."""
    chunks = Chunk.objects.filter(creator=creator, work__is_withdrawn=False, is_hidden=False).order_by(
        "work", "position"
    )
    by_work: dict[int, list[int]] = {}
    content = sha256()
    for work, pk, text_hash in chunks.values_list("work_id", "pk", "text_hash"):
        by_work.setdefault(work, []).append(pk)
        content.update(text_hash.encode())
    chance = random.Random(content.digest())  # noqa: S311 -- a sample, no secret
    chosen = list(stratified_sample(by_work, most=SAMPLE_TOKENS // EXCERPT_TOKENS, chance=chance))
    rows = chunks.filter(pk__in=chosen).values_list("work__title", "text")
    return tuple(Excerpt(title, text) for title, whole in rows if (text := _beginning(whole)))


def stratified_sample(chunks: Mapping[int, list[int]], *, most: int, chance: random.Random) -> Iterator[int]:
    """Yield up to ``most`` chunks of these works, as many of each as of the others, and evenly over its length."""
    works = sorted(chunks)
    chance.shuffle(works)
    shares: Counter[int] = Counter()
    while shares.total() < most and (open_ := [work for work in works if shares[work] < len(chunks[work])]):
        shares.update(open_[: most - shares.total()])
    for work, share in shares.items():
        own = chunks[work]
        for stratum in range(share):
            yield own[chance.randrange(len(own) * stratum // share, len(own) * (stratum + 1) // share)]


def _beginning(text: str) -> str:
    """Return the sentences of a text that fit into an excerpt, else as much of the first one as may."""
    end, tokens = 0, 0
    for start, stop in sentence_spans(text):
        tokens += estimated_tokens(text[start:stop])
        if tokens > EXCERPT_TOKENS:
            break
        end = stop
    return text[:end] or text[: EXCERPT_TOKENS * CHARACTERS_PER_TOKEN].rsplit(" ", 1)[0]


ATTEMPTS = 3


async def ask_for_proposal(prompt: Prompt, *, seconds: float) -> PersonalityProposal:
    """Return what a model proposes within so many seconds, asked up to ``ATTEMPTS`` times; raises ``DraftingError``."""
    deadline = asyncio.get_running_loop().time() + seconds
    reason = ""
    for _ in range(ATTEMPTS):
        try:
            answer = await complete(prompt, deadline=deadline)
            return _usable(answer)
        except CompletionError as error:
            raise DraftingError(str(error)) from error
        except ProposalError as error:
            reason = str(error)
            prompt = replace(prompt, messages=(*prompt.messages[:2], *compose_correction(answer.text, reason=reason)))
    raise DraftingError(f"The language model gave no usable personality in {ATTEMPTS} attempts. The last: {reason}")


def _usable(answer: Completion) -> PersonalityProposal:
    if answer.is_cut:
        raise ProposalError("It was too long and broke off; give fewer items and shorter examples.")
    return read_proposal(answer.text)


VERBATIM = ("vocabulary", "phrases")
"""The parts whose items are the creator's words themselves."""


def draft_personality(creator: Creator, *, seconds: float, use_model: bool = True) -> UnsavedDraft:
    """Return a draft of how the creator sounds, not stored yet; synchronous, outside of any running loop.

    Raises ``DraftingError`` where nothing was said, the model fails, or nothing it proposes was said.
    """
    excerpts = sample_excerpts(creator)
    if not excerpts:
        raise DraftingError(f"There are no words of {creator.name} here yet: ingest works first.")
    if not (use_model and has_model()):
        return draft_by_counting(creator)
    prompt = compose_personality(name=creator.name, excerpts=[(one.title, one.text) for one in excerpts])
    return verified_draft(run_sync(ask_for_proposal(prompt, seconds=seconds)), creator=creator)


def verified_draft(proposal: PersonalityProposal, *, creator: Creator) -> UnsavedDraft:
    """Return the proposal without what the creator's works don't show; raises ``DraftingError`` if nothing is left."""
    proposed = [(part, trait) for part in TRAIT_LISTS for trait in getattr(proposal, part)]
    found = exact_matches({words for part, trait in proposed for words in _claimed(part, trait)}, creator=creator)
    traits = tuple(_confirmed(proposed, found=found))
    if not traits:
        raise DraftingError(f"Nothing that the language model quoted stands in {creator.name}'s works.")
    return UnsavedDraft(
        PersonalityDraft.Maker.MODEL, traits, summary=proposal.summary, dropped=len(proposed) - len(traits)
    )


def _claimed(part: str, trait: ProposedTrait) -> list[str]:
    """Return what has to stand in the works: the examples, and an item that is the creator's words itself."""
    return [*_examples(part, trait), *([trait.trait] if part in VERBATIM else [])]


def _examples(part: str, trait: ProposedTrait) -> list[str]:
    return [words for words in trait.examples if part in VERBATIM or len(words_of(words)) >= TELLING_WORDS]


def _confirmed(proposed: Iterable[tuple[str, ProposedTrait]], *, found: dict[str, TraitQuote]) -> Iterator[Trait]:
    seen = set()
    for part, trait in proposed:
        quotes = [found[words] for words in _examples(part, trait) if words in found]
        is_said = part not in VERBATIM or trait.trait in found
        if quotes and is_said and (part, trait.trait) not in seen:
            seen.add((part, trait.trait))
            yield Trait(part, trait.trait, tuple(quotes))
