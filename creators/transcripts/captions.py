"""Captions as tools really write them: the markup of cues, and how cues of any format become segments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from html import unescape
from itertools import islice
from statistics import median

from creators.transcripts.cues import Cue, Cues
from creators.transcripts.segments import Segment, Segments, parse_timestamp
from creators.transcripts.speakers import with_speakers
from creators.transcripts.timing import mend, pace_notes

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.,]*>|</>")
_POSITION = re.compile(r"\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
# int() refuses thousands of digits, which html.unescape doesn't expect; no character has more than seven
_NO_CHARACTER = re.compile(r"&#(?:\d{8,}|[xX][\da-fA-F]{8,});?", re.ASCII)
_UNSEEN = {ord(c): None for c in "\u200b\u200c\u200e\u200f\u2060\ufeff\u202a\u202b\u202c"}


Lines = Callable[[], Iterator[str]]
"""Begins the lines of a file anew: they are gone through more than once and never held."""


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
    """Yield speaker and text for each ``<v Speaker>`` of a caption."""
    if "<v" in raw:
        before, *pairs = _VOICE.split(raw)
        if before.strip():
            yield "", before
        for speaker, text in zip(pairs[::2], pairs[1::2], strict=True):
            yield visible_text(speaker), text
        return
    yield "", raw


_HOLD = 0.1
"""Seconds below which a cue that repeats what stands there only holds the picture."""

_GAP = 1.0
"""Seconds of dark screen after which a line is said again, not shown again."""


def without_roll_up(cues: Cues) -> Cues:
    """Return the cues with each line at the time at which it first appeared, if the file rolls; else as they are.

    A speaker may say "Yeah." in two cues running, so the file as a whole has to roll: a third of its cues
    repeat lines above new ones, grow by words, or hold for an instant.
    """
    signs = sum(new != cue.lines and (bool(new) or cue.seconds < _HOLD) for cue, new in _news(cues))
    if signs < 2 or signs * 3 < len(cues):
        return cues
    return Cues(cue._replace(lines=new) for cue, new in _news(cues) if new)


def _news(cues: Cues) -> Iterator[tuple[Cue, tuple[str, ...]]]:
    """Yield each cue with its lines that are new."""
    above = None
    for cue in cues:
        yield cue, _new_lines(above, cue)
        above = cue


def _new_lines(above: Cue | None, cue: Cue) -> tuple[str, ...]:
    """Return the lines of a cue that the cue before it didn't show, or the words by which its last line grew."""
    if above is None or above.speaker != cue.speaker or (cue.start or 0.0) > (above.end or 0.0) + _GAP:
        return cue.lines
    for size in range(min(len(above.lines), len(cue.lines)), 0, -1):
        if above.lines[-size:] == cue.lines[:size]:
            return cue.lines[size:]
    last = above.lines[-1] + " "
    for index, line in enumerate(cue.lines):
        if line.startswith(last) and cue.lines[:index] == above.lines[len(above.lines) - 1 - index : -1]:
            return (line.removeprefix(last), *cue.lines[index + 1 :])
    return cue.lines


_ARROW = r"(?:--?>|–>|—>|→)"
_TIMING = re.compile(rf"\s*(?P<start>-?[\d:.,]+)\s*{_ARROW}\s*(?P<end>-?[\d:.,]+)(?:\s.*)?$", re.ASCII)
CLOCKLIKE = re.compile(r"\d:\d|:\d\d")


def scan_cues(lines: Iterable[str], *, is_label: Callable[[Sequence[str]], bool]) -> Iterator[Cue]:
    """Yield the cues of a file, whose text runs to the next line of times, blank lines or not.

    ``is_label`` tells whether the last of some lines, above times, is a cue's number or identifier and no text.
    """
    opened: tuple[float | None, float | None] | None = None
    shown: list[str] = []
    at, above = 0, ""
    for number, line in enumerate(lines, 1):
        times = _times(line, above) if ">" in line or "→" in line else None
        above = line
        if times is None:
            # a second blank line in a row says nothing, and there may be millions
            if line or not shown or shown[-1]:
                shown.append(line)
            continue
        if shown and is_label(shown):
            shown.pop()
        if opened:
            yield from spoken_cues(*opened, shown, at)
        opened, at, shown = times, number, []
    if opened:
        yield from spoken_cues(*opened, shown, at)


