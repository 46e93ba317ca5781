"""Captions: SubRip and WebVTT, cue by cue, as tools really write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape

from creators.transcripts.segments import Segment, Transcript, TranscriptError, format_timestamp, parse_timestamp

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.,]*>|</>")
_POSITION = re.compile(r"\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
_DIARISED = re.compile(r"\s*\[?(SPEAKER_\d+)\]?:\s*")
# int() refuses thousands of digits, which html.unescape doesn't expect; no character has more than seven
_NO_CHARACTER = re.compile(r"&#(?:\d{8,}|[xX][\da-fA-F]{8,});?", re.ASCII)
_UNSEEN = {ord(c): None for c in "\u200b\u200c\u200e\u200f\u2060\ufeff\u202a\u202b\u202c"}


def decode_entities(text: str) -> str:
    """Return the text with its HTML entities decoded; a reference to what is no character becomes U+FFFD."""
    return unescape(_NO_CHARACTER.sub("\ufffd", text))


def visible_text(line: str) -> str:
    """Return one line of a caption as a viewer sees it, spaces single, no tags, entities decoded."""
    if "<" in line:
        line = _TAG.sub("", line)
    if "{" in line:
        line = _POSITION.sub("", line)
    if "&" in line:
        line = decode_entities(line)
    if not line.isascii():
        line = line.translate(_UNSEEN)
    return " ".join(line.split())


def voice_spans(raw: str) -> Iterator[tuple[str, str]]:
    """Yield speaker and text for each ``<v Speaker>`` of a caption, or for a diariser's ``[SPEAKER_01]:`` before it."""
    if "<v" in raw:
        before, *pairs = _VOICE.split(raw)
        if before.strip():
            yield "", before
        for speaker, text in zip(pairs[::2], pairs[1::2], strict=True):
            yield visible_text(speaker), text
        return
    diarised = _DIARISED.match(raw) if "SPEAKER_" in raw else None
    yield (diarised[1], raw[diarised.end() :]) if diarised else ("", raw)


_HOLD = 0.1
"""Seconds below which a cue that repeats what stands there only holds the picture."""

_GAP = 1.0
"""Seconds of dark screen after which a line is said again, not shown again."""


def without_roll_up(cues: list[Cue]) -> list[Cue]:
    """Return the cues with each line at the time at which it first appeared, if the file rolls; else as they are.

    A speaker may say "Yeah." in two cues running, so the file as a whole has to roll: a third of its cues
    repeat lines above new ones, grow by words, or hold for an instant.
    """
    news = [_new_lines(above, cue) for above, cue in zip([None, *cues], cues, strict=False)]
    signs = sum(
        new != cue.lines and (bool(new) or cue.end - cue.start < _HOLD) for new, cue in zip(news, cues, strict=True)
    )
    if signs < 2 or signs * 3 < len(cues):
        return cues
    return [replace(cue, lines=new) for new, cue in zip(news, cues, strict=True) if new]


def _new_lines(above: Cue | None, cue: Cue) -> tuple[str, ...]:
    """Return the lines of a cue that the cue before it didn't show, or the words by which its last line grew."""
    if above is None or above.speaker != cue.speaker or cue.start > above.end + _GAP:
        return cue.lines
    for size in range(min(len(above.lines), len(cue.lines)), 0, -1):
        if above.lines[-size:] == cue.lines[:size]:
            return cue.lines[size:]
    last = above.lines[-1] + " "
    for index, line in enumerate(cue.lines):
        if line.startswith(last) and cue.lines[:index] == above.lines[len(above.lines) - 1 - index : -1]:
            return (line.removeprefix(last), *cue.lines[index + 1 :])
    return cue.lines


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


def scan_cues(lines: Sequence[str], *, name: str, is_label: Callable[[Sequence[str], int], bool]) -> Iterator[Cue]:
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
        start, end = parse_timestamp(match["start"]), parse_timestamp(match["end"])
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
    for speaker, raw in voice_spans("\n".join(cue.lines)):
        lines = tuple(filter(None, (visible_text(line) for line in raw.split("\n"))))
        if lines:
            yield replace(cue, lines=lines, speaker=speaker)


