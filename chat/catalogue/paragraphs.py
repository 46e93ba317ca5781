"""From the chunks of a work to the paragraphs of its page: what chunks share is said once, lines end paragraphs."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.text import slugify

from chat.catalogue.pieces import Paragraph, Piece
from chat.events.messages import clock
from chrysopedia.core.unseen import without_unseen
from creators.models import Chunk
from creators.transcripts.timing import Mark


def paragraphs_of(chunks: Iterable[Chunk]) -> Iterator[Paragraph]:
    """Yield the chunks of a work, in order, as paragraphs; every second and every chapter has one anchor."""
    taken: set[str] = set()
    heading = before = ""
    for chunk in chunks:
        own = without_unseen(chunk.heading.rsplit(" › ", 1)[-1])
        shown = own if own != heading else ""
        chapter = _chapter_anchor(shown, taken) if shown else ""
        for pieces in _lines(_pieces(chunk, 0 if shown else _repeated(chunk, before), taken)):
            yield _paragraph(pieces, heading=shown, chapter=chapter)
            shown = chapter = ""
        heading, before = own, chunk.text


def _chapter_anchor(heading: str, taken: set[str]) -> str:
    """Return an anchor that no other chapter has."""
    anchor = base = f"c-{slugify(heading, allow_unicode=True) or 'part'}"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


def _paragraph(pieces: Sequence[Piece], *, heading: str, chapter: str) -> Paragraph:
    start = next((piece.start for piece in pieces if piece.start is not None), None)
    anchor = next((piece.anchor for piece in pieces if piece.anchor), "")
    label = clock(start) if start is not None and anchor else ""
    return Paragraph(pieces=tuple(pieces), heading=heading, label=label, anchor=anchor, chapter=chapter, start=start)


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
