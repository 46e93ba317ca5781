"""A work as a page to read: its paragraphs, its chapters, and the sentence of it that is cited."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from django.conf.locale import LANG_INFO

from chat.catalogue.cited import Said, said_in
from chat.catalogue.contents import Chapter, chapters_of
from chat.catalogue.paragraphs import paragraphs_of
from chat.catalogue.pieces import Paragraph, Piece
from chat.events.messages import lasting
from creators.models import Work


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
    paragraphs = paragraphs_of(work.chunks.order_by("position"))
    full = (paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph.pieces))
    return Transcript(work=work, paragraphs=tuple(full), seconds=getattr(work, "seconds", None))