def _times(line: str, above: str) -> tuple[float | None, float | None] | None:
    """Return the times of a line, None for what can't be read of them, or None for a line of speech."""
    match = _TIMING.match(line)
    if match:
        return seconds_of(match["start"]), seconds_of(match["end"])
    left, arrow, right = line.partition("-->")
    # "File --> Export" is speech; "aa:bb --> 00:00:02,000" is a clock that can't be read
    if arrow and (CLOCKLIKE.search(left) or CLOCKLIKE.search(right) or above.strip().isdigit()):
        return seconds_of(left.strip()), seconds_of((right.split() or [""])[0])
    return None


def seconds_of(clock: str) -> float | None:
    """Return the seconds of a clock that may be negative, ``None`` where it is broken."""
    if clock.startswith("-"):
        seconds = parse_timestamp(clock[1:])
        return None if seconds is None else -seconds
    return parse_timestamp(clock)


def spoken_cues(start: float | None, end: float | None, shown: Sequence[str], at: int) -> Iterator[Cue]:
    """Yield a cue for each voice in what is shown, its markup removed, or none where it shows nothing."""
    for speaker, raw in voice_spans("\n".join(shown)):
        lines = tuple([text for line in raw.split("\n") if line and (text := visible_text(line))])
        if lines:
            yield Cue(start, end, lines, at, speaker)


def segments_of_cues(
    cues: Iterable[Cue], *, name: str, unit: str = "line", rolls: bool = True
) -> tuple[Segments, tuple[str, ...]]:
    """Return the segments of cues, each text once and in order of time, and notes of what was mended.

    ``unit`` is what the cues' places count; ``rolls`` says whether the format may show a line more than once.
    """
    read = Cues(cues, name=name)
    notes = mend(read, name=name, unit=unit)
    kept = without_roll_up(read) if rolls else read
    if len(kept) < len(read) and sum(len(c.lines) for c in kept) < sum(len(c.lines) for c in read):
        notes.append("captions that roll were read once")
    notes += pace_notes(kept, unit=unit)
    segments, speaker = Segments(), None
    for cue in with_words_joined(with_speakers(kept)):
        turn = cue.turn or cue.speaker != speaker
        segments.append(Segment(" ".join(cue.lines), cue.start, cue.end, cue.speaker, paragraph=turn))
        speaker = cue.speaker
    return segments, tuple(notes)


_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_LINE_WORDS = 10


def with_words_joined(cues: Cues) -> Iterable[Cue]:
    """Return the cues as lines of up to ten words, if the file has a cue for each word; else as they are."""
    if len(cues) < 20 or median(len(text.split()) for text in cues.texts) > 1:
        return cues
    if any(_UNSPACED.search(line) for cue in islice(cues, 20) for line in cue.lines):
        return cues
    return _joined_words(cues)


def _joined_words(cues: Cues) -> Iterator[Cue]:
    line: Cue | None = None
    words = 0
    for cue in cues:
        if line is None or words >= _LINE_WORDS or _parts(line, cue):
            if line:
                yield line
            line, words = cue, 1
        else:
            end = max(line.end or 0.0, cue.end or 0.0)
            line = line._replace(end=end, lines=(" ".join((*line.lines, *cue.lines)),))
            words += 1
    if line:
        yield line


def _parts(above: Cue, cue: Cue) -> bool:
    stops = above.lines[-1][-1:] in ".!?…"
    return stops or cue.turn or cue.speaker != above.speaker or (cue.start or 0.0) > (above.end or 0.0) + _GAP
