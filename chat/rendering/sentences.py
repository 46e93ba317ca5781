"""Where the sentences of an answer stand in its Markdown: what each piece cites, and how well it rests on that."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from chat.events.events import Citation, Span, Verdict

Kind = Literal["claim", "unsupported", "bare"]
FORMATTING = 200
"""Characters between two pieces at the most."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words of an answer: of which sentence that cites or ought to, and whether that sentence ends with them.

    ``start`` is where the sentence begins; ``kind`` is None for words that claim nothing.
    """

    words: str
    kind: Kind | None = None
    start: int = 0
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What a marker leads to: the id of a spot in the notes and how well its sentence rests on that."""

    sentence: int
    place: str
    verdict: Verdict


class Sentences:
    """Follows the pieces of an answer as a parser of Markdown hands them out, from its beginning to its end.

    ``places`` holds the id of the spot, in the notes, of each citation.
    """

    def __init__(
        self,
        text: str,
        *,
        citations: Sequence[Citation] = (),
        bare: Sequence[Span] = (),
        places: Mapping[Citation, str] | None = None,
    ) -> None:
        self._text = text
        self._cursor = 0
        self._citations = sorted(citations, key=lambda citation: citation.start)
        self._starts = [citation.start for citation in self._citations]
        self._places = places or {}
        wrong = {(one.start, one.end) for one in citations if one.verdict == Verdict.UNSUPPORTED}
        cited = {(one.start, one.end) for one in citations}
        marks: list[tuple[int, int, Kind]] = [(*one, "unsupported" if one in wrong else "claim") for one in cited]
        # Sentences don't overlap, so that what is before and behind a place can be told by halving.
        self._marked = sorted([*marks, *((span.start, span.end, "bare") for span in bare)])

    def find(self, piece: str) -> int | None:
        """Return where a piece stands; only signs of formatting stand between it and the piece before.

        None where the parser has changed it (an escape, an entity): such a piece is shorter than what it was made of.
        """
        at = self._text.find(piece, self._cursor, self._cursor + len(piece) + FORMATTING)
        self._cursor = (self._cursor if at < 0 else at) + len(piece)
        return at if at >= 0 else None

    def cited_at(self, at: int | None) -> dict[int, Cited]:
        """Return what the sentence around a marker cites, by number."""
        if at is None:
            return {}
        begun = bisect_right(self._starts, at)
        first = bisect_left(self._starts, self._starts[begun - 1]) if begun else 0
        here = [one for one in self._citations[first:begun] if at < one.end]
        return {one.number: Cited(one.start, self._places.get(one, ""), one.verdict) for one in here}

    def cut(self, piece: str, *, start: int) -> Iterator[Part]:
        """Yield the piece in parts, by the sentences they belong to."""
        end = start + len(piece)
        near = self._marked_between(start, end)
        edges = {edge for first, last, _ in near for edge in (first, last) if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            words = piece[first - start : last - start]
            begin, stop, kind = near[max(0, bisect_right(near, first, key=_start) - 1)] if near else (0, 0, None)
            is_within = begin <= first and last <= stop
            yield Part(words, kind, begin, is_end=stop == last) if kind and is_within else Part(words)

    def _marked_between(self, start: int, end: int) -> list[tuple[int, int, Kind]]:
        """Return the marked sentences that begin before the end of a piece, from the last to begin by its start."""
        first = bisect_right(self._marked, start, key=_start) - 1
        return self._marked[max(0, first) : bisect_left(self._marked, end, key=_start)]


def _start(marked: tuple[int, int, Kind]) -> int:
    return marked[0]
