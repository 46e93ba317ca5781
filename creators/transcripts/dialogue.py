"""Dialogue in plain text: what each says, when, and where one turn ends."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from creators.transcripts.diarisation import Diarisation, Line, diarise, lines_of
from creators.transcripts.segments import TIMESTAMP, Block, Segment, TranscriptError, format_timestamp, parse_timestamp
from creators.transcripts.sentences import sentence_spans
from creators.transcripts.speakers import is_name
from creators.transcripts.timing import FEW, JITTER, NEAR, PACE, Repairs, rising

_INLINE_TIMESTAMP = re.compile(rf"\[\s*({TIMESTAMP})\s*\](?:\s*(?:to|[-–—])\s*\[\s*({TIMESTAMP})\s*\])?")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Talk from one clock to the next, or to the end of its paragraph; seconds, ``None`` where no clock stands."""

    text: str
    line: int
    heading: str = ""
    speaker: str = ""
    start: float | None = None
    until: float | None = None
    paragraph: bool = False
    code: bool = False


def utterances_of(blocks: Sequence[Block], *, repairs: Repairs) -> Iterator[Utterance]:
    """Yield the utterances of a text in order; one that holds only a clock has no text.

    A clock that can't be read goes to ``repairs``.
    """
    lines = lines_of(blocks)
    diarisation = diarise(lines)
    head, texts, speaker = Utterance("", 1), [""], ""
    for line, following in zip(lines, [*lines[1:], None], strict=False):
        begun = _begun(line, following, diarisation, speaker, repairs)
        if begun is None:
            texts.append(line.text)
            continue
        yield from _split(head, texts, diarisation, repairs)
        head, texts, speaker = begun, [begun.text], begun.speaker
    yield from _split(head, texts, diarisation, repairs)


def _begun(
    line: Line, following: Line | None, diarisation: Diarisation, speaker: str, repairs: Repairs
) -> Utterance | None:
    """Return the utterance that this line begins, without what follows on further lines, or ``None``."""
    heading = line.block.heading
    label = line.label
    if label and label.clock and diarisation.timed:
        who, rest = (label.speaker, label.rest) if label.speaker in diarisation.speakers else ("", label.whole)
        if not who and is_name(rest) and _speaks(following, line):
            who, rest = rest.strip(), ""
        start, until = (_seconds(clock, line.number, repairs) for clock in (label.clock, label.until))
        return Utterance(rest, line.number, heading, who or speaker, start, until, paragraph=bool(who))
    if label and not label.clock and label.speaker in diarisation.speakers:
        return Utterance(label.rest, line.number, heading, label.speaker, paragraph=True)
    if line.first or line.is_verse:
        return Utterance(line.text, line.number, heading, speaker, paragraph=line.first, code=line.block.code)
    return None


def _speaks(following: Line | None, line: Line) -> bool:
    """Say whether a name alone beside a clock is a speaker: text without a clock comes next, under the same heading."""
    if following is None or following.block.code or following.block.heading != line.block.heading:
        return False
    return following.label is None or not following.label.clock


def _split(head: Utterance, texts: list[str], diarisation: Diarisation, repairs: Repairs) -> Iterator[Utterance]:
    """Yield a utterance, parted where ``[mm:ss]`` stands inside it."""
    if head.code:
        yield head
        return
    text = " ".join(" ".join(texts).split())
    if not diarisation.timed or "[" not in text:
        yield replace(head, text=text)
        return
    before, *rest = _INLINE_TIMESTAMP.split(text)
    yield replace(head, text=before.strip())
    for clock, until, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        start, stop = (_seconds(shown or "", head.line, repairs) for shown in (clock, until))
        first = head.paragraph and not before.strip()
        before += after
        yield replace(head, text=after.strip(), start=start, until=stop, paragraph=first)


_UNREADABLE = ("the time can't be read and was estimated", "times can't be read and were estimated")
_RUNS_BACK = ("the clock runs back, so the time was estimated", "times run back and were estimated")


def _seconds(clock: str, line: int, repairs: Repairs) -> float | None:
    if not clock:
        return None
    seconds = parse_timestamp(clock)
    if seconds is None:
        repairs.add(_UNREADABLE, line)
    return seconds


