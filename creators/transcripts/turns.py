"""From pieces of talk to segments: one for each sentence, with times estimated between the clocks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from creators.transcripts.blocks import Block
from creators.transcripts.captions import JITTER
from creators.transcripts.clock import clock_of
from creators.transcripts.dialogue import Piece, pieces_of
from creators.transcripts.errors import TranscriptError
from creators.transcripts.sentences import sentence_spans
from creators.transcripts.values import Segment

PACE = 15.0
"""Characters a second of ordinary speech: the estimate where no later clock bounds the talk."""

SLOWEST = 4.0
"""Characters a second below which a pause is assumed: the talk then ends before the next clock."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    at: int
    """Characters of talk before it."""
    seconds: float


def segments_of_blocks(blocks: Sequence[Block], *, name: str) -> tuple[Segment, ...]:
    """Return a segment for each sentence of the blocks, code whole.

    Only the clocks of the text are exact. A sentence between two of them gets its times by its share of the
    characters, after the last one by ``PACE``: estimates, good to some seconds where clocks are frequent.
    """
    pieces = list(pieces_of(blocks, name=name))
    return tuple(_segments(pieces, _anchors(pieces, name)))


def _anchors(pieces: Sequence[Piece], name: str) -> list[_Anchor]:
    anchors: list[_Anchor] = []
    at, latest = 0, 0.0
    for piece in pieces:
        for seconds, ahead in ((piece.start, 0), (piece.until, len(piece.text))):
            if seconds is None:
                continue
            if seconds < latest - JITTER:
                reason = f"the clock runs back from {clock_of(latest)} to {clock_of(seconds)}"
                raise TranscriptError(name, reason, piece.line)
            latest = max(latest, seconds)
            anchors.append(_Anchor(at + ahead, latest))
        at += len(piece.text)
    return anchors


def _segments(pieces: Sequence[Piece], anchors: Sequence[_Anchor]) -> Iterator[Segment]:
    places = [anchor.at for anchor in anchors]
    at = 0
    for piece in pieces:
        spans = [(0, len(piece.text))] if piece.code else sentence_spans(piece.text)
        for number, (left, right) in enumerate(spans):
            start = end = None
            if anchors:
                region = bisect_right(places, at + left) - 1
                start, end = (_second(at + place, anchors, region) for place in (left, right))
            text = piece.text[left:right]
            yield Segment(text, start, end, piece.speaker, piece.heading, piece.paragraph and number == 0)
        at += len(piece.text)


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
