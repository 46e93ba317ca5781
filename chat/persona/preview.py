"""The same question asked in several strengths of a voice, side by side."""

import asyncio
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from chat.catalogue.questions import example_questions
from chat.events.events import Passage, Tier
from chat.events.messages import MESSAGES
from chat.grounding.markers import MarkerFilter, numbers_in, without_markers
from chat.grounding.quantities import quantities_in, same_amount
from chat.llm import CompletionError, complete, has_model
from chat.prompts import Voice, compose_answer
from chat.retrieval import SpaceMissing, build_query, retrieve
from chat.turns.open import voice_of
from chrysopedia.core.database import STORAGE_ERRORS
from chrysopedia.core.text import folded
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Creator


class PreviewError(Exception):
    """What has to be put right before voices can be compared, in words."""


@dataclass(frozen=True, slots=True)
class PreviewQuestion:
    """A question with the passages that it is answered from at every weight, and the voice to answer in."""

    query: str
    voice: Voice
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class PreviewAnswer:
    """The answer at one weight; ``failure`` says in words why there is none, or why it breaks off."""

    weight: float
    text: str
    model: str = ""
    is_cut: bool = False
    failure: str = ""

    @property
    def label(self) -> str:
        """The weight, as it is named everywhere."""
        return f"weight {self.weight:g}"


@dataclass(frozen=True, slots=True)
class VoicePreview:
    """A question with its answers in the order of the weights, and sentences that say what differs between them."""

    query: str
    passages: tuple[Passage, ...]
    answers: tuple[PreviewAnswer, ...]
    differences: tuple[str, ...]

    @property
    def failures(self) -> tuple[str, ...]:
        """What the models failed at."""
        return tuple(f"{said.label}: {said.failure}" for said in self.answers if said.failure)


