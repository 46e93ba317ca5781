"""A work as a page to read: its chunks as paragraphs, each timed piece with an anchor, its chapters."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from django.conf.locale import LANG_INFO
from django.utils.text import slugify

from chat.cited import Said, said_in
from chat.contents import Chapter, chapters_of
from chat.grounding.unseen import without_unseen
from chat.pieces import Paragraph, Piece
from chat.words import clock, lasting
from creators.models import Chunk, Work
from creators.timing import Mark


@dataclass(frozen=True, slots=True)
class Transcript:
    """A work with all that was said in it; ``seconds`` is how long it lasts, None in a text without times."""

    work: Work
    paragraphs: tuple[Paragraph, ...]
    seconds: float | None = None

    @property
    def pieces(self) -> list[Piece]:
        """All pieces, in order."""
        return [piece for paragraph in self.paragraphs for piece in paragraph.pieces]

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """What leads to its parts; () in a work of one part."""
        return chapters_of(self.paragraphs)

    @property
    def length(self) -> str:
        """How long it lasts, in words; "" in a text."""
        return lasting(self.seconds) if self.seconds else ""

    @property
    def language(self) -> str:
        """The language by its name, or its code where that has none here."""
        code = self.work.language
        return str(LANG_INFO.get(code.lower(), {}).get("name", code))

    def anchor_at(self, seconds: float) -> str:
        """Return the anchor of the piece that is being said at this second; "" in a text without times."""
        timed = sorted((piece.start, piece.anchor) for piece in self.pieces if piece.start is not None and piece.anchor)
        index = bisect_right(timed, seconds, key=lambda pair: pair[0])
        return timed[max(index - 1, 0)][1] if timed else ""

    def places_of(self, edges: Sequence[str], *, at: float | None) -> tuple[Said, ...]:
        """Return where the sentence stands that has these first and last words, near this second; () where it doesn't.

        ``Said.text`` is the number of a piece.
        """
        texts = [piece.text + piece.space for piece in self.pieces]
        return said_in(texts, edges, starts=[piece.start for piece in self.pieces], at=at)

    def place_at(self, seconds: float) -> tuple[Said, ...]:
        """Return the whole piece that is being said at this second; () in a text without times."""
        anchor = self.anchor_at(seconds)
        found = enumerate(self.pieces) if anchor else ()
        return tuple(Said(number, 0, len(piece.text)) for number, piece in found if piece.anchor == anchor)

    def marked(self, places: Sequence[Said]) -> "Transcript":
        """Return it with these places marked as one citation."""
        spans = {place.text: (place.start, place.end) for place in places}
        numbers = count()

        def mark(piece: Piece) -> Piece:
            number = next(numbers)
            return replace(piece, said=spans[number], begins=number == min(spans)) if number in spans else piece

        parts = (replace(one, pieces=tuple(map(mark, one.pieces))) for one in self.paragraphs)
        return replace(self, paragraphs=tuple(parts))


def transcript(slug: str) -> Transcript | None:
    """Return the transcript of a published work, None where there is none."""
    works = Work.objects.published().with_lengths().select_related("creator").prefetch_related("creator__domains")
    work = works.filter(slug=slug).first()
    if work is None:
        return None
    paragraphs = _paragraphs(work.chunks.order_by("position"))
    full = (paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph.pieces))
    return Transcript(work=work, paragraphs=tuple(full), seconds=getattr(work, "seconds", None))


def _paragraphs(chunks: Iterable[Chunk]) -> Iterator[Paragraph]:
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
