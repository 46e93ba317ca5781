"""Passages: chosen chunks with all a reader needs, and the sources they are shown as."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from chat.events.events import Elsewhere, Passage, Source, Suggestion, Tier
from chat.retrieval.candidates import ScoredCandidate
from chat.retrieval.context import stretch
from chat.retrieval.rows import ChunkRow, WorkRow, places_of, rows_beside, rows_of
from chrysopedia.core.links import link_to
from chrysopedia.core.text import without_unseen
from creators.models import Embedding, Space
from creators.transcripts.sentences import chunk_spans, sentence_spans

Found = tuple[ChunkRow, WorkRow]
Group = tuple[ScoredCandidate, ChunkRow, WorkRow, tuple[Found, ...]]
"""A candidate, its chunk and work, and where else the same is said."""

JOINED = 2
"""Chunks side by side that become one passage where both are found."""

PER_WORK = 3
"""Passages that one work may give to a turn at their full worth."""
CROWDED = 0.5
"""What each further one of the same work is worth beside those of others: much better ones still get in."""
SAME = 0.9
"""Share of words from which on passages of two works are the same, as when a text was published twice."""
PREFERENCE = math.log(3)
"""What a preferred chunk gains in log-odds: 0.5 counts as 0.75. It only orders what was found, and answers no more."""
READ_AHEAD = 3
"""Texts read for each passage that is asked for."""
MOST_SUGGESTIONS, NEAREST = 4, 30


def passages_from(scored: Sequence[ScoredCandidate], *, tiers: Mapping[int, Tier], limit: int) -> tuple[Passage, ...]:
    """Return the best passages in order, hardly more than ``PER_WORK`` of a work, and of equals the newer first.

    One that a curator prefers stands as if its odds were better by ``PREFERENCE``; its relevance stays what it is.

    The same passage in several works is given once and says where else it stands. Withdrawn works and unpublished
    creators are left out here too, whatever the scope said.
    """
    places = places_of([one.chunk_id for one in scored])
    odds = {
        one.chunk_id: _log_odds(one.relevance) + PREFERENCE * places[one.chunk_id].is_preferred
        for one in scored
        if one.chunk_id in places
    }
    ranked = sorted(
        (one for one in scored if one.chunk_id in places),
        key=lambda one: (-round(odds[one.chunk_id], 2), -places[one.chunk_id].day, one.chunk_id),
    )
    worth = _worth([(_chance(odds[one.chunk_id]), places[one.chunk_id].work) for one in ranked])
    # Texts are read of no more than may be needed: twins fall away among them.
    likely = [ranked[place] for place in sorted(_best(worth, READ_AHEAD * limit))]
    rows = rows_of([one.chunk_id for one in likely])
    groups = _collapsed([(one, *rows[one.chunk_id]) for one in likely if one.chunk_id in rows])
    worth = _worth([(_chance(odds[one.chunk_id]), chunk.work_id) for one, chunk, _, _ in groups])
    chosen = _joined([groups[place] for place in _best(worth, len(groups))], limit=limit)
    chosen.sort(key=lambda found: ranked.index(found[0][0]))
    neighbours = rows_beside(chunk for found in chosen for _, chunk, _, _ in found) if chosen else {}
    return tuple(_passage(found, neighbours, tier=tiers[found[0][0].chunk_id]) for found in chosen)


def _joined(groups: Sequence[Group], *, limit: int) -> list[list[Group]]:
    """Return the first ``limit`` passages, best first, each the best of its chunks first, until one finds no room."""
    chosen: list[list[Group]] = []
    for group in groups:
        beside = next((found for found in chosen if _is_beside(group[1], [chunk for _, chunk, _, _ in found])), None)
        if beside is not None:
            beside.append(group)
        elif len(chosen) == limit:
            break
        else:
            chosen.append([group])
    return chosen


def _is_beside(chunk: ChunkRow, found: Sequence[ChunkRow]) -> bool:
    return len(found) < JOINED and any(
        chunk.work_id == other.work_id and chunk.heading == other.heading and abs(chunk.position - other.position) == 1
        for other in found
    )


def _log_odds(relevance: float) -> float:
    """Return the score behind a relevance: near 0 and 1 relevances differ too little to be rounded."""
    within = min(max(relevance, 1e-9), 1 - 1e-9)
    return math.log(within / (1 - within))


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _collapsed(ranked: Sequence[tuple[ScoredCandidate, ChunkRow, WorkRow]]) -> list[Group]:
    """Return the passages without those that an earlier one of another work says in nearly the same words."""
    groups: list[tuple[ScoredCandidate, ChunkRow, WorkRow, list[Found], frozenset[str]]] = []
    for one, chunk, work in ranked:
        words = frozenset(chunk.text.casefold().split())
        twin = next((group for group in groups if group[1].work_id != chunk.work_id and _same(group[4], words)), None)
        if twin is None:
            groups.append((one, chunk, work, [], words))
        else:
            twin[3].append((chunk, work))
    return [(one, chunk, work, tuple(also)) for one, chunk, work, also, _ in groups]


def _same(some: frozenset[str], others: frozenset[str]) -> bool:
    # Of sets that differ so much in size no more words can be the same, so those needn't be counted.
    if min(len(some), len(others)) < SAME * max(len(some), len(others)):
        return False
    return len(some & others) >= SAME * len(some | others)


def _worth(found: Sequence[tuple[float, int]]) -> list[float]:
    """Return what each is worth, given relevance and work, best first: a work's further passages less and less."""
    taken: Counter[int] = Counter()
    worth = []
    for relevance, work in found:
        taken[work] += 1
        worth.append(relevance * CROWDED ** max(0, taken[work] - PER_WORK))
    return worth