def forbidden_phrases(text: str, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return those of ``avoid`` that stand in the text: whole words, whatever the case and the signs between them.

    One without any word, such as "!!!", is looked for as it is written.
    """
    said = f" {folded(text)} "
    found = []
    for phrase in avoid:
        words = folded(phrase)
        is_said = f" {words} " in said if words else bool(phrase.strip()) and phrase.strip() in text
        if is_said:
            found.append(phrase)
    return tuple(found)


def differences(answers: Sequence[PreviewAnswer], *, avoid: Sequence[str]) -> tuple[str, ...]:
    """Return a sentence for each thing in which an answer differs from the first, or breaks a rule of its own.

    An answer that failed is not compared: it says nothing about the voice.
    """
    whole = [said for said in answers if not said.failure]
    found: list[str] = []
    for said in whole[1:]:
        found += _against(whole[0], said)
    for said in whole:
        found += _own(said, avoid=avoid if said.weight > 0 else ())
    return tuple(found)


def _against(plain: PreviewAnswer, said: PreviewAnswer) -> Iterator[str]:
    here, there = f"At {said.label}", f"at {plain.label}"
    if said.model != plain.model:
        yield f"{here} another model answered than {there}."
    cited, known = set(numbers_in(said.text)), set(numbers_in(plain.text))
    if added := sorted(cited - known):
        yield f"{here} {_listed(map(_marker, added))} is cited, {there} it is not."
    if missing := sorted(known - cited):
        yield f"{here} {_listed(map(_marker, missing))} is not cited, {there} it is."
    if figures := _lacking(said.text, plain.text):
        yield f"{here} it says {_listed(figures)}, {there} it does not."
    if figures := _lacking(plain.text, said.text):
        yield f"{here} it does not say {_listed(figures)}, {there} it does."


def _own(said: PreviewAnswer, *, avoid: Sequence[str]) -> Iterator[str]:
    if said.is_cut:
        yield f"At {said.label} the answer ended at its full length."
    if phrases := forbidden_phrases(without_markers(said.text), avoid):
        yield f"At {said.label} it uses what is to be avoided: {_listed(f'“{phrase}”' for phrase in phrases)}."


def _lacking(text: str, other: str) -> tuple[str, ...]:
    """Return the figures of a text, each once and as it is written there, that the other text does not have."""
    there = quantities_in(without_markers(other))
    here = [quantity for quantity in quantities_in(without_markers(text)) if not quantity.is_implied]
    missing = (quantity.text for quantity in here if not any(same_amount(quantity, one) for one in there))
    return tuple(dict.fromkeys(missing))


def _marker(number: int) -> str:
    return f"[{number}]"


def _listed(items: Iterable[str]) -> str:
    return ", ".join(items)


MIN_COLUMN = 28
GAP = "   "


def side_by_side(texts: Sequence[tuple[str, str]], *, width: int) -> str:
    """Return the texts under their headings, in columns where each gets at least ``MIN_COLUMN`` characters."""
    column = (width - len(GAP) * (len(texts) - 1)) // max(len(texts), 1)
    if column < MIN_COLUMN:
        return "\n\n".join("\n".join(_lines(head, text, max(width, MIN_COLUMN))) for head, text in texts)
    columns = [_lines(head, text, column) for head, text in texts]
    rows = zip_longest(*columns, fillvalue="")
    return "\n".join(GAP.join(cell.ljust(column) for cell in row).rstrip() for row in rows)


def _lines(head: str, text: str, width: int) -> list[str]:
    body = [line for paragraph in text.splitlines() for line in textwrap.wrap(paragraph, width) or [""]]
    return [head, "-" * min(len(head), width), *body]


WEIGHTS = (0.0, 0.5, 1.0)
PASSAGES = 6


def previewable_voice(creator: Creator) -> Voice:
    """Return the creator's voice; raises ``PreviewError`` that says what has to be put right before it can be heard."""
    voice = voice_of(creator)
    if not voice.is_known:
        raise PreviewError(MESSAGES["voice_unknown"].format(creator=creator.name))
    if not creator.is_published:
        raise PreviewError(f"{creator.name} is not published, so nothing of theirs can be searched.")
    if not has_model():
        raise PreviewError("There is no language model: set LLM_BASE_URL and LLM_MODEL.")
    return voice


def preview_examples(creator: Creator) -> tuple[str, ...]:
    """Return example questions that the creator's own works answer; none where none is known."""
    return tuple(example.query for example in example_questions([creator.slug]))


def prepare_preview(creator: Creator, *, query: str) -> PreviewQuestion:
    """Find what a question is answered from. Synchronous.

    Raises ``PreviewError`` where no voice would be heard, also because the creator's own works don't answer.
    """
    voice = previewable_voice(creator)
    try:
        names = (creator.name, *creator.aliases)
        search_query = build_query(query, creator_id=creator.pk, names=names, embedder=get_embedder())
        found = retrieve(search_query, creator_id=creator.pk, limit=PASSAGES)
    except (EmbeddingError, SpaceMissing, *STORAGE_ERRORS) as error:
        raise PreviewError(f"The passages could not be searched: {error}") from error
    if found.tier is not Tier.CREATOR:
        raise PreviewError(f"{creator.name}'s own works don't answer “{query}”, so no voice would be heard.")
    return PreviewQuestion(query=query, voice=voice, passages=found.passages)


async def preview_voice(
    consulted: PreviewQuestion, *, seconds: float, weights: Sequence[float] = WEIGHTS
) -> VoicePreview:
    """Return the answers at these weights, and what differs; they may take so many seconds together.

    One is asked after the other: a model on one's own machine would otherwise let the last wait until it gives up.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    answers = tuple([await _answer_at(consulted, weight=weight, deadline=deadline) for weight in weights])
    return VoicePreview(
        query=consulted.query,
        passages=consulted.passages,
        answers=answers,
        differences=differences(answers, avoid=consulted.voice.avoid),
    )


async def _answer_at(consulted: PreviewQuestion, *, weight: float, deadline: float) -> PreviewAnswer:
    prompt = compose_answer(
        query=consulted.query,
        passages=consulted.passages,
        tier=Tier.CREATOR,
        voice=consulted.voice,
        weight=weight,
        history=(),
    )
    try:
        answer = await complete(prompt, deadline=deadline)
    except CompletionError as error:
        return PreviewAnswer(weight, "", failure=str(error))
    markers = MarkerFilter(sources=len(consulted.passages))
    text = markers.feed(answer.text) + markers.finish()
    return PreviewAnswer(weight, text.strip(), model=answer.model, is_cut=answer.is_cut)
