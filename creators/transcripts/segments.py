"""Corrections: where a text was put right, and what stood there before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Correction:
    """A stretch of a corrected text, in code points, and the words that it replaced."""

    offset: int
    length: int
    original: str

    def moved(self, by: int) -> "Correction":
        """Return it as it stands in a text with ``by`` more characters before it."""
        return replace(self, offset=self.offset + by)


def within(corrections: Iterable[Correction], begin: int, end: int) -> Iterator[Correction]:
    """Yield the corrections that begin within a stretch of their text, by their offset in it, cut at its end."""
    for one in corrections:
        if begin <= one.offset < end:
            yield Correction(one.offset - begin, min(one.length, end - one.offset), one.original)


def as_heard(text: str, corrections: Iterable[Correction], *, start: int = 0, end: int | None = None) -> str:
    """Return a stretch of the text with what stood there before; a correction that it cuts is put back whole."""
    end = len(text) if end is None else end
    pieces, at = [], start
    for one in corrections:
        if one.offset < end and one.offset + one.length > start:
            pieces += [text[at : max(at, one.offset)], one.original]
            at = one.offset + one.length
    return "".join([*pieces, text[at : max(at, end)]])
