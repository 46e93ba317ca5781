"""Passages split and joined by a curator: what ingest made is kept, and each cut is made of that anew."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from django.db import transaction
from django.db.models import F

from chrysopedia.core.text import estimated_tokens
from creators.embeddings import Embedder
from creators.ingest.chunking import LEAST_WORDS
from creators.ingest.shape import apply_changes, embed_anew, lock_chunk
from creators.models import Chunk, Recut, Work
from creators.transcripts.cutting import begins_in, recut
from creators.transcripts.revision import ChunkText, chunk_text_to_json, corrections_to_json, marks_to_json

MOST_TOKENS = 470
"""Estimated tokens of a joined passage: two as long as ingest makes them. Of more, hardly half would be embedded."""
ASIDE = 1_000_000_000
"""What is added to positions while others take their places."""

Kinds = Mapping[str, Mapping[str, str]]
"""What was reworded and whose words it is, as ``Chunk.changes`` has it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a stretch: how many of its sentences it holds, and what a curator made of it."""

    count: int
    is_hidden: bool = False
    is_preferred: bool = False
    changes: Kinds = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Passages that follow each other: as ingest made them, and as they are cut."""

    base: tuple[ChunkText, ...]
    pieces: tuple[Piece, ...]


class CutError(ValueError):
    """Why passages can't be cut so, in words that say what to do."""


@transaction.atomic
def split(chunk: Chunk, *, before: int, embedder: Embedder) -> None:
    """Part a passage before one of its sentences, by its number. Raises as ``join`` does."""
    work, chunk = lock_chunk(chunk)
    rows = _rows_with(chunk)
    stretch = stretch_of(rows)
    at = rows.index(chunk)
    one = stretch.pieces[at]
    if not 0 < before < one.count:
        raise CutError("Choose a sentence after the first: there the new passage begins.")
    first = replace(one, count=before, changes=_part_of(one.changes, 0, before))
    second = replace(one, count=one.count - before, changes=_part_of(one.changes, before, one.count))
    pieces = (*stretch.pieces[:at], first, second, *stretch.pieces[at + 1 :])
    stretch = replace(stretch, pieces=pieces)
    made = pieces_of(work, chunk.heading, stretch)
    if any(len(one.text.split()) < LEAST_WORDS for one in made[at : at + 2]):
        raise CutError(f"A passage needs {LEAST_WORDS} words: a shorter one is found for its brevity. Split elsewhere.")
    _replace(work, rows, made, base=stretch.base, embedder=embedder)


@transaction.atomic
def join(chunk: Chunk, *, embedder: Embedder) -> None:
    """Make one passage of this one and the next. Raises ``CutError``, ``GoneError`` or ``EmbeddingError``."""
    work, chunk = lock_chunk(chunk)
    following = Chunk.objects.filter(work=work, position=chunk.position + 1).defer("search").first()
    if following is None:
        raise CutError("It is the last passage: there is none to join it with.")
    if following.heading != chunk.heading:
        raise CutError("The next passage stands under another heading: these can't be joined.")
    if following.is_hidden != chunk.is_hidden:
        raise CutError("One of the two is hidden: hide both or show both, then join them.")
    rows = _rows_with(chunk)
    at = rows.index(chunk)
    stretch = stretch_of(rows)
    if following not in rows:
        others = _rows_with(following)
        stretch, rows = _together(stretch, stretch_of(others)), [*rows, *others]
    pieces = list(stretch.pieces)
    if len(pieces) == len(rows):
        pieces[at : at + 2] = [_joined(pieces[at], pieces[at + 1])]
    stretch = replace(stretch, pieces=tuple(pieces))
    made = pieces_of(work, chunk.heading, stretch)
    if estimated_tokens(made[at].text) > MOST_TOKENS:
        raise CutError("Together they would be longer than is searched well. Split one of them first.")
    _replace(work, rows, made, base=stretch.base, embedder=embedder)