def segments_of_cues(cues: Iterable[Cue], *, name: str) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """Return the segments of cues, each text once and in order of time, and warnings of what was mended."""
    ordered, warnings = in_time_order(list(cues), name=name)
    kept = without_roll_up(ordered)
    if len(kept) < len(ordered) and sum(len(c.lines) for c in kept) < sum(len(c.lines) for c in ordered):
        warnings.append("captions that roll were read once")
    segments, speaker = [], None
    for cue in kept:
        segments.append(Segment(" ".join(cue.lines), cue.start, cue.end, cue.speaker, paragraph=cue.speaker != speaker))
        speaker = cue.speaker
    return tuple(segments), tuple(warnings)


def in_time_order(cues: list[Cue], *, name: str) -> tuple[list[Cue], list[str]]:
    """Return the cues in order of time; refuse a clock that runs back by more than ``JITTER``."""
    latest, late, mended = 0.0, 0, []
    for cue in cues:
        if cue.end < cue.start - JITTER:
            raise TranscriptError(name, f"a cue ends at {format_timestamp(cue.end)}, before it starts", cue.line)
        if cue.start < latest - JITTER:
            reason = f"the clock runs back from {format_timestamp(latest)} to {format_timestamp(cue.start)}"
            raise TranscriptError(name, reason, cue.line)
        late += cue.start < latest
        latest = max(latest, cue.start)
        mended.append(replace(cue, end=cue.start) if cue.end < cue.start else cue)
    if late:
        mended.sort(key=lambda cue: cue.start)
    return mended, [f"{late} cues started up to a second early and were put in order"] if late else []


_DUMPED = re.compile(r"\s*\[\s*(?P<start>[\d:.,]+)s?\s*(?:--?>|→)\s*(?P<end>[\d:.,]+)s?\s*\]\s*(?P<text>.*)", re.ASCII)


def read_subrip(text: str, *, name: str) -> Transcript:
    """Return the transcript of SubRip cues; numbers, hours and the kind of decimal mark are as the file likes."""
    lines = text.split("\n")
    cues = list(_dumped(lines, name)) if is_dump(lines) else list(scan_cues(lines, name=name, is_label=_is_number))
    segments, warnings = segments_of_cues(cues, name=name)
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
        start, end = parse_timestamp(match["start"]), parse_timestamp(match["end"])
        if start is None or end is None:
            raise TranscriptError(name, f"the times “{lines[at].strip()[:60]}” can't be read", at + 1)
        shown = tuple(filter(None, map(visible_text, (match["text"], *lines[at + 1 : end_at]))))
        if shown:
            yield Cue(start, end, shown, at + 1)


_HEADER = re.compile(r"WEBVTT(?:[ \t]|$)")
_LANGUAGE = re.compile(r"Language:\s*([A-Za-z0-9-]+)\s*$")
_ASIDE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")


def has_header(text: str) -> bool:
    """Say whether the text begins as a WebVTT file has to."""
    return _HEADER.match(text.partition("\n")[0]) is not None


def read_webvtt(text: str, *, name: str) -> Transcript:
    """Return the transcript of WebVTT cues: voices are speakers, notes and styles are left out."""
    lines = text.split("\n")
    language = _strip_asides(lines)
    segments, warnings = segments_of_cues(scan_cues(lines, name=name, is_label=_is_identifier), name=name)
    return Transcript(segments, language=language, warnings=warnings)


def _is_identifier(lines: Sequence[str], at: int) -> bool:
    return at == 0 or not lines[at - 1].strip()


def _strip_asides(lines: list[str]) -> str:
    """Blank the header, notes, styles and regions, so that line numbers stay true; return the header's language."""
    language, aside = "", True
    for at, line in enumerate(lines):
        if not line.strip() or "-->" in line:
            aside = False
        elif not aside and _ASIDE.match(line) and _is_identifier(lines, at):
            aside = True
        if aside:
            found = _LANGUAGE.match(line)
            language = language or (found[1] if found else "")
            lines[at] = ""
    return language
