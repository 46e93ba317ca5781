"""Storing a prepared work: its row, chunks and vectors, in one transaction that keeps what a curator made of them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction

from chrysopedia.core.text import slug_of
from creators.embeddings import Embedder
from creators.embeddings.windows import ChunkVectors, hash_of
from creators.ingest.carrying import Shapes, carry_over, shapes_of
from creators.ingest.chunking import ChunkDraft
from creators.ingest.prepare import PreparedWork
from creators.ingest.shape import embed_anew
from creators.models import Chunk, Creator, Embedding, Space, Work
from creators.transcripts.revision import corrections_to_json, marks_to_json

NEW_WORKS = 7_106_713
"""An advisory lock; any number, the same for every process on the database."""


def text_hash(draft: ChunkDraft) -> str:
    """Return what tells apart the texts that are embedded."""
    return hash_of(heading=draft.heading, text=draft.text)


def known_vectors(creator: Creator, source: str, *, space: Space) -> dict[str, ChunkVectors]:
    """Return the vectors that a work has already, by the hash of what was embedded."""
    rows = Embedding.objects.filter(space=space, chunk__work__creator=creator, chunk__work__source=source)
    return {
        found: ChunkVectors(np.asarray(vector, np.float32), bytes(windows))
        for found, vector, windows in rows.values_list("chunk__text_hash", "vector", "windows")
    }


@dataclass(frozen=True, slots=True)
class StoredWork:
    """Whether a work is new, and what its new text did to chunks that were shaped at the desk.

    ``dropped`` of them it says no more, and in ``moved`` of its own it says what hidden or preferred ones said.
    """

    is_new: bool
    dropped: int
    moved: int


@transaction.atomic
def store_work(
    prepared: PreparedWork, *, creator: Creator, space: Space, vectors: Mapping[str, ChunkVectors], embedder: Embedder
) -> StoredWork:
    """Write the work with all its chunks and vectors; what a curator made of chunks stays where they say the same.

    What is cut anew for that is embedded here. Raises ``EmbeddingError``.
    """
    work = Work.objects.select_for_update().filter(creator=creator, source=prepared.source).first()
    if work is None:
        _one_at_a_time()
        work = Work.objects.filter(creator=creator, source=prepared.source).first()
    is_new = work is None
    work = work or Work(creator=creator, source=prepared.source, slug=_free_slug(prepared, creator))
    facts = prepared.facts
    work.title, work.url, work.kind = facts.title[:300], facts.url[:1000], facts.kind
    work.language, work.published = facts.language[:12], facts.published
    if facts.creator_label in prepared.speakers:
        work.creator_label = facts.creator_label
    work.content_hash = prepared.content_hash
    work.asides = [[place.position, place.offset, one.kind, one.text] for place, one in prepared.asides]
    work.save()
    if prepared.read:
        prepared.read.keep(work)
    shapes = Shapes() if is_new else shapes_of(work)
    if not is_new:
        work.chunks.all().delete()
        work.recuts.all().delete()
    over = carry_over(shapes, _rows(work, prepared.drafts))
    chunks = Chunk.objects.bulk_create(over.rows, batch_size=500)
    Embedding.objects.bulk_create(
        (
            Embedding.of(chunk, space=space, vector=known.whole, windows=known.windows)
            for chunk in chunks
            if not chunk.is_hidden and chunk.text_hash in vectors
            for known in [vectors[chunk.text_hash]]
        ),
        batch_size=500,
    )
    embed_anew([one for one in chunks if not one.is_hidden and one.text_hash not in vectors], embedder=embedder)
    return StoredWork(is_new=is_new, dropped=over.dropped, moved=over.moved)


def _one_at_a_time() -> None:
    """Have new works of parallel ingests take turns until they are committed: two may want the same slug."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NEW_WORKS])


def _rows(work: Work, drafts: Sequence[ChunkDraft]) -> list[Chunk]:
    return [
        Chunk(
            work=work,
            creator_id=work.creator_id,
            position=position,
            text=draft.text,
            heading=draft.heading,
            marks=marks_to_json(draft.marks),
            corrections=corrections_to_json(draft.corrections),
            start_seconds=draft.start,
            end_seconds=draft.end,
            text_hash=text_hash(draft),
            words=len(draft.text.split()),
        )
        for position, draft in enumerate(drafts)
    ]


def _free_slug(prepared: PreparedWork, creator: Creator) -> str:
    """Return a slug that no other work has: the title's, else with the creator's, else with part of the hash."""
    title = slug_of(prepared.facts.title)[:80].strip("-") or "work"
    for slug in (title, f"{title}-{creator.slug}"[:110]):
        if not Work.objects.filter(slug=slug).exists():
            return slug
    return f"{title}-{hashlib.sha256(f'{creator.slug}/{prepared.source}'.encode()).hexdigest()[:12]}"
