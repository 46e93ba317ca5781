"""Cues: the timed blocks that SubRip and WebVTT have in common, from lines of a file to segments."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from creators.transcripts.clock import clock_of, seconds_of
from creators.transcripts.errors import TranscriptError
from creators.transcripts.markup import plain, voices
from creators.transcripts.rolling import unrolled
from creators.transcripts.values import Segment

JITTER = 1.0
"""Seconds that a cue may start before an earlier one; beyond it the file is refused."""

_ARROW = r"(?:--?>|–>|—>|→)"
_TIMING = re.compile(rf"\s*(?P<start>[\d:.,]+)\s*{_ARROW}\s*(?P<end>[\d:.,]+)(?:\s.*)?$", re.ASCII)
_CLOCKLIKE = re.compile(r"\d:\d|:\d\d")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue as it stands in the file: seconds, the lines it shows, and the line of its times, from 1."""

    start: float
    end: float
    lines: tuple[str, ...]
    line: int
    speaker: str = ""


def scan(lines: Sequence[str], *, name: str, is_label: Callable[[Sequence[str], int], bool]) -> Iterator[Cue]:
    """Yield the cues of a file, whose text runs to the next line of times, blank lines or not.

    ``is_label`` tells whether the line at an index, above times, is the cue's number or identifier and no text.
    """
    found = [(at, times) for at, line in enumerate(lines) if (times := _times(line, lines, at, name))]
    ends = [at - 1 if at and is_label(lines, at - 1) else at for at, _ in found[1:]]
    for (at, times), end in zip(found, [*ends, len(lines)], strict=False):
        yield from _spoken(Cue(*times, tuple(lines[at + 1 : end]), at + 1))


def _times(line: str, lines: Sequence[str], at: int, name: str) -> tuple[float, float] | None:
    if ">" not in line and "→" not in line:
        return None
    match = _TIMING.match(line)
    if match:
        start, end = seconds_of(match["start"]), seconds_of(match["end"])
        if start is not None and end is not None:
            return start, end
    left, arrow, right = line.partition("-->")
    # "File --> Export" is speech; "aa:bb --> 00:00:02,000" is a clock that can't be read
    if match or (
        arrow and (_CLOCKLIKE.search(left) or _CLOCKLIKE.search(right) or (at and lines[at - 1].strip().isdigit()))
    ):
        raise TranscriptError(name, f"the times “{line.strip()[:60]}” can't be read", at + 1)
    return None


def _spoken(cue: Cue) -> Iterator[Cue]:
    """Yield the cue once for each voice in it, its markup removed, or not at all where it shows nothing."""
    for speaker, raw in voices("\n".join(cue.lines)):
        lines = tuple(filter(None, (plain(line) for line in raw.split("\n"))))
        if lines:
            yield replace(cue, lines=lines, speaker=speaker)


def segments_of(cues: Iterable[Cue], *, name: str) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """Return the segments of cues, each text once and in order of time, and warnings of what was mended."""
    ordered, warnings = in_order(list(cues), name=name)
    kept = unrolled(ordered)
    if len(kept) < len(ordered) and sum(len(c.lines) for c in kept) < sum(len(c.lines) for c in ordered):
        warnings.append("captions that roll were read once")
    segments, speaker = [], None
    for cue in kept:
        segments.append(Segment(" ".join(cue.lines), cue.start, cue.end, cue.speaker, paragraph=cue.speaker != speaker))
        speaker = cue.speaker
    return tuple(segments), tuple(warnings)


def in_order(cues: list[Cue], *, name: str) -> tuple[list[Cue], list[str]]:
    """Return the cues in order of time; refuse a clock that runs back by more than ``JITTER``."""
    latest, late, mended = 0.0, 0, []
    for cue in cues:
        if cue.end < cue.start - JITTER:
            raise TranscriptError(name, f"a cue ends at {clock_of(cue.end)}, before it starts", cue.line)
        if cue.start < latest - JITTER:
            reason = f"the clock runs back from {clock_of(latest)} to {clock_of(cue.start)}"
            raise TranscriptError(name, reason, cue.line)
        late += cue.start < latest
        latest = max(latest, cue.start)
        mended.append(replace(cue, end=cue.start) if cue.end < cue.start else cue)
    if late:
        mended.sort(key=lambda cue: cue.start)
    return mended, [f"{late} cues started up to a second early and were put in order"] if late else []
