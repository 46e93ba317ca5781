"""What a new text of a work keeps of what a curator made of its passages at the desk."""

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from django.db.models import Q

from creators.embeddings.windows import hash_of
from creators.ingest.chunking import LEAST_WORDS
from creators.ingest.cuts import Piece, Stretch, keep_base, moved_asides, pieces_of, stretch_of
from creators.ingest.marks import Carried, Marked, Sight, carried
from creators.models import Chunk, Creator, Work
from creators.transcripts.revision import ChunkText


@dataclass(frozen=True, slots=True)
class Shaped:
    """Passages that a curator has shaped, by the hashes of what ingest had made of them."""

    said_hashes: tuple[str, ...]
    pieces: tuple[Piece, ...]
    first: int
    """The number of the first of them among all passages of the work."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a curator made of the passages of a work, and, where some are hidden or preferred, all that it says."""

    shaped: tuple[Shaped, ...] = ()
    marked: tuple[Marked, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """The passages of a new text with what was made of the old ones; how many of these were lost, how many moved."""

    rows: list[Chunk]
    dropped: int = 0
    moved: int = 0


def shapes_of(work: Work) -> Shapes:
    """Return what a curator made of the passages of a work, in order."""
    shaped = Q(is_hidden=True) | Q(is_preferred=True) | Q(said__isnull=False) | Q(recut__isnull=False)
    if not Chunk.objects.filter(shaped, work=work).exists():
        return Shapes()
    rows = list(Chunk.objects.filter(work=work).select_related("recut").defer("search").order_by("position"))
    marked = tuple(Marked(one.as_ingested, one.is_hidden, one.is_preferred) for one in rows)
    groups = [list(group) for _, group in groupby(rows, key=lambda one: one.recut_id or -one.pk)]
    firsts = [0, *accumulate(map(len, groups))]
    found = (_shaped(group, first) for group, first in zip(groups, firsts, strict=False) if _is_shaped(group[0]))
    return Shapes(tuple(found), marked if any(one.is_marked for one in marked) else ())


def _is_shaped(row: Chunk) -> bool:
    return row.is_hidden or row.is_preferred or row.said is not None or row.recut_id is not None


def _shaped(group: Sequence[Chunk], first: int) -> Shaped:
    stretch = stretch_of(group)
    hashes = (hash_of(heading=group[0].heading, text=one.text) for one in stretch.base)
    return Shaped(tuple(hashes), stretch.pieces, first)


def count_dropped(shapes: Shapes, *, hashes: Sequence[str], texts: Sequence[ChunkText]) -> int:
    """Return how many shaped passages a new text has no place for, given its passages and the hashes of their texts."""
    found = carried(shapes.marked, texts) if shapes.marked else []
    return _count_dropped(shapes, placed=_places(shapes.shaped, hashes), found=found)


def _count_dropped(shapes: Shapes, *, placed: Container[int], found: Iterable[Carried]) -> int:
    """Return how many passages lose what was made of them; one that was only hidden or preferred keeps that."""
    kept = {at for one in found for at in one.sources}
    return sum(
        not (_is_marked_only(piece) and one.first + at in kept)
        for number, one in enumerate(shapes.shaped)
        if number not in placed
        for at, piece in enumerate(one.pieces)
    )


def _is_marked_only(piece: Piece) -> bool:
    """Tell whether a passage is hidden or preferred, and says what was said."""
    return (piece.is_hidden or piece.is_preferred) and not any(piece.changes.values())


def dropped_notes(dropped: int) -> list[str]:
    """Return a note of what a curator did at the desk and a new text has no place for."""
    if not dropped:
        return []
    passages = "1 passage that was" if dropped == 1 else f"{dropped} passages that were"
    return [f"{passages} shaped at the desk can't be found in the new text, so what was done there is dropped"]


def moved_notes(moved: int) -> list[str]:
    """Return a note of passages that were cut otherwise than those were that a curator had hidden or preferred."""
    if not moved:
        return []
    passages = "1 passage is" if moved == 1 else f"{moved} passages are"
    return [f"{passages} hidden or preferred, as what stood there was at the desk, where passages began elsewhere"]


def _places(shaped: Sequence[Shaped], hashes: Sequence[str]) -> dict[int, int]:
    """Return for each of the shaped that the new text says, by its index, where that begins among its passages."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for at, hashed in enumerate(hashes):
        waiting[hashed].append(at)
    taken: set[int] = set()
    placed: dict[int, int] = {}
    for number, one in enumerate(shaped):
        size = len(one.said_hashes)
        for at in waiting.get(one.said_hashes[0], ()):
            wanted = range(at, at + size)
            if tuple(hashes[at : at + size]) == one.said_hashes and taken.isdisjoint(wanted):
                taken.update(wanted)
                placed[number] = at
                break
    return placed


def carry_over(shapes: Shapes, rows: Sequence[Chunk]) -> CarriedOver:
    """Shape the passages of a new text, not stored yet, as those were that said the same.

    Those that are cut otherwise take the place of the new ones, and what stands beside the text moves along; the work's
    asides are saved. What was hidden or preferred stays so where passages begin elsewhere now.
    """
    placed = _places(shapes.shaped, [row.text_hash for row in rows])
    wanted = {
        at: (len(shapes.shaped[number].said_hashes), shapes.shaped[number].pieces) for number, at in placed.items()
    }
    found = carried(shapes.marked, [row.as_ingested for row in rows]) if shapes.marked else []
    covered = {at + more for at, (size, _) in wanted.items() for more in range(size)}
    free = {at: pieces for at, one in enumerate(found) if at not in covered and (pieces := _pieces(rows[at], one))}
    wanted |= {at: (1, pieces) for at, pieces in free.items()}
    made, failed = list(rows), set[int]()
    for at, (size, pieces) in sorted(wanted.items(), reverse=True):
        try:
            made[at : at + size] = _cut_again(rows[at : at + size], pieces, place=at)
        except ValueError:  # the same words, but sentences that begin elsewhere
            failed.add(at)
            _mark_whole(rows[at : at + size], pieces)
    for position, row in enumerate(made):
        row.position = position
    held = {number for number, at in placed.items() if at not in failed}
    return CarriedOver(made, _count_dropped(shapes, placed=held, found=found), len(free))


def _pieces(row: Chunk, found: Carried) -> tuple[Piece, ...]:
    """Return what a passage of the new text is cut into so that what was hidden stays hidden, () for nothing to do.

    Where a part would be too short to stand for itself, the whole passage is hidden.
    """
    runs, sentences = found.runs, row.as_ingested.sentences
    if not found.is_preferred and all(sight is not Sight.HIDDEN for sight, _ in runs):
        return ()
    ends = list(accumulate(count for _, count in runs))
    words = [
        sum(len(one.split()) for one in sentences[end - count : end])
        for end, (_, count) in zip(ends, runs, strict=True)
    ]
    if len(runs) > 1 and min(words) < LEAST_WORDS:
        return (Piece(len(sentences), is_hidden=True, is_preferred=found.is_preferred),)
    return tuple(Piece(count, sight is Sight.HIDDEN, found.is_preferred) for sight, count in runs)


def _mark_whole(rows: Sequence[Chunk], pieces: Sequence[Piece]) -> None:
    for row in rows:
        row.is_hidden = any(one.is_hidden for one in pieces)
        row.is_preferred = any(one.is_preferred for one in pieces)


def _cut_again(rows: Sequence[Chunk], pieces: tuple[Piece, ...], *, place: int) -> list[Chunk]:
    work = rows[0].work
    stretch = Stretch(tuple(row.as_ingested for row in rows), pieces)
    made = pieces_of(work, rows[0].heading, stretch)
    kept = keep_base(work, stretch.base, made)
    for row in made:
        row.recut = kept
    if len(made) != len(rows) or kept:
        work.asides = moved_asides(work.asides, rows, made, place=place)
        work.save(update_fields=["asides"])
    return made


def taken_down_notes(hashes: Iterable[str], *, source: str, creator: Creator) -> list[str]:
    """Return a note where a new work says what was taken down here under another name, of any creator."""
    works = Work.objects.taken_down_with(hashes).exclude(source=source, creator=creator).order_by("pk")
    return [f"says what was taken down with “{work.title}”: withdraw it, if that still holds" for work in works[:1]]
