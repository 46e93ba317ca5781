"""Sources: the passages of a turn as the reader sees them."""

from collections.abc import Sequence
from dataclasses import replace

from chat.events.events import Elsewhere, Passage, Source
from chrysopedia.core.links import link_to
from chrysopedia.core.unseen import without_unseen
from creators.transcripts.sentences import sentence_spans

EXCERPT = 320
"""Characters of an excerpt; it ends at a sentence where one ends in its second half."""


def sources_of(passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Return the passages numbered from 1 in their order."""
    return tuple(source_of(passage, number=number) for number, passage in enumerate(passages, start=1))


def source_of(passage: Passage, *, number: int) -> Source:
    """Return a passage under its number."""
    return Source(
        number=number,
        title=without_unseen(passage.title),
        creator=without_unseen(passage.creator),
        creator_slug=passage.creator_slug,
        work=passage.work_slug,
        kind=passage.kind,
        url=link_to(url=passage.url, work=passage.work_slug, seconds=passage.start),
        start_seconds=passage.start,
        end_seconds=passage.end,
        tier=passage.tier,
        relevance=round(passage.relevance, 4),
        excerpt=excerpt(passage.text),
        also=tuple(_seen(one) for one in passage.also),
    )


def _seen(place: Elsewhere) -> Elsewhere:
    return replace(place, title=without_unseen(place.title), creator=without_unseen(place.creator))


def excerpt(text: str) -> str:
    """Return the beginning of a text, cut at a sentence or else at a word."""
    flat = " ".join(without_unseen(text).split())
    if len(flat) <= EXCERPT:
        return flat
    ends = [end for _, end in sentence_spans(flat) if EXCERPT // 2 < end <= EXCERPT]
    return flat[: ends[-1]] if ends else flat[:EXCERPT].rsplit(" ", 1)[0] + "…"