@transaction.atomic
def undo(chunk: Chunk, *, embedder: Embedder) -> None:
    """Have the stretch of a passage cut as ingest had it, with what was reworded. Raises as ``join`` does."""
    work, chunk = lock_chunk(chunk)
    rows = _rows_with(chunk)
    stretch = stretch_of(rows)
    if len({one.is_hidden for one in stretch.pieces}) > 1:
        raise CutError("Some of these passages are hidden: hide all or show all, then have them cut as they were.")
    begins = begins_in(stretch.base)
    pieces = tuple(
        _piece_of(stretch, begin, begin + len(one.spans)) for begin, one in zip(begins, stretch.base, strict=True)
    )
    _replace(work, rows, _made(work, chunk.heading, stretch.base, pieces), base=stretch.base, embedder=embedder)


def _rows_with(chunk: Chunk) -> list[Chunk]:
    """Return the passages of a stretch in order: those cut of the same, or the one alone."""
    if chunk.recut_id is None:
        return [chunk]
    return list(Chunk.objects.filter(recut=chunk.recut_id).defer("search").order_by("position"))


def stretch_of(rows: Sequence[Chunk]) -> Stretch:
    """Return what passages are that were cut of the same, or a single one that never was."""
    kept = rows[0].recut
    base = kept.as_ingested if kept else (rows[0].as_ingested,)
    pieces = (Piece(len(one.as_ingested.spans), one.is_hidden, one.is_preferred, one.changes) for one in rows)
    return Stretch(base, tuple(pieces))


def _together(first: Stretch, second: Stretch) -> Stretch:
    """Return two stretches that follow each other as one; a sentence that they share is the first's."""
    base = (*first.base, *second.base)
    shared = begins_in(base)[len(first.base)] != sum(one.count for one in first.pieces)
    pieces = list(second.pieces)
    if shared:
        one = pieces[0]
        rest = replace(one, count=one.count - 1, changes=_part_of(one.changes, 1, one.count))
        pieces[:1] = [rest] if rest.count else []
    return Stretch(base, (*first.pieces, *pieces))


def _joined(first: Piece, second: Piece) -> Piece:
    return Piece(
        first.count + second.count,
        is_hidden=first.is_hidden,
        is_preferred=first.is_preferred or second.is_preferred,
        changes=_merged(first.changes, _moved(second.changes, first.count)),
    )


def _piece_of(stretch: Stretch, begin: int, end: int) -> Piece:
    """Return the sentences of a stretch from one number to before another, with what was made of them."""
    changes: Kinds = {}
    is_preferred, at = False, 0
    for one in stretch.pieces:
        first, last = max(begin, at), min(end, at + one.count)
        if first < last:
            own = _moved(_part_of(one.changes, first - at, last - at), first - begin)
            changes, is_preferred = _merged(changes, own), is_preferred or one.is_preferred
        at += one.count
    return Piece(end - begin, stretch.pieces[0].is_hidden, is_preferred, changes)


def _part_of(changes: Kinds, begin: int, end: int) -> Kinds:
    """Return the changes of the sentences from one number to before another, counted from there."""
    return {
        kind: {str(int(at) - begin): text for at, text in own.items() if begin <= int(at) < end}
        for kind, own in changes.items()
    }


def _moved(changes: Kinds, by: int) -> Kinds:
    return {kind: {str(int(at) + by): text for at, text in own.items()} for kind, own in changes.items()}


def _merged(first: Kinds, second: Kinds) -> Kinds:
    return {kind: {**first.get(kind, {}), **second.get(kind, {})} for kind in {*first, *second}}


def pieces_of(work: Work, heading: str, stretch: Stretch) -> list[Chunk]:
    """Return the passages of a stretch as they are cut, not stored yet.

    Raises ``ValueError`` where they hold more or fewer sentences than what ingest made.
    """
    if len(stretch.base) == len(stretch.pieces) == 1:
        return _made(work, heading, stretch.base, stretch.pieces)
    texts: Sequence[ChunkText] = recut(stretch.base, [one.count for one in stretch.pieces])
    if [one.text for one in texts] == [one.text for one in stretch.base]:
        texts = stretch.base
    return _made(work, heading, texts, stretch.pieces)


