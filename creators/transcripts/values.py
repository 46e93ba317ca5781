"""The values a reader makes of a file: a transcript and its segments."""

from dataclasses import dataclass, field
from datetime import date

from creators.transcripts.segments import Correction


@dataclass(frozen=True, slots=True)
class Segment:
    """One timed line of a transcript, or one sentence or paragraph of a text.

    Times are seconds from the start of the work; both are ``None`` in a text without times.
    """

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str = ""
    heading: str = ""
    """The headings it stands under, outermost first, joined with `` › ``."""
    paragraph: bool = False
    """True where a new paragraph or a new speaker's turn begins."""
    corrections: tuple[Correction, ...] = ()
    """Where the glossary put the text right; a reader leaves it empty."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A work as read: its segments in order and what the file says of itself ("" or None where it is silent)."""

    segments: tuple[Segment, ...]
    title: str = ""
    url: str = ""
    kind: str = ""
    language: str = ""
    published: date | None = None
    warnings: tuple[str, ...] = field(default=())
    """What was mended while reading, in words ("3 cues ran backwards and were put in order")."""
