"""Reviewing an answer that has ended: once for each turn, and never while it is written."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.core.cache import cache

from chat import streams
from chat.conversations.owner import Owner
from chat.events.events import Source, Verdict
from chat.llm.complete import Unanswered, is_there_a_model, whole_answer
from chat.prompts.review import compose_review
from chat.turns.reading import read_reply
from chat.turns.record import receipts_in
from chat.turns.values import Reviewed, ReviewedCitation
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.problems import Problem
from creators.models import Chunk

logger = logging.getLogger(__name__)

MOST = 12
"""Citations that a model is asked about, the first ones of the answer."""
SECONDS = 30.0
KEPT = 600
"""Seconds that a review is kept, as long as the turn can be read again."""
LOOK = 0.25


async def review(turn_id: UUID, *, owner: Owner) -> Reviewed:
    """Return the receipts of a turn, the doubtful ones with what a language model says of them.

    Raises ``Problem`` 404 where there is no such turn for this owner, and 409 while it is being written.
    """
    data = await streams.whole(turn_id, owner=owner)
    if data is None:
        raise Problem(status=409, title="Still answering", detail="The answer is being written. Ask again at its end.")
    citations, sources = receipts_in(data)
    plain = Reviewed(turn_id=turn_id, checked_by="rules", note="", citations=citations)
    doubtful = [citation for citation in citations if citation.verdict != Verdict.SUPPORTED][:MOST]
    if not doubtful or not is_there_a_model():
        return plain
    until = asyncio.get_running_loop().time() + SECONDS
    while not await in_one_hop(_begin, turn_id):
        if known := await in_one_hop(cache.get, _key(turn_id)):
            return Reviewed.model_validate_json(known)
        if asyncio.get_running_loop().time() > until:
            return plain
        await asyncio.sleep(LOOK)
    try:
        reviewed = await _looked_at(plain, doubtful, sources, until=until)
        await in_one_hop(cache.set, _key(turn_id), reviewed.model_dump_json(), KEPT)
    finally:
        await asyncio.shield(in_one_hop(cache.delete, _lock(turn_id)))
    return reviewed


async def _looked_at(
    plain: Reviewed, doubtful: Sequence[ReviewedCitation], sources: Mapping[int, Source], *, until: float
) -> Reviewed:
    passages = await in_one_hop(_passages, [(one.quote, sources.get(one.number)) for one in doubtful])
    prompt = compose_review([(one.claim, passage) for one, passage in zip(doubtful, passages, strict=True)])
    try:
        looked = read_reply((await whole_answer(prompt, until=until)).text)
    except (Unanswered, ValueError) as error:
        logger.warning("the receipts of turn %s were not looked at again: %s", plain.turn_id, error)
        return plain.model_copy(update={"note": "The language model gave no usable reply; the verdicts are by rule."})
    seen = {(one.start, one.number): looked.get(place) for place, one in enumerate(doubtful, start=1)}
    citations = [one.model_copy(update={"second_look": seen.get((one.start, one.number))}) for one in plain.citations]
    return plain.model_copy(update={"checked_by": "model", "citations": citations})


def _begin(turn_id: UUID) -> bool:
    """Say whether this is the one to ask, because nobody has and nobody is asking."""
    return cache.get(_key(turn_id)) is None and bool(cache.add(_lock(turn_id), 1, SECONDS + 5))


def _passages(wanted: Sequence[tuple[str, Source | None]]) -> list[str]:
    """Return the passage around each quote; the quote itself where its work is gone."""
    found = []
    for quote, source in wanted:
        chunk = Chunk.objects.visible().filter(work__slug=source.work if source else "", text__contains=quote).first()
        found.append(chunk.text if chunk else quote)
    return found


def _key(turn_id: UUID) -> str:
    return f"review:{turn_id}"


def _lock(turn_id: UUID) -> str:
    return f"review-lock:{turn_id}"
