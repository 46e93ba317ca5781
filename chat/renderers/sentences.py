"""Where the sentences of an answer stand in its Markdown: what each piece cites, and how well it rests on that."""

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
        self._citations = citations
        self._places = places or {}
        wrong = [citation for citation in citations if citation.verdict == Verdict.UNSUPPORTED]
        marked: list[tuple[int, int, Mark]] = [(one.start, one.end, "unsupported") for one in wrong]
        self._marked = marked + [(span.start, span.end, "bare") for span in bare]

    def find(self, piece: str) -> int | None:
        """Return where a piece stands; only signs of formatting stand between it and the piece before.

        None where the parser has changed it (an escape, an entity): such a piece is shorter than what it was made of.
        """
        at = self._text.find(piece, self._cursor, self._cursor + len(piece) + FORMATTING)
        self._cursor = (self._cursor if at < 0 else at) + len(piece)
        return at if at >= 0 else None

    def cited_at(self, at: int | None) -> dict[int, tuple[str, str]]:
        """Return for the numbers cited by the sentence around the marker the ids of their spots and the verdicts."""
        here = [one for one in self._citations if at is not None and one.start <= at < one.end]
        return {one.number: (self._places.get(one, f"note-{one.number}"), one.verdict.value) for one in here}

    def cut(self, piece: str, *, start: int) -> Iterator[tuple[str, Mark, bool]]:
        """Yield the piece in parts, each with its mark and whether a bare sentence ends with it."""
        end = start + len(piece)
        edges = {edge for first, last, _ in self._marked for edge in (first, last) if start < edge < end}
        for first, last in pairwise(sorted({start, end, *edges})):
            mark: Mark = next((kind for begin, stop, kind in self._marked if begin <= first and last <= stop), "")
            is_end = mark == "bare" and any(stop == last for _, stop, kind in self._marked if kind == "bare")
            yield piece[first - start : last - start], mark, is_end
