"""What a new text of a work keeps of what a curator made of its passages at the desk."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from creators.embeddings.windows import hash_of
from creators.ingest.cuts import Piece, Stretch, keep_base, moved_asides, pieces_of, stretch_of
from creators.models import Chunk, Work


@dataclass(frozen=True, slots=True)
class Shaped:
    """Passages that a curator has shaped, by the hashes of what ingest had made of them."""

    said_hashes: tuple[str, ...]
    pieces: tuple[Piece, ...]


def shaped_chunks(work: Work) -> list[Shaped]:
    """Return what a curator made of the passages of a work, in order."""
    shaped = Q(is_hidden=True) | Q(is_preferred=True) | Q(said__isnull=False) | Q(recut__isnull=False)
    rows = Chunk.objects.filter(shaped, work=work).select_related("recut").defer("search").order_by("position")
    groups = (list(group) for _, group in groupby(rows, key=lambda one: one.recut_id or -one.pk))
    return [_shaped(group[0].heading, stretch_of(group)) for group in groups]


def _shaped(heading: str, stretch: Stretch) -> Shaped:
    hashes = (hash_of(heading=heading, text=one.text) for one in stretch.base)
    return Shaped(tuple(hashes), stretch.pieces)


def count_dropped(shaped: Sequence[Shaped], hashes: Sequence[str]) -> int:
    """Return how many shaped passages say what no passages of a new text say, given the hashes of its texts."""
    placed = _places(shaped, hashes)
    return sum(len(one.pieces) for at, one in enumerate(shaped) if at not in placed)


def told_of_dropped(dropped: int) -> list[str]:
    """Return a note of what a curator did at the desk and a new text has no place for."""
    if not dropped:
        return []
    passages = "1 passage that was" if dropped == 1 else f"{dropped} passages that were"
    return [f"{passages} shaped at the desk can't be found in the new text, so what was done there is dropped"]


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


def carry_over(shaped: Sequence[Shaped], rows: Sequence[Chunk]) -> tuple[list[Chunk], int]:
    """Shape the passages of a new text, not stored yet, as those were that said the same.

    Returns the passages, and how many had no such. Those that are cut otherwise take the place of the new ones, and
    what stands beside the text moves along; the work's asides are saved.
    """
    hashes = [row.text_hash for row in rows]
    placed = _places(shaped, hashes)
    found, dropped = list(rows), count_dropped(shaped, hashes)
    for number, at in sorted(placed.items(), key=lambda one: -one[1]):
        one = shaped[number]
        past = at + len(one.said_hashes)
        try:
            found[at:past] = _cut_again(rows[at:past], one, place=at)
        except ValueError:  # the same words, but sentences that begin elsewhere
            dropped += len(one.pieces)
    for position, row in enumerate(found):
        row.position = position
    return found, dropped


def _cut_again(rows: Sequence[Chunk], one: Shaped, *, place: int) -> list[Chunk]:
    work = rows[0].work
    stretch = Stretch(tuple(row.as_ingested for row in rows), one.pieces)
    made = pieces_of(work, rows[0].heading, stretch)
    kept = keep_base(work, stretch.base, made)
    for row in made:
        row.recut = kept
    if len(made) != len(rows) or kept:
        work.asides = moved_asides(work.asides, rows, made, place=place)
        work.save(update_fields=["asides"])
    return made
