"""SubRip, the dumps that look like it, and SBV, in which YouTube Studio writes the same."""

import re
from collections.abc import Iterable, Iterator, Sequence

from creators.transcripts.captions import (
    CLOCKLIKE,
    Lines,
    scan_cues,
    seconds_of,
    segments_of_cues,
    spoken_cues,
    visible_text,
)
from creators.transcripts.cues import Cue
from creators.transcripts.segments import Transcript

_DUMPED = re.compile(
    r"\s*\[\s*(?P<start>-?[\d:.,]+)s?\s*(?:--?>|→|(?<=[\ds\s])[-–—](?=[\d.\s]+s?\s*\]))\s*(?P<end>-?[\d:.,]+)s?\s*\]"
    r"\s*(?P<text>.*)",
    re.ASCII,
)
"""A dash only between seconds: between clocks it is talk, where a speaker's name may follow."""


def read_subrip(lines: Lines, *, name: str) -> Transcript:
    """Return the transcript of SubRip cues; numbers, hours and the kind of decimal mark are as the file likes."""
    cues = _dumped(lines()) if is_dump(lines()) else scan_cues(lines(), is_label=_is_number)
    segments, warnings = segments_of_cues(cues, name=name)
    return Transcript(segments, warnings=warnings)


def is_dump(lines: Iterable[str]) -> bool:
    """Say whether the first line that says anything is ``[start → end] text``."""
    first = next((line for line in lines if line.strip()), "")
    return _DUMPED.match(first) is not None


def _is_number(lines: Sequence[str]) -> bool:
    return lines[-1].strip().isdigit()


def _dumped(lines: Iterable[str]) -> Iterator[Cue]:
    opened: tuple[float | None, float | None] | None = None
    shown: list[str] = []
    at = 0
    for number, line in enumerate(lines, 1):
        match = _DUMPED.match(line)
        if match:
            if opened and shown:
                yield Cue(*opened, tuple(shown), at)
            opened, at, shown = (seconds_of(match["start"]), seconds_of(match["end"])), number, []
        if text := visible_text(match["text"] if match else line):
            shown.append(text)
    if opened and shown:
        yield Cue(*opened, tuple(shown), at)


_LONGEST_TIMES = 40
_SBV = re.compile(r"\s*(?P<start>-?\d+:\d\d:\d\d[.,]\d+)\s*,\s*(?P<end>-?\d+:\d\d:\d\d[.,]\d+)\s*$", re.ASCII)


def has_sbv_times(line: str) -> bool:
    """Say whether a line holds the two clocks of YouTube's SBV."""
    return _SBV.match(line) is not None


def read_sbv(text: str, *, name: str) -> Transcript:
    """Return the transcript of SBV, as YouTube Studio writes it: ``0:00:01.000,0:00:04.000`` and text below."""
    lines = text.split("\n")
    found = [(at, times) for at, line in enumerate(lines) if (times := _sbv_times(line, lines, at))]
    ends = [at for at, _ in found[1:]]
    cues = (
        cue
        for (at, times), end in zip(found, [*ends, len(lines)], strict=False)
        for cue in spoken_cues(*times, [part for line in lines[at + 1 : end] for part in line.split("[br]")], at + 1)
    )
    segments, notes = segments_of_cues(cues, name=name)
    return Transcript(segments, warnings=notes)


def _sbv_times(line: str, lines: Sequence[str], at: int) -> tuple[float | None, float | None] | None:
    if match := _SBV.match(line):
        return seconds_of(match["start"]), seconds_of(match["end"])
    line = line.strip()
    start, comma, end = line.partition(",")
    is_alone = at == 0 or not lines[at - 1].strip()
    if not comma or not is_alone or len(line) > _LONGEST_TIMES or " " in line or not CLOCKLIKE.search(line):
        return None
    return seconds_of(start), seconds_of(end)