def _made(work: Work, heading: str, texts: Sequence[ChunkText], pieces: Sequence[Piece]) -> list[Chunk]:
    return [_chunk(work, heading, text, piece) for text, piece in zip(texts, pieces, strict=True)]


def _chunk(work: Work, heading: str, said: ChunkText, piece: Piece) -> Chunk:
    starts = [mark.start for mark in said.marks if mark.start is not None]
    ends = [mark.end for mark in said.marks if mark.end is not None]
    chunk = Chunk(
        work=work,
        creator_id=work.creator_id,
        heading=heading,
        text=said.text,
        marks=marks_to_json(said.marks),
        corrections=corrections_to_json(said.corrections),
        start_seconds=min(starts, default=None),
        end_seconds=max(ends, default=None),
        is_hidden=piece.is_hidden,
        is_preferred=piece.is_preferred,
        changes={kind: dict(own) for kind, own in piece.changes.items() if own},
    )
    apply_changes(chunk)
    return chunk


def keep_base(work: Work, base: Sequence[ChunkText], made: Sequence[Chunk]) -> Recut | None:
    """Store what ingest had made of passages; None where they are cut as it cut them."""
    if [one.as_ingested.text for one in made] == [one.text for one in base]:
        return None
    return Recut.objects.create(work=work, base=[chunk_text_to_json(one) for one in base])


def _replace(
    work: Work, rows: Sequence[Chunk], made: Sequence[Chunk], *, base: Sequence[ChunkText], embedder: Embedder
) -> None:
    """Put passages in the place of others, and embed them; the passages after them and the asides move along."""
    place, past = rows[0].position, rows[-1].position + 1
    after = Chunk.objects.filter(work=work, position__gte=past)
    after.update(position=F("position") + ASIDE + len(made) - len(rows))
    former = {one.recut_id for one in rows if one.recut_id}
    Chunk.objects.filter(pk__in=[one.pk for one in rows]).delete()
    Recut.objects.filter(pk__in=former).delete()
    kept = keep_base(work, base, made)
    for position, one in enumerate(made, start=place):
        one.position, one.recut = position, kept
    Chunk.objects.bulk_create(made)
    Chunk.objects.filter(work=work, position__gte=ASIDE).update(position=F("position") - ASIDE)
    work.asides = moved_asides(work.asides, rows, made, place=place)
    work.save(update_fields=["asides", "updated"])
    embed_anew([one for one in made if not one.is_hidden], embedder=embedder)


def moved_asides(
    asides: Sequence[list[object]], rows: Sequence[Chunk], made: Sequence[Chunk], *, place: int
) -> list[list[object]]:
    """Return what stands beside a text where it belongs, after passages from ``place`` on were cut otherwise.

    It stays before the sentence before which it stood.
    """
    return [_moved_aside(one, rows, made, place=place) for one in asides]


def _moved_aside(aside: list[object], rows: Sequence[Chunk], made: Sequence[Chunk], *, place: int) -> list[object]:
    position, offset, *rest = aside
    if not isinstance(position, int) or not isinstance(offset, int) or position < place:
        return aside
    if position >= place + len(rows):
        return [position + len(made) - len(rows), offset, *rest]
    at = position - place
    begins = begins_in([one.as_ingested for one in rows])
    spans = rows[at].as_ingested.spans
    number = begins[at] + sum(end <= offset for _, end in spans)
    firsts = [0, *accumulate(len(one.as_ingested.spans) for one in made)]
    if number >= firsts[-1]:
        return [place + len(made), 0, *rest]
    into = bisect_right(firsts, number) - 1
    begin, _ = made[into].as_ingested.spans[number - firsts[into]]
    return [place + into, begin, *rest]
