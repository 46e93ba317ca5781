"""What every reader of a transcript gives: segments with their times, and the error that names a line."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import isnan, nan
from typing import Literal, overload


# Not frozen: contextlib sets ``__traceback__`` on an exception that passes through a context manager.
@dataclass(eq=False)
class TranscriptError(Exception):
    """A file that can't be read, with the line where reading stopped and the reason in words.

    ``line`` counts from 1; it is ``None`` where the file as a whole is at fault.
    """

    name: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.name}:{self.line}" if self.line else self.name
        return f"{place}: {self.reason}"


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


class Segments(Sequence[Segment]):
    """Segments in columns, for works of a million: 41 bytes each beside the text, where an object takes 144.

    They are appended while they are read; a segment is made when it is asked for.
    """

    __slots__ = ("_corrections", "_ends", "_headings", "_names", "_paragraphs", "_speakers", "_starts", "_texts")

    def __init__(self, segments: Iterable[Segment] = ()) -> None:
        self._texts: list[str] = []
        self._starts, self._ends = array("d"), array("d")  # NaN where there is no time
        self._speakers: list[str] = []
        self._headings: list[str] = []
        self._paragraphs = bytearray()
        self._corrections: dict[int, tuple[Correction, ...]] = {}
        self._names: dict[str, str] = {}
        for segment in segments:
            self.append(segment)

    def append(self, segment: Segment) -> None:
        """Take one more, the last."""
        if segment.corrections:
            self._corrections[len(self._texts)] = segment.corrections
        self._texts.append(segment.text)
        self._starts.append(nan if segment.start is None else segment.start)
        self._ends.append(nan if segment.end is None else segment.end)
        # the same name comes with every line: one string for all
        self._speakers.append(self._names.setdefault(segment.speaker, segment.speaker))
        self._headings.append(self._names.setdefault(segment.heading, segment.heading))
        self._paragraphs.append(segment.paragraph)

    @property
    def texts(self) -> Sequence[str]:
        """What each says."""
        return self._texts

    @property
    def names(self) -> Iterable[str]:
        """The speakers and headings, each once."""
        return self._names

    @property
    def is_timed(self) -> bool:
        """Whether each has a start."""
        return not any(map(isnan, self._starts))

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, at: int) -> Segment: ...

    @overload
    def __getitem__(self, at: slice) -> "Segments": ...

    def __getitem__(self, at: int | slice) -> "Segment | Segments":
        if isinstance(at, slice):
            return Segments(self[one] for one in range(*at.indices(len(self))))
        start, end = self._starts[at], self._ends[at]
        return Segment(
            self._texts[at],
            None if isnan(start) else start,
            None if isnan(end) else end,
            self._speakers[at],
            self._headings[at],
            bool(self._paragraphs[at]),
            self._corrections.get(at % len(self), ()) if self._corrections else (),
        )

    def __iter__(self) -> Iterator[Segment]:
        return map(self.__getitem__, range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Segment.__eq__, self, other))

    def __repr__(self) -> str:
        return f"Segments({list(self)!r})"

    __hash__ = None  # type: ignore[assignment]  # what grows has no hash


def in_columns(segments: Iterable[Segment]) -> Segments:
    """Return the segments in columns, if they aren't yet."""
    return segments if isinstance(segments, Segments) else Segments(segments)


@dataclass(frozen=True, slots=True)
class Aside:
    """What stands in a transcript and answers nothing: it is shown with the work, and neither searched nor quoted.

    ``kind`` is "noise" (sounds, songs, loops, what a tool says of itself) or "sponsor"; ``before`` is the index of the
    segment before which it stands, as many as there are segments at the end.
    """

    text: str
    kind: Literal["noise", "sponsor"]
    before: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """A work as read: its segments in order and what the file says of itself ("" or None where it is silent)."""

    segments: Sequence[Segment]
    asides: tuple[Aside, ...] = ()
    """What was said or written beside the talk, in the order of the work."""
    title: str = ""
    url: str = ""
    kind: str = ""
    language: str = ""
    published: date | None = None
    creator_label: str = ""
    """The name before the creator's own words, where the file says so."""
    warnings: tuple[str, ...] = field(default=())
    """What was mended while reading, in words ("3 cues ran backwards and were put in order")."""


TIMESTAMP = r"\d{1,4}:\d{2}(?::\d{2}){0,2}(?:[.,]\d{1,3})?"
"""A clock as found in running text; a fourth field counts frames and is passed over."""

_TIMESTAMP = re.compile(
    r"(?:(?:(?P<hours>\d{1,4}):)?(?P<minutes>\d{1,4}):)?(?P<seconds>\d{1,7})(?P<frames>:\d{2})?(?:[.,](?P<part>\d{1,9}))?",
    re.ASCII,
)


def parse_timestamp(clock: str) -> float | None:
    """Return the seconds a clock shows, or ``None`` where it is broken (``00:61:00``, ``aa:bb``).

    Without hours, minutes may go beyond 59, and a lone number is seconds.
    """
    match = _TIMESTAMP.fullmatch(clock)
    if match is None:
        return None
    hours, minutes, seconds, frames, part = match.groups()
    if (minutes and int(seconds) > 59) or (hours and int(minutes) > 59) or (frames and not hours):
        return None
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole + float(f"0.{part}") if part else float(whole)


def format_timestamp(seconds: float) -> str:
    """Return seconds as people write them: ``1:02:03.4``."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a segment, or a part of one, begins in a chunk's text, with its seconds (``None`` without times).

    A speaker's name that stands before the text has a mark of its own, which takes no time. ``opens`` says that a
    sentence begins here, with the name of who says it.
    """

    offset: int
    start: float | None
    end: float | None
    speaker: str = ""
    opens: bool = False


def seconds_at(marks: Sequence[Mark], offset: int, length: int) -> float | None:
    """Return the second of the character at ``offset`` in a text of ``length``, ``None`` where there are no times.

    ``marks`` are in order; between two of them time passes evenly over the characters.
    """
    at = max(bisect_right(marks, offset, key=lambda mark: mark.offset) - 1, 0)
    if not marks or marks[at].start is None:
        return None
    mark = marks[at]
    start = mark.start or 0.0
    end = start if mark.end is None else mark.end
    stop = marks[at + 1].offset if at + 1 < len(marks) else length
    share = (offset - mark.offset) / max(stop - mark.offset, 1)
    return round(start + min(max(share, 0.0), 1.0) * (end - start), 3)


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: its lines joined with ``\\n`` as in the file, and its first line from 1."""

    text: str
    line: int
    heading: str = ""
    code: bool = False
