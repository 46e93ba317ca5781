"""The stretch of a work that a passage shows: chunks that were found side by side, and a few sentences around them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from chat.events.events import Window
from chat.retrieval.rows import ChunkRow
from creators.embeddings.windows import window_spans
from creators.transcripts.segments import Correction, Mark, within

SENTENCES_BEFORE, WORDS_BEFORE = 2, 40
SENTENCES_AFTER, WORDS_AFTER = 6, 80
"""What is shown around what was found, at most: an answer may begin before it and is often finished after it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Chunks of one work, joined; ``found`` is where in the text those stand that were found."""

    text: str
    marks: tuple[Mark, ...]
    corrections: tuple[Correction, ...]
    windows: tuple[Window, ...]
    found: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some sentences of a chunk, by offsets in its text, and the label that goes before them, "" for none."""

    chunk: ChunkRow
    begin: int
    end: int
    label: str = ""

    @property
    def text(self) -> str:
        return self.label + self.chunk.text[self.begin : self.end]

    def marks(self, offset: int) -> Iterator[Mark]:
        """Yield its marks in a text in which it stands at this offset."""
        own = [mark for mark in self.chunk.marks if self.begin <= mark.offset < self.end]
        if not own:
            return
        first, *rest = own
        shift = offset + len(self.label) - self.begin
        # Of older chunks no mark says where a sentence opens: then none may.
        opens = any(mark.opens for mark in self.chunk.marks)
        if self.label:
            yield replace(first, offset=offset, end=first.start, opens=opens)
        yield replace(first, offset=first.offset + shift, opens=opens and not self.label)
        for mark in rest:
            yield replace(mark, offset=mark.offset + shift)

    def corrections(self, offset: int) -> Iterator[Correction]:
        for one in within(self.chunk.corrections, self.begin, self.end):
            yield one.moved(offset + len(self.label))

    def windows(self, offset: int, cosines: Sequence[float]) -> Iterator[Window]:
        """Yield its windows in that text, given how near each of the chunk's lies to the question."""
        shift = offset + len(self.label) - self.begin
        spans = window_spans(self.chunk.spans)
        if len(spans) == len(cosines):
            for (begin, end), cosine in zip(spans, cosines, strict=True):
                if begin >= self.begin:
                    yield Window(begin + shift, end + shift, cosine)

    @property
    def speakers(self) -> tuple[str, str]:
        """Who says its first sentence and its last."""
        said = [mark.speaker for mark in self.chunk.marks if self.begin <= mark.offset < self.end]
        return (said[0], said[-1]) if said else ("", "")


def stretch(
    found: Sequence[ChunkRow],
    *,
    before: ChunkRow | None,
    after: ChunkRow | None,
    cosines: Mapping[int, Sequence[float]],
) -> Stretch:
    """Return what a passage shows of these chunks of a work, which follow one another, and of those around them.

    A sentence that ends one chunk and begins the next is there once, and so is the label of somebody who speaks on.
    ``cosines`` holds, by chunk, those of its windows.
    """
    own = [_piece(chunk, found[place - 1] if place else None) for place, chunk in enumerate(found)]
    lead, trail = _lead(before, found[0]), _trail(after, found[-1])
    pieces = _labelled([*lead, *own, *trail])
    starts = list(accumulate((len(piece.text) + 1 for piece in pieces[:-1]), initial=0))
    last = len(lead) + len(own) - 1
    placed = list(zip(pieces, starts, strict=True))
    return Stretch(
        text="\n".join(piece.text for piece in pieces),
        marks=tuple(mark for piece, at in placed for mark in piece.marks(at)),
        corrections=tuple(one for piece, at in placed for one in piece.corrections(at)),
        windows=tuple(one for piece, at in placed for one in piece.windows(at, cosines.get(piece.chunk.id, ()))),
        found=(starts[len(lead)], starts[last] + len(pieces[last].text)),
    )


def _labelled(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Return the pieces with a label where somebody begins to speak, in works whose chunks have labels."""
    labelled: list[_Piece] = []
    before = ""
    for piece in pieces:
        first, last = piece.speakers
        is_named = bool(first) and f"{first}: " in piece.chunk.text
        labelled.append(replace(piece, label=f"{first}: ") if is_named and first != before else piece)
        before = last
    return labelled


def _piece(chunk: ChunkRow, previous: ChunkRow | None) -> _Piece:
    """Return a chunk without the sentence that the one before it ended with."""
    spans = chunk.spans
    if not spans:
        return _Piece(chunk, 0, len(chunk.text))
    first = 1 if previous and _is_shared(previous, chunk, spans) else 0
    return _Piece(chunk, spans[first][0], len(chunk.text))


def _is_shared(earlier: ChunkRow, later: ChunkRow, spans: Sequence[tuple[int, int]]) -> bool:
    """Say whether the first sentence of a chunk, of several, ends the one before it too."""
    return len(spans) > 1 and earlier.text.endswith(later.text[slice(*spans[0])].strip())


def _lead(before: ChunkRow | None, chunk: ChunkRow) -> list[_Piece]:
    """Return the last sentences of the chunk before, as far as the same person says them."""
    own = chunk.spans
    if before is None or before.heading != chunk.heading or not own:
        return []
    spans = before.spans
    spans = spans[:-1] if spans and before.text.endswith(chunk.text[slice(*own[0])].strip()) else spans
    speaker = _speaker(chunk, own[0][0])
    taken: list[tuple[int, int]] = []
    words = 0
    for begin, end in reversed(spans[-SENTENCES_BEFORE:]):
        words += len(before.text[begin:end].split())
        if words > WORDS_BEFORE or _speaker(before, begin) != speaker:
            break
        taken.insert(0, (begin, end))
    return [_Piece(before, taken[0][0], taken[-1][1])] if taken else []


def _trail(after: ChunkRow | None, chunk: ChunkRow) -> list[_Piece]:
    """Return the first sentences of the chunk after, whoever says them."""
    if after is None or after.heading != chunk.heading:
        return []
    spans = after.spans
    spans = spans[1:] if _is_shared(chunk, after, spans) else spans
    words, stop = 0, -1
    for begin, end in spans[:SENTENCES_AFTER]:
        words += len(after.text[begin:end].split())
        if words > WORDS_AFTER:
            break
        stop = end
    return [_Piece(after, spans[0][0], stop)] if stop > 0 else []


def _speaker(chunk: ChunkRow, offset: int) -> str:
    said = [mark.speaker for mark in chunk.marks if mark.offset <= offset]
    return said[-1] if said else ""