SLOWEST = 4.0
"""Characters a second below which a pause is assumed: the talk then ends before the next clock."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    at: int
    """Characters of talk before it."""
    seconds: float


def segments_of_blocks(blocks: Sequence[Block], *, name: str) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
    """Return a segment for each sentence of the blocks, code whole, and notes of what was mended.

    Only the clocks of the text are exact. A sentence between two of them gets its times by its share of the
    characters, after the last one by ``PACE``: estimates, good to some seconds where clocks are frequent. A clock that
    can't be true counts for nothing; ``TranscriptError`` says where none can be read, or where they begin anew.
    """
    repairs = Repairs()
    utterances = list(utterances_of(blocks, repairs=repairs))
    begun = next((one.start for one in utterances if one.start is not None), 0.0)
    if begun >= DAYTIME:
        utterances = [_since(one, begun) for one in utterances]
    anchors = _anchors(utterances, repairs, name)
    if repairs.places and not anchors:
        line = min(min(places) for places in repairs.places.values())
        raise TranscriptError(name, "the time can't be read, and there is no other", line)
    day = (f"the clocks are the time of day and were read from the first, {format_timestamp(begun)}, on",)
    return tuple(_segments(utterances, anchors)), (*(day if begun >= DAYTIME else ()), *repairs.notes())


DAYTIME = 3 * 3600.0
"""Seconds of silence with which no recording begins: a first clock beyond is the time of day, as in a meeting."""
_DAY = 24 * 3600.0


def _since(utterance: Utterance, begun: float) -> Utterance:
    """Return an utterance with its seconds since the first clock, also past midnight."""
    start, until = (
        None if clock is None else clock - begun + _DAY * (clock < begun - _DAY / 2)
        for clock in (utterance.start, utterance.until)
    )
    return replace(utterance, start=start, until=until)


def _anchors(utterances: Sequence[Utterance], repairs: Repairs, name: str) -> list[_Anchor]:
    """Return the clocks that can be true: those of the longest run that never falls, and the ends that fit between."""
    timed = [(at, utterance) for at, utterance in _placed(utterances) if utterance.start is not None]
    starts = [utterance.start or 0.0 for _, utterance in timed]
    trusted = rising(starts)
    _refuse_two_recordings(timed, starts, trusted, repairs, name)
    anchors: list[_Anchor] = []
    for place, following in zip(trusted, [*trusted[1:], None], strict=True) if trusted else ():
        at, utterance = timed[place]
        anchors.append(_Anchor(at, starts[place]))
        next_at, next_start = (timed[following][0], starts[following]) if following is not None else (None, None)
        until, end = utterance.until, at + len(utterance.text)
        if until is None or until < starts[place] or (next_at is not None and end > next_at):
            continue
        if next_start is None or until <= next_start:
            anchors.append(_Anchor(end, until))
    return anchors


def _placed(utterances: Sequence[Utterance]) -> Iterator[tuple[int, Utterance]]:
    at = 0
    for utterance in utterances:
        yield at, utterance
        at += len(utterance.text)


def _refuse_two_recordings(
    timed: Sequence[tuple[int, Utterance]], starts: Sequence[float], trusted: Sequence[int], repairs: Repairs, name: str
) -> None:
    """Take down the clocks that are out of order; raise where so many are far off that the clock begins anew."""
    kept, far, latest = set(trusted), [], 0.0
    for place, start in enumerate(starts):
        if place in kept:
            latest = start
        elif abs(start - latest) > JITTER:
            repairs.add(_RUNS_BACK, timed[place][1].line)
            if abs(start - latest) > NEAR:
                far.append(place)
    if len(far) > max(1, len(starts) // FEW):
        at = next((place for place in range(1, len(starts)) if starts[place] < starts[place - 1] - NEAR), far[0])
        times = f"from {format_timestamp(starts[at - 1])} to {format_timestamp(starts[at])}"
        reason = f"the clock runs back {times}; make a file of each recording"
        raise TranscriptError(name, reason, timed[at][1].line)


def _segments(utterances: Sequence[Utterance], anchors: Sequence[_Anchor]) -> Iterator[Segment]:
    places = [anchor.at for anchor in anchors]
    at = 0
    for utterance in utterances:
        spans = [(0, len(utterance.text))] if utterance.code else sentence_spans(utterance.text)
        for number, (left, right) in enumerate(spans):
            start = end = None
            if anchors:
                region = bisect_right(places, at + left) - 1
                start, end = (_second(at + place, anchors, region) for place in (left, right))
            text = utterance.text[left:right]
            yield Segment(text, start, end, utterance.speaker, utterance.heading, utterance.paragraph and number == 0)
        at += len(utterance.text)


def _second(at: int, anchors: Sequence[_Anchor], region: int) -> float:
    """Return the estimated second of a character that stands after the anchor numbered ``region`` (-1: before all)."""
    if region < 0:
        return round(max(0.0, anchors[0].seconds - (anchors[0].at - at) / PACE), 3)
    here = anchors[region]
    pace = PACE
    if region + 1 < len(anchors):
        after = anchors[region + 1]
        if after.seconds <= here.seconds:
            return here.seconds
        pace = max((after.at - here.at) / (after.seconds - here.seconds), SLOWEST)
    return round(here.seconds + (at - here.at) / pace, 3)
