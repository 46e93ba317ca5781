"""From scored candidates to passages with all that a reader needs, and from misses to topics that do exist."""

from collections import Counter
from collections.abc import Mapping, Sequence

from chat.retrieval.values import Scored
from chat.values import Passage, Suggestion, Tier
from creators.models import Chunk

PER_WORK = 3
"""Passages that one work may give to a turn while others have something relevant too."""
MOST_SUGGESTIONS = 4


def passages_from(scored: Sequence[Scored], *, tiers: Mapping[int, Tier], limit: int) -> tuple[Passage, ...]:
    """Return the best passages in order; at most ``PER_WORK`` of a work unless nothing else is left.

    Withdrawn works and unpublished creators are left out here too, whatever the scope said.
    """
    chunks = _visible(scored)
    known = [one for one in scored if one.chunk_id in chunks]
    taken: Counter[int] = Counter()
    first: list[Scored] = []
    later: list[Scored] = []
    for one in known:
        work = chunks[one.chunk_id].work_id
        (first if taken[work] < PER_WORK else later).append(one)
        taken[work] += 1
    chosen = sorted([*first, *later][:limit], key=lambda one: -one.relevance)
    return tuple(_passage(one, chunks[one.chunk_id], tiers[one.chunk_id]) for one in chosen)


def suggestions_from(scored: Sequence[Scored]) -> tuple[Suggestion, ...]:
    """Return the works nearest to a question that nothing answers, each once."""
    chunks = _visible(scored)
    found: dict[int, Suggestion] = {}
    for one in sorted(scored, key=lambda one: -one.cosine):
        chunk = chunks.get(one.chunk_id)
        if chunk is None or chunk.work_id in found:
            continue
        work = chunk.work
        found[chunk.work_id] = Suggestion(
            topic=work.title, creator=work.creator.name, creator_slug=work.creator.slug, work=work.slug
        )
        if len(found) == MOST_SUGGESTIONS:
            break
    return tuple(found.values())


def _visible(scored: Sequence[Scored]) -> dict[int, Chunk]:
    rows = Chunk.objects.select_related("work__creator").defer("search")
    visible = rows.filter(work__is_withdrawn=False, work__creator__is_published=True)
    return visible.in_bulk([one.chunk_id for one in scored])


def _passage(scored: Scored, chunk: Chunk, tier: Tier) -> Passage:
    work = chunk.work
    return Passage(
        chunk_id=chunk.pk,
        text=chunk.text,
        marks=chunk.timing,
        heading=chunk.heading,
        start=chunk.start_seconds,
        end=chunk.end_seconds,
        work_slug=work.slug,
        title=work.title,
        kind=work.kind,
        url=work.url,
        creator_slug=work.creator.slug,
        creator=work.creator.name,
        tier=tier,
        cosine=scored.cosine,
        lexical=scored.words.bm25,
        relevance=scored.relevance,
    )
