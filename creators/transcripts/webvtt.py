"""WebVTT, and the joined segments of a stream in it."""

import re
from collections.abc import Iterable, Iterator, Sequence

from creators.transcripts.captions import Lines, scan_cues, segments_of_cues
from creators.transcripts.cues import Cue
from creators.transcripts.segments import Transcript, parse_timestamp

_HEADER = re.compile(r"WEBVTT(?:[ \t]|$)")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z0-9-]+)\s*$")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION|WEBVTT)(?:\s|$)|X-TIMESTAMP-MAP=")


def has_header(text: str) -> bool:
    """Say whether the text begins as a WebVTT file has to."""
    return _HEADER.match(text.partition("\n")[0]) is not None


_MAP = re.compile(r"X-TIMESTAMP-MAP=(?=.*MPEGTS:(?P<ticks>\d{1,12}))(?=.*LOCAL:(?P<local>[\d:.]+))", re.ASCII)
_TICKS = 90_000
"""MPEG's clock, in ticks a second; it begins anew after 2 ** 33 of them."""


def read_webvtt(lines: Lines, *, name: str) -> Transcript:
    """Return the transcript of WebVTT cues: voices are speakers, notes and styles are left out.

    The segments of a stream, joined, are placed by their ``X-TIMESTAMP-MAP``; a cue that two of them hold comes once.
    """
    offsets = _offsets(lines())
    languages: list[str] = []
    cues: Iterable[Cue] = scan_cues(_without_asides(lines(), languages), is_label=_is_identifier)
    if len(offsets) > 1:
        cues = _joined(cues, offsets)
    segments, warnings = segments_of_cues(cues, name=name)
    return Transcript(segments, language=next(iter(languages), ""), warnings=warnings)


def _offsets(lines: Iterable[str]) -> list[tuple[int, float]]:
    """Return the seconds to add to the cues below each header of a joined stream, with the header's line from 1."""
    found: list[tuple[int, float]] = []
    first: int | None = None
    for at, line in enumerate(lines):
        if not line.startswith("X-TIMESTAMP-MAP") and not (at and line.startswith("WEBVTT") and _HEADER.match(line)):
            continue
        match = _MAP.match(line)
        local = parse_timestamp(match["local"]) if match else None
        if match is None or local is None:
            found.append((at + 1, 0.0))
            continue
        ticks = int(match["ticks"]) - round(local * _TICKS)
        first = ticks if first is None else first
        found.append((at + 1, ((ticks - first + 2**32) % 2**33 - 2**32) / _TICKS))
    return found


def _joined(cues: Iterable[Cue], offsets: Sequence[tuple[int, float]]) -> Iterator[Cue]:
    seen: set[int] = set()
    at, offset = 0, 0.0
    for cue in cues:
        while at < len(offsets) and offsets[at][0] < cue.line:
            offset = offsets[at][1]
            at += 1
        start, end = (None if time is None else round(time + offset, 3) for time in (cue.start, cue.end))
        told = hash((start, end, cue.lines))
        if told not in seen:
            seen.add(told)
            yield cue._replace(start=start, end=end)


def _is_identifier(lines: Sequence[str]) -> bool:
    return len(lines) > 1 and not lines[-2].strip()


def _without_asides(lines: Iterable[str], languages: list[str]) -> Iterator[str]:
    """Yield the lines with the header, notes, styles and regions blank, so that line numbers stay true.

    Languages that are named there are added to ``languages``.
    """
    aside, above = True, ""
    for line in lines:
        if not line or line.isspace() or "-->" in line:
            aside = False
        elif not aside and line[0] in "NSRWX" and _ASIDE.match(line) and (not above or line.strip() == "WEBVTT"):
            aside = True
        if aside and (found := _LANGUAGE.match(line)):
            languages.append(found[1])
        above = "" if aside else line.strip()
        yield "" if aside else line
