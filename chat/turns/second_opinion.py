"""A second opinion on an answer's citations, by a language model, after its end."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from ninja import Schema
from pydantic import BaseModel, Field, StringConstraints, ValidationError

from chat import conversations, streams
from chat.events.events import Done, Event, FlawKind, Prompt, Source, Sources, Verdict
from chat.events.turn import USUAL, Owner, Terms
from chat.llm import CompletionError, complete, has_judge
from chat.prompts import compose_review
from chrysopedia.core.database import STORAGE_ERRORS, in_one_hop
from chrysopedia.core.errors import Problem
from chrysopedia.core.text import without_unseen
from creators.models import Chunk


class CitationProblem(Schema):
    """What a sentence says otherwise than its source."""

    kind: FlawKind
    words: str
    message: str


class SecondLook(Schema):
    """What the language model says of a citation; it stands beside the verdict and never in its place."""

    verdict: Verdict
    reason: str


class ReviewedCitation(Schema):
    """A citation of the answer with its verdict, and what a language model says of it, if it was asked."""

    number: int
    claim: str
    start: int
    end: int
    quote: str
    verdict: Verdict
    problems: list[CitationProblem]
    second_look: SecondLook | None = None


class Reviewed(Schema):
    """The receipts of a turn; ``checked_by`` says whether a language model was heard about the doubtful ones."""

    turn_id: UUID
    checked_by: Literal["rules", "model"]
    note: str
    citations: list[ReviewedCitation]


def receipts_in(events: Iterable[Event]) -> tuple[list[ReviewedCitation], Mapping[int, Source]]:
    """Return the citations in a turn's events and the sources by number; none where it ended in an error."""
    citations: list[ReviewedCitation] = []
    sources: Mapping[int, Source] = {}
    for event in events:
        if isinstance(event, Sources):
            sources = {source.number: source for source in event.sources}
        elif isinstance(event, Done):
            citations = [ReviewedCitation.from_orm(citation) for citation in event.citations]
    return citations, sources


LONGEST = 300
Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]


class _Looked(BaseModel):
    id: int
    verdict: str
    reason: Reason = ""


_VERDICTS = frozenset(Verdict)


class _Reply(BaseModel):
    verdicts: Annotated[list[_Looked], Field(max_length=100)]


def read_reply(text: str) -> dict[int, SecondLook]:
    """Return what a reply says of each pair, by its id; the JSON may stand between words. Raises ``ValueError``.

    What is no verdict, such as the dots of the example in the prompt, is passed over.
    """
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin:
        raise ValueError("there is no JSON object in it")
    try:
        reply = _Reply.model_validate_json(text[begin : end + 1])
    except ValidationError as error:
        raise ValueError(str(error.errors(include_url=False, include_input=False)[0]["msg"])) from None
    usable = [one for one in reply.verdicts if one.verdict in _VERDICTS]
    if not usable:
        raise ValueError("there is no verdict in it")
    return {one.id: SecondLook(verdict=Verdict(one.verdict), reason=_plain(one.reason)) for one in usable}


def _plain(reason: str) -> str:
    flat = " ".join(without_unseen(reason).split())
    return flat if len(flat) <= LONGEST else flat[:LONGEST].rsplit(" ", 1)[0] + "…"


logger = logging.getLogger(__name__)

MOST = 12
"""Citations that a model is asked about, the first ones of the answer."""
KEPT = 600
"""Seconds that a review is kept, as long as the turn can be read again."""
LOOK = 0.25


async def review(turn_id: UUID, *, owner: Owner, terms: Terms = USUAL) -> Reviewed:
    """Return the receipts of a turn, the doubtful ones with what a language model says of them.

    Raises ``Problem`` 404 where there is no such turn for this owner, and 409 while it is being written.
    """
    events = await streams.whole(turn_id, owner=owner)
    if events is None:
        raise Problem(status=409, title="Still answering", detail="The answer is being written. Ask again at its end.")
    citations, sources = receipts_in(events)
    plain = Reviewed(turn_id=turn_id, checked_by="rules", note="", citations=citations)
    doubtful = [citation for citation in citations if citation.verdict != Verdict.SUPPORTED][:MOST]
    if not doubtful or not has_judge() or terms.is_sandbox:
        return plain
    deadline = asyncio.get_running_loop().time() + settings.CHAT_REVIEW_TIMEOUT
    while not await in_one_hop(_begin, turn_id):
        if known := await in_one_hop(cache.get, review_key(turn_id)):
            return Reviewed.model_validate_json(known)
        if asyncio.get_running_loop().time() > deadline:
            return plain
        await asyncio.sleep(LOOK)
    try:
        reviewed = await _looked_at(plain, doubtful, sources, terms=terms, deadline=deadline)
        await in_one_hop(cache.set, review_key(turn_id), reviewed.model_dump_json(), KEPT)
        await _forget_if_gone(turn_id, owner)
    finally:
        await asyncio.shield(in_one_hop(cache.delete, _lock(turn_id)))
    return reviewed


async def _forget_if_gone(turn_id: UUID, owner: Owner) -> None:
    """Take a review out of the cache, and raise ``Problem`` 404, where its turn was taken down meanwhile.

    A takedown removes the turn's events before its review, so whichever of the two comes later finds the other done.
    """
    try:
        await streams.whole(turn_id, owner=owner)
    except Problem:
        await in_one_hop(cache.delete, review_key(turn_id))
        raise


async def _looked_at(
    plain: Reviewed,
    doubtful: Sequence[ReviewedCitation],
    sources: Mapping[int, Source],
    *,
    terms: Terms,
    deadline: float,
) -> Reviewed:
    passages = await in_one_hop(_passages, [(one.quote, sources.get(one.number)) for one in doubtful])
    pairs = [(one.claim, passage) for one, passage in zip(doubtful, passages, strict=True)]

    def prompt_for(_name: str, context_tokens: int | None) -> Prompt:
        return compose_review(pairs, context_tokens=context_tokens)

    try:
        completion = await complete(prompt_for, deadline=deadline, terms=terms)
        with suppress(*STORAGE_ERRORS):
            await in_one_hop(conversations.add_charge, plain.turn_id, completion.charge)
        looked = read_reply(completion.text)
    except (CompletionError, ValueError) as error:
        logger.warning("the receipts of turn %s were not looked at again: %s", plain.turn_id, error)
        return plain.model_copy(update={"note": "The language model gave no usable reply; the verdicts are by rule."})
    seen = {(one.start, one.number): looked.get(place) for place, one in enumerate(doubtful, start=1)}
    citations = [one.model_copy(update={"second_look": seen.get((one.start, one.number))}) for one in plain.citations]
    return plain.model_copy(update={"checked_by": "model", "citations": citations})


def _begin(turn_id: UUID) -> bool:
    """Say whether this is the one to ask, because nobody has and nobody is asking."""
    return cache.get(review_key(turn_id)) is None and bool(
        cache.add(_lock(turn_id), 1, settings.CHAT_REVIEW_TIMEOUT + 5)
    )


def _passages(wanted: Sequence[tuple[str, Source | None]]) -> list[str]:
    """Return the passage around each quote; the quote itself where its work is gone."""
    found = []
    for quote, source in wanted:
        chunk = Chunk.objects.visible().filter(work__slug=source.work if source else "", text__contains=quote).first()
        found.append(chunk.text if chunk else quote)
    return found


def review_key(turn_id: UUID) -> str:
    """Return the cache key of a turn's review."""
    return f"review:{turn_id}"


def _lock(turn_id: UUID) -> str:
    return f"review-lock:{turn_id}"
