"""What the page of a work is made of: pieces of text that begin at a second, and paragraphs of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a piece's text that is marked as cited, or isn't; ``begins`` the whole citation."""

    text: str
    is_cited: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text that begins at one mark, and the space after it.

    ``anchor`` is "" where an earlier piece has that second already. ``said`` is what of the text and its space is
    cited, as offsets; the citation ``begins`` in one piece and may go on in those after it.
    """

    text: str
    space: str
    anchor: str
    start: float | None
    said: tuple[int, int] | None = None
    begins: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The text and its space as they are written, the cited part apart."""
        whole = self.text + self.space
        if self.said is None:
            return (Part(whole),)
        start, end = self.said
        cited = Part(whole[start:end], is_cited=True, begins=self.begins)
        return tuple(part for part in (Part(whole[:start]), cited, Part(whole[end:])) if part.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A chunk of the work, or a line of one.

    ``heading`` stands only where it changes, with ``chapter`` as its anchor; ``label`` is the time it begins at.
    """

    pieces: tuple[Piece, ...]
    heading: str
    label: str
    anchor: str
    chapter: str = ""
    start: float | None = None

    @property
    def is_cited(self) -> bool:
        """Whether the citation begins in it."""
        return any(piece.begins for piece in self.pieces)
