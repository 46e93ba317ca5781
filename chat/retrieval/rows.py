"""Rows of chunks, as a search reads them: each function is one statement, written out as making it took longer than it.

Withdrawn works, unpublished creators and hidden chunks are left out here too, whatever the scope of the search said.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db import connection

from creators.models.work import speaker_named
from creators.transcripts.revision import marks_from_json
from creators.transcripts.segments import Correction, Mark
from creators.transcripts.sentences import chunk_spans

_VISIBLE = "NOT k.is_hidden AND NOT w.is_withdrawn AND c.is_published"
_JOINED = (
    "creators_chunk AS k JOIN creators_work AS w ON w.id = k.work_id JOIN creators_creator AS c ON c.id = w.creator_id"
)
PLACES_SQL = f"""
    SELECT k.id, k.work_id, w.published, k.is_preferred FROM {_JOINED} WHERE k.id = ANY(%s) AND {_VISIBLE}
"""  # noqa: S608 -- made of constants
_CHUNK = "k.id, k.work_id, k.position, k.heading, k.text, k.start_seconds, k.end_seconds, k.marks, k.corrections"
FOUND_SQL = f"""
    SELECT {_CHUNK}, w.slug, w.title, w.kind, w.url, w.published, w.creator_label, c.slug, c.name, c.aliases
    FROM {_JOINED} WHERE k.id = ANY(%s) AND {_VISIBLE}
"""  # noqa: S608 -- made of constants
BESIDE_SQL = f"""
    SELECT {_CHUNK} FROM creators_chunk AS k
    WHERE (k.work_id, k.position) IN (SELECT * FROM unnest(%s::bigint[], %s::int[])) AND NOT k.is_hidden
"""  # noqa: S608 -- made of constants


@dataclass(frozen=True, slots=True)
class Place:
    """The work of a chunk, the day it was published, as an ordinal, 0 where that is unknown, and if it is preferred."""

    work: int
    day: int
    is_preferred: bool


@dataclass(frozen=True, slots=True)
class WorkRow:
    """What a passage says of its work."""

    slug: str
    title: str
    kind: str
    url: str
    published: date | None
    creator_label: str
    creator_slug: str
    creator: str
    aliases: Sequence[str]

    def speaker_named(self, label: str) -> str:
        """Return who speaks under a label, as ``Work.speaker_named`` does."""
        return speaker_named(label, own=self.creator_label, creator=self.creator, aliases=self.aliases)


@dataclass(frozen=True)
class ChunkRow:
    """A chunk; its marks, and where its sentences stand, are made of it once they are asked for."""

    id: int
    work_id: int
    position: int
    heading: str
    text: str
    start_seconds: float | None
    end_seconds: float | None
    marks_json: str
    corrections_json: str

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Where its segments begin."""
        return marks_from_json(json.loads(self.marks_json))

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """Where the glossary put it right."""
        return tuple(Correction(*row) for row in json.loads(self.corrections_json))

    @cached_property
    def spans(self) -> Sequence[tuple[int, int]]:
        """The offsets of its sentences."""
        return chunk_spans(self.text, self.marks)


def places_of(chunks: Sequence[int]) -> dict[int, Place]:
    """Return where each of these chunks stands."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES_SQL, [list(chunks)])
        return {
            chunk: Place(work, published.toordinal() if published else 0, is_preferred)
            for chunk, work, published, is_preferred in cursor.fetchall()
        }


def rows_of(chunks: Sequence[int]) -> dict[int, tuple[ChunkRow, WorkRow]]:
    """Return each of these chunks with its work."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND_SQL, [list(chunks)])
        return {row[0]: (ChunkRow(*row[:9]), WorkRow(*row[9:])) for row in cursor.fetchall()}


def rows_beside(chunks: Iterable[ChunkRow]) -> dict[tuple[int, int], ChunkRow]:
    """Return these chunks and those beside them, by work and position."""
    own = {(chunk.work_id, chunk.position): chunk for chunk in chunks}
    beside = {(work, position + step) for work, position in own for step in (-1, 1)} - own.keys()
    with connection.cursor() as cursor:
        cursor.execute(BESIDE_SQL, [[work for work, _ in beside], [position for _, position in beside]])
        found = [ChunkRow(*row) for row in cursor.fetchall()]
    return own | {(chunk.work_id, chunk.position): chunk for chunk in found}
