"""The segments of a transcript put right by a glossary, also where a phrase reaches over the end of one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from creators.glossary.replace import corrected, edits
from creators.glossary.rules import Rule
from creators.transcripts.units import runs_of, second_of
from creators.transcripts.values import Segment

_REST_OF_WORD = re.compile(r"\S*")


def corrected_segments(segments: Sequence[Segment], rules: Sequence[Rule]) -> tuple[Segment, ...]:
    """Return the segments as they are meant, with what they were; without rules, as they are."""
    if not rules:
        return tuple(segments)
    return tuple(_corrected(segment, rules) for run in runs_of(segments) for segment in _gathered(run, rules))


def _corrected(segment: Segment, rules: Sequence[Rule]) -> Segment:
    text, corrections = corrected(segment.text, rules)
    return replace(segment, text=text, corrections=corrections) if corrections else segment


def _gathered(run: Sequence[Segment], rules: Sequence[Rule]) -> Iterator[Segment]:
    """Yield the segments of a run so that no heard phrase is parted.

    One that begins in a segment and ends in a later one moves into the first, and so does the time that it takes.
    """
    text = " ".join(segment.text for segment in run)
    starts = [0, *accumulate(len(segment.text) + 1 for segment in run)]
    begins = list(starts)
    for edit in edits(text, rules):
        for number in range(bisect_right(starts, edit.start), bisect_left(starts, edit.end)):
            begins[number] = edit.end + len(_word_rest(text, edit.end)) + 1
    for number, segment in enumerate(run):
        begin, end = begins[number], begins[number + 1] - 1
        if begin < end:
            start = segment.start if begin == starts[number] else _second(run, starts, begin)
            stop = segment.end if end + 1 == starts[number + 1] else _second(run, starts, end)
            yield replace(segment, text=text[begin:end], start=start, end=stop)


def _word_rest(text: str, at: int) -> str:
    match = _REST_OF_WORD.match(text, at)
    return match[0] if match else ""


def _second(run: Sequence[Segment], starts: Sequence[int], at: int) -> float | None:
    """Return the second of a place in the text of the whole run."""
    number = min(bisect_right(starts, at) - 1, len(run) - 1)
    return second_of(run[number], min(at - starts[number], len(run[number].text)))
