"""Storing a prepared work: one transaction, so that a work is as it was or as it should be."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction
from django.utils.text import slugify

from creators.ingest.chunking import ChunkDraft
from creators.ingest.prepare import Prepared
from creators.models import Chunk, Creator, Embedding, Space, Work

NEW_WORKS = 7_106_713
"""An advisory lock; any number, the same for every process on the database."""

Vector = npt.NDArray[np.float32]


def passage_text(*, heading: str, text: str) -> str:
    """Return what is embedded of a chunk: its heading says what the text is about, so it goes first."""
    return f"{heading}\n{text}" if heading else text


def text_hash(draft: ChunkDraft) -> str:
    """Return what tells apart the texts that are embedded."""
    return hashlib.sha256(passage_text(heading=draft.heading, text=draft.text).encode()).hexdigest()


def known_vectors(creator: Creator, source: str, *, space: Space) -> dict[str, Vector]:
    """Return the vectors that a work has already, by the hash of what was embedded."""
    rows = Embedding.objects.filter(space=space, chunk__work__creator=creator, chunk__work__source=source)
    return {found: np.asarray(vector, np.float32) for found, vector in rows.values_list("chunk__text_hash", "vector")}


@transaction.atomic
def store(prepared: Prepared, *, creator: Creator, space: Space, vectors: Mapping[str, Vector]) -> bool:
    """Write the work with all its chunks and vectors; return True where it is new."""
    work = Work.objects.select_for_update().filter(creator=creator, source=prepared.source).first()
    if work is None:
        _one_at_a_time()
        work = Work.objects.filter(creator=creator, source=prepared.source).first()
    is_new = work is None
    work = work or Work(creator=creator, source=prepared.source, slug=_free_slug(prepared, creator))
    facts = prepared.facts
    work.title, work.url, work.kind = facts.title[:300], facts.url[:1000], facts.kind
    work.language, work.published = facts.language[:12], facts.published
    work.content_hash = prepared.content_hash
    work.save()
    if not is_new:
        work.chunks.all().delete()
    chunks = Chunk.objects.bulk_create(_rows(work, prepared.drafts), batch_size=500)
    Embedding.objects.bulk_create(
        (Embedding.of(chunk, space=space, vector=vectors[chunk.text_hash]) for chunk in chunks), batch_size=500
    )
    return is_new


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
            marks=[[mark.offset, mark.start, mark.end, mark.speaker] for mark in draft.marks],
            corrections=[[one.offset, one.length, one.original] for one in draft.corrections],
            start_seconds=draft.start,
            end_seconds=draft.end,
            text_hash=text_hash(draft),
            words=len(draft.text.split()),
        )
        for position, draft in enumerate(drafts)
    ]


def _free_slug(prepared: Prepared, creator: Creator) -> str:
    """Return a slug that no other work has: the title's, else with the creator's, else with part of the hash."""
    title = slugify(prepared.facts.title)[:80].strip("-") or "work"
    for slug in (title, f"{title}-{creator.slug}"[:110]):
        if not Work.objects.filter(slug=slug).exists():
            return slug
    return f"{title}-{hashlib.sha256(f'{creator.slug}/{prepared.source}'.encode()).hexdigest()[:12]}"
