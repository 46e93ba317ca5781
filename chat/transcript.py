"""A work as a page to read: its chunks as paragraphs, each timed piece with an anchor."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chat.grounding.unseen import without_unseen
from chat.words import clock
from creators.models import Chunk, Work
from creators.timing import Mark


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that begins at one mark, and the space after it.

    ``anchor`` is "" where an earlier piece has that second already.
    """

    text: str
    space: str
    anchor: str
    start: float | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk of the work: ``heading`` stands only where it changes, ``label`` is the time it begins at."""

    pieces: tuple[Piece, ...]
    heading: str
    label: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A work with all that was said in it."""

    work: Work
    paragraphs: tuple[Paragraph, ...]

    def anchor_at(self, seconds: float) -> str:
        """Return the anchor of the piece that is being said at this second; "" in a text without times."""
        pieces = [piece for paragraph in self.paragraphs for piece in paragraph.pieces]
        timed = sorted((piece.start, piece.anchor) for piece in pieces if piece.start is not None and piece.anchor)
        index = bisect_right(timed, seconds, key=lambda pair: pair[0])
        return timed[max(index - 1, 0)][1] if timed else ""


def transcript(slug: str) -> Transcript | None:
    """Return the transcript of a published work, None where there is none."""
    work = Work.objects.published().select_related("creator").filter(slug=slug).first()
    if work is None:
        return None
    paragraphs = _paragraphs(work.chunks.order_by("position"))
    full = (paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph.pieces))
    return Transcript(work=work, paragraphs=tuple(full))


def _paragraphs(chunks: Iterable[Chunk]) -> Iterator[Paragraph]:
    taken: set[str] = set()
    heading = before = ""
    for chunk in chunks:
        own = without_unseen(chunk.heading.rsplit(" › ", 1)[-1])
        shown = own if own != heading else ""
        for pieces in _lines(_pieces(chunk, 0 if shown else _repeated(chunk, before), taken)):
            yield _paragraph(pieces, heading=shown)
            shown = ""
        heading, before = own, chunk.text


def _paragraph(pieces: Sequence[Piece], *, heading: str) -> Paragraph:
    start = next((piece.start for piece in pieces if piece.start is not None), None)
    anchor = next((piece.anchor for piece in pieces if piece.anchor), "")
    label = clock(start) if start is not None and anchor else ""
    return Paragraph(pieces=tuple(pieces), heading=heading, label=label, anchor=anchor)


def _lines(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield the pieces paragraph by paragraph: a line break in a chunk ends one."""
    line: list[Piece] = []
    for piece in pieces:
        first, *others = piece.text.split("\n")
        line.append(replace(piece, text=first.rstrip(), space=first[len(first.rstrip()) :]))
        for other in others:
            yield line
            line = [Piece(text=other, space="", anchor="", start=None)]
    yield line


def _repeated(chunk: Chunk, before: str) -> int:
    """Return how many characters repeat the end of the chunk before: chunks overlap so that a search finds both."""
    offsets = (mark.offset for mark in reversed(chunk.timing) if mark.offset)
    return next((offset for offset in offsets if before.endswith(chunk.text[:offset].strip())), 0)


def _pieces(chunk: Chunk, skipped: int, taken: set[str]) -> Iterator[Piece]:
    marks: Sequence[Mark] = chunk.timing or (Mark(offset=0, start=chunk.start_seconds, end=None),)
    stops = [mark.offset for mark in marks[1:]] + [len(chunk.text)]
    for mark, stop in zip(marks, stops, strict=True):
        if stop <= skipped:
            continue
        anchor = f"t-{int(mark.start)}" if mark.start is not None else ""
        text = without_unseen(chunk.text[mark.offset : stop])
        yield Piece(text=text, space="", anchor="" if anchor in taken else anchor, start=mark.start)
        taken.add(anchor)
