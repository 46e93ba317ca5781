"""Where the sentences of an answer stand in its Markdown: what each piece cites, and how well it rests on that."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from chat.values import Citation, Span, Verdict

Mark = Literal["", "unsupported", "bare"]
FORMATTING = 200
"""Characters between two pieces at the most."""


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
        marks: list[tuple[int, int, Mark]] = [(start, end, "unsupported") for start, end in wrong]
        # Sentences don't overlap, so that what is before and behind a place can be told by halving.
        self._marked = sorted([*marks, *((span.start, span.end, "bare") for span in bare)])

    def find(self, piece: str) -> int | None:
        """Return where a piece stands; only signs of formatting stand between it and the piece before.

        None where the parser has changed it (an escape, an entity): such a piece is shorter than what it was made of.
        """
        at = self._text.find(piece, self._cursor, self._cursor + len(piece) + FORMATTING)
        self._cursor = (self._cursor if at < 0 else at) + len(piece)
        return at if at >= 0 else None

    def cited_at(self, at: int | None) -> dict[int, tuple[str, str]]:
        """Return for the numbers cited by the sentence around the marker the ids of their spots and the verdicts."""
        if at is None:
            return {}
        begun = bisect_right(self._starts, at)
        first = bisect_left(self._starts, self._starts[begun - 1]) if begun else 0
        here = [one for one in self._citations[first:begun] if at < one.end]
        return {one.number: (self._places.get(one, f"note-{one.number}"), one.verdict.value) for one in here}

    def cut(self, piece: str, *, start: int) -> Iterator[tuple[str, Mark, bool]]:
        """Yield the piece in parts, each with its mark and whether a bare sentence ends with it."""
        end = start + len(piece)
        near = self._marked_between(start, end)
        edges = {edge for first, last, _ in near for edge in (first, last) if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            begin, stop, kind = near[max(0, bisect_right(near, first, key=_start) - 1)] if near else (0, 0, "")
            mark: Mark = kind if begin <= first and last <= stop else ""
            yield piece[first - start : last - start], mark, mark == "bare" and stop == last

    def _marked_between(self, start: int, end: int) -> list[tuple[int, int, Mark]]:
        """Return the marked sentences that begin before the end of a piece, from the last to begin by its start."""
        first = bisect_right(self._marked, start, key=_start) - 1
        return self._marked[max(0, first) : bisect_left(self._marked, end, key=_start)]


def _start(marked: tuple[int, int, Mark]) -> int:
    return marked[0]