def _best(worth: Sequence[float], count: int) -> list[int]:
    """Return the places of those worth most, the earlier of equals."""
    return sorted(range(len(worth)), key=lambda place: (-worth[place], place))[:count]


def with_vectors(passages: Sequence[Passage], *, space: Space) -> tuple[Passage, ...]:
    """Return the passages with their embeddings, which tell later whether a sentence speaks of one at all."""
    vectors = Embedding.objects.of_chunks([passage.chunk_id for passage in passages], space=space)
    return tuple(replace(passage, vector=vectors.get(passage.chunk_id)) for passage in passages)


def suggestions_from(scored: Sequence[ScoredCandidate]) -> tuple[Suggestion, ...]:
    """Return the works nearest to a question that nothing answers, each once."""
    nearest = sorted(scored, key=lambda one: -one.cosine)[:NEAREST]
    rows = rows_of([one.chunk_id for one in nearest])
    works = {chunk.work_id: work for chunk, work in (rows[one.chunk_id] for one in nearest if one.chunk_id in rows)}
    return tuple(
        Suggestion(
            topic=without_unseen(work.title),
            creator=without_unseen(work.creator),
            creator_slug=work.creator_slug,
            work=work.slug,
        )
        for work in islice(works.values(), MOST_SUGGESTIONS)
    )


def _passage(found: Sequence[Group], neighbours: Mapping[tuple[int, int], ChunkRow], *, tier: Tier) -> Passage:
    scored, chunk, work, also = found[0]
    chunks = sorted((one for _, one, _, _ in found), key=lambda one: one.position)
    shown = stretch(
        chunks,
        before=neighbours.get((chunk.work_id, chunks[0].position - 1)),
        after=neighbours.get((chunk.work_id, chunks[-1].position + 1)),
        cosines={one.chunk_id: one.windows for one, _, _, _ in found},
    )
    return Passage(
        chunk_id=chunk.id,
        text=shown.text,
        marks=shown.marks,
        heading=chunk.heading,
        start=chunks[0].start_seconds,
        end=chunks[-1].end_seconds,
        work_slug=work.slug,
        title=work.title,
        kind=work.kind,
        url=work.url,
        creator_slug=work.creator_slug,
        creator=work.creator,
        tier=tier,
        cosine=scored.cosine,
        lexical=scored.overlap.bm25,
        relevance=scored.relevance,
        corrections=shown.corrections,
        also=tuple(_elsewhere(*twin) for twin in also),
        published=work.published.isoformat() if work.published else "",
        names={
            label: work.speaker_named(label) for label in dict.fromkeys(mark.speaker for mark in shown.marks) if label
        },
        found=shown.found,
        windows=shown.windows,
    )


def _elsewhere(chunk: ChunkRow, work: WorkRow) -> Elsewhere:
    url = link_to(url=work.url, work=work.slug, seconds=chunk.start_seconds)
    return Elsewhere(title=work.title, creator=work.creator, work=work.slug, url=url)


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
        excerpt=excerpt(without_labels(passage)),
        also=tuple(_seen(one) for one in passage.also),
        speaker=without_unseen(passage.speaker),
        published=passage.published,
    )


def _seen(place: Elsewhere) -> Elsewhere:
    return replace(place, title=without_unseen(place.title), creator=without_unseen(place.creator))


def without_labels(passage: Passage) -> str:
    """Return what was found, without the names of who says it; a dash stands where the speaker changes."""
    first, last = passage.found or (0, len(passage.text))
    pieces: list[str] = []
    before = None
    for start, end in chunk_spans(passage.text, passage.marks):
        if not first <= start < last:
            continue
        speaker = passage.speaker_at(start)
        changes = before is not None and speaker != before
        pieces.append(f"– {passage.text[start:end]}" if changes else passage.text[start:end])
        before = speaker
    return " ".join(pieces)


def excerpt(text: str) -> str:
    """Return the beginning of a text, cut at a sentence or else at a word."""
    flat = " ".join(without_unseen(text).split())
    if len(flat) <= EXCERPT:
        return flat
    ends = [end for _, end in sentence_spans(flat) if EXCERPT // 2 < end <= EXCERPT]
    return flat[: ends[-1]] if ends else flat[:EXCERPT].rsplit(" ", 1)[0] + "…"
