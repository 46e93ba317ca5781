"""Asking a question at several weights: the passages are found once, so that only the voice can make a difference."""

import asyncio
from collections.abc import Sequence

from chat.catalogue.questions import examples
from chat.events.events import Tier
from chat.events.messages import WORDS
from chat.grounding.markers import MarkerFilter
from chat.llm.complete import Unanswered, is_there_a_model, whole_answer
from chat.persona.compare import differences
from chat.persona.values import Consulted, Heard, Said, VoicingError
from chat.prompts.compose import compose
from chat.prompts.voice import Voice
from chat.retrieval import SpaceMissing, retrieve
from chat.retrieval.jargon import bridged, entries_for
from chat.retrieval.query import probe_for
from chat.turns.voices import voice_of
from chrysopedia.core.database import STORAGE_ERRORS
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Creator, Work

WEIGHTS = (0.0, 0.5, 1.0)
PASSAGES = 6
WORKS_WEIGHED = 300


def voice_to_hear(creator: Creator) -> Voice:
    """Return the creator's voice; raises ``VoicingError`` that says what has to be put right before it can be heard."""
    voice = voice_of(creator)
    if not voice.is_known:
        raise VoicingError(WORDS["voice_unknown"].format(creator=creator.name))
    if not creator.is_published:
        raise VoicingError(f"{creator.name} is not published, so nothing of theirs can be searched.")
    if not is_there_a_model():
        raise VoicingError("There is no language model: set LLM_BASE_URL and LLM_MODEL.")
    return voice


def questions_for(creator: Creator) -> tuple[str, ...]:
    """Return example questions that the creator's own works answer; none where no title of theirs makes one."""
    titles = Work.objects.published().filter(creator=creator).order_by("-published", "title")
    rows = titles.values_list("title", "creator__name", "creator__slug")[:WORKS_WEIGHED]
    return tuple(example.query for example in examples(rows))


def consult(creator: Creator, *, query: str) -> Consulted:
    """Find what a question is answered from. Synchronous.

    Raises ``VoicingError`` where no voice would be heard, also because the creator's own works don't answer.
    """
    voice = voice_to_hear(creator)
    try:
        embedder = get_embedder()
        probe = probe_for(
            bridged(query, entries_for(creator.pk)),
            asked=(),
            answered="",
            names=(creator.name, *creator.aliases),
            space=embedder.space.name,
            embed=embedder.embed_questions,
        )
        found = retrieve(probe, creator_id=creator.pk, limit=PASSAGES)
    except (EmbeddingError, SpaceMissing, *STORAGE_ERRORS) as error:
        raise VoicingError(f"The passages could not be searched: {error}") from error
    if found.tier is not Tier.CREATOR:
        raise VoicingError(f"{creator.name}'s own works don't answer “{query}”, so no voice would be heard.")
    return Consulted(query=query, voice=voice, passages=found.passages)


async def hear(consulted: Consulted, *, seconds: float, weights: Sequence[float] = WEIGHTS) -> Heard:
    """Return the answers at these weights, and what differs; they may take so many seconds together.

    One is asked after the other: a model on one's own machine would otherwise let the last wait until it gives up.
    """
    until = asyncio.get_running_loop().time() + seconds
    answers = tuple([await _said(consulted, weight=weight, until=until) for weight in weights])
    return Heard(
        query=consulted.query,
        passages=consulted.passages,
        answers=answers,
        differences=differences(answers, avoid=consulted.voice.avoid),
    )


async def _said(consulted: Consulted, *, weight: float, until: float) -> Said:
    prompt = compose(
        query=consulted.query,
        passages=consulted.passages,
        tier=Tier.CREATOR,
        voice=consulted.voice,
        weight=weight,
        history=(),
    )
    try:
        answer = await whole_answer(prompt, until=until)
    except Unanswered as error:
        return Said(weight, "", failure=str(error))
    markers = MarkerFilter(sources=len(consulted.passages))
    text = markers.feed(answer.text) + markers.finish()
    return Said(weight, text.strip(), model=answer.model, is_cut=answer.is_cut)
