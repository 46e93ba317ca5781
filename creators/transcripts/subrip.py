"""The reader of SubRip (.srt), and of the lines ``[0.00 → 7.00] text`` that some tools write under its name."""

import re
from collections.abc import Iterator, Sequence

from creators.transcripts.captions import Cue, scan, segments_of
from creators.transcripts.clock import seconds_of
from creators.transcripts.errors import TranscriptError
from creators.transcripts.markup import plain
from creators.transcripts.values import Transcript

_DUMPED = re.compile(r"\s*\[\s*(?P<start>[\d:.,]+)s?\s*(?:--?>|→)\s*(?P<end>[\d:.,]+)s?\s*\]\s*(?P<text>.*)", re.ASCII)


def read_subrip(text: str, *, name: str) -> Transcript:
    """Return the transcript of SubRip cues; numbers, hours and the kind of decimal mark are as the file likes."""
    lines = text.split("\n")
    cues = list(_dumped(lines, name)) if is_dump(lines) else list(scan(lines, name=name, is_label=_is_number))
    segments, warnings = segments_of(cues, name=name)
    return Transcript(segments, warnings=warnings)


def is_dump(lines: list[str]) -> bool:
    """Say whether the first line that says anything is ``[start → end] text``."""
    first = next((line for line in lines if line.strip()), "")
    return _DUMPED.match(first) is not None


def _is_number(lines: Sequence[str], at: int) -> bool:
    return lines[at].strip().isdigit()


def _dumped(lines: list[str], name: str) -> Iterator[Cue]:
    found = [(at, match) for at, line in enumerate(lines) if (match := _DUMPED.match(line))]
    ends = [at for at, _ in found[1:]]
    for (at, match), end_at in zip(found, [*ends, len(lines)], strict=True):
        start, end = seconds_of(match["start"]), seconds_of(match["end"])
        if start is None or end is None:
            raise TranscriptError(name, f"the times “{lines[at].strip()[:60]}” can't be read", at + 1)
        shown = tuple(filter(None, map(plain, (match["text"], *lines[at + 1 : end_at]))))
        if shown:
            yield Cue(start, end, shown, at + 1)
