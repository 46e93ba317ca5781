"""The times of cues: what is exact is sorted, what can't be true is estimated, and a note says where."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan, nan

import numpy as np

from creators.transcripts.cues import Cues, Times
from creators.transcripts.segments import TranscriptError, format_timestamp

PACE = 15.0
"""Characters a second of ordinary speech: the estimate where no later clock bounds the talk."""
TOO_FAST = 60.0
"""Characters a second that nobody speaks."""
JITTER = 1.0
"""Seconds by which a cue may end before it starts, or be early, without being wrong."""
NEAR = 10.0
"""Seconds that a cue may be out of order and still be exact: people speak at the same time."""
FEW = 5
"""One in so many times may be wrong before none is believed."""
_WINDOW = 20

_UNREADABLE = ("the times can't be read and were estimated", "times can't be read and were estimated")
_NEGATIVE = ("the time is negative and was set to 0", "times are negative and were set to 0")
_SWAPPED = ("the end stands before the start and was put right", "ends stand before their starts and were put right")
_EARLY = ("the clock runs back, so this was put where its time belongs", "times run back and were put in order")
_WRONG = ("the clock runs back, so the time was estimated", "times run back or far ahead and were estimated")


@dataclass(slots=True)
class Repairs:
    """What was put right, by kind, with the places where; ``unit`` names what is counted, such as line."""

    unit: str = "line"
    places: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(self, kind: tuple[str, str], place: int) -> None:
        """Take down one repair."""
        self.places.setdefault(kind, []).append(place)

    def notes(self) -> list[str]:
        """Return a note for each kind, with the first of its places."""
        return [
            f"{self.unit} {found[0]}: {one}"
            if len(found) == 1
            else f"{len(found)} {many}; first at {self.unit} {found[0]}"
            for (one, many), found in self.places.items()
        ]


def mend(cues: Cues, *, name: str, unit: str = "line") -> list[str]:
    """Put the cues in order of time, each with a start and an end, and return notes of what was put right.

    A time that can't be true costs one cue its exactness. Raises ``TranscriptError`` where no time can be read, and
    where the clock begins anew: two recordings in one file can't be told apart.
    """
    if not cues:
        return []
    starts, ends = cues.times()
    if np.isnan(starts).all() and np.isnan(ends).all():
        raise TranscriptError(name, "holds no times that can be read", cues.place(0) if unit == "line" else None)
    repairs = Repairs(unit)
    for at in np.flatnonzero((starts < 0) | (ends < 0)).tolist():
        repairs.add(_NEGATIVE, cues.place(at))
        starts[at] = 0.0 if starts[at] < 0 else starts[at]
        ends[at] = nan if ends[at] < 0 else ends[at]
    _put_ends_after_starts(cues, repairs)
    _take_out_wrong_starts(cues, repairs, name)
    _estimate(cues, repairs)
    cues.sort()
    return repairs.notes()


def _put_ends_after_starts(cues: Cues, repairs: Repairs) -> None:
    starts, ends = cues.times()
    for at in np.flatnonzero(ends < starts).tolist():
        start, end = starts[at], ends[at]
        if end >= start - JITTER:
            ends[at] = start
            continue
        repairs.add(_SWAPPED, cues.place(at))
        before = starts[at - 1] if at else 0.0
        after = starts[at + 1] if at + 1 < len(cues) else nan
        # nothing is greater than NaN, so that a neighbour without a time forbids nothing
        if before - JITTER > end or start > after + JITTER:
            ends[at] = nan
        else:
            starts[at], ends[at] = end, start


def rising(values: Sequence[float]) -> list[int]:
    """Return where the longest run of values stands that never falls, gaps allowed, in n log n steps."""
    tails: list[float] = []
    ends: list[int] = []
    before: list[int] = []
    for at, value in enumerate(values):
        place = bisect_right(tails, value)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            ends.append(at)
        else:
            tails[place], ends[place] = value, at
    found: list[int] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]


def _take_out_wrong_starts(cues: Cues, repairs: Repairs, name: str) -> None:
    """Take out the starts that can't be true; what is out of order and exact stays, to be sorted."""
    all_starts, all_ends = cues.times()
    known = np.flatnonzero(~np.isnan(all_starts))
    if not (all_starts[known][1:] < all_starts[known][:-1]).any():
        return
    starts: list[float] = all_starts[known].tolist()
    trusted = rising(starts)
    far = _far_off(starts, trusted)
    wrong = far - _moved_blocks(starts, trusted, far)
    if len(wrong) > max(1, len(starts) // FEW):
        if not _sorts_exactly(all_starts[known], all_ends[known], [cues.speakers[at] for at in known.tolist()]):
            raise _runs_back(cues, name)
        wrong = set()
    latest = 0.0
    for place, (at, start) in enumerate(zip(known.tolist(), starts, strict=True)):
        if place in wrong:
            all_starts[at] = all_ends[at] = nan
            repairs.add(_WRONG, cues.place(at))
        elif start < latest:
            repairs.add(_EARLY, cues.place(at))
        else:
            latest = start


def _far_off(starts: Sequence[float], trusted: Sequence[int]) -> set[int]:
    """Return which starts lie more than ``NEAR`` seconds from those that stand around them in the file."""
    far = set()
    below, following = 0.0, 0
    for at, start in enumerate(starts):
        if following < len(trusted) and trusted[following] == at:
            below, following = start, following + 1
            continue
        above = starts[trusted[following]] if following < len(trusted) else below
        if not below - NEAR <= start <= above + NEAR:
            far.add(at)
    return far


def _moved_blocks(starts: Sequence[float], trusted: Sequence[int], far: set[int]) -> set[int]:
    """Return which of these cues stand in a block of three or more that fits a gap between the others whole."""
    believed = [starts[at] for at in trusted]
    moved: set[int] = set()
    block: list[int] = []
    for at in [*sorted(far), len(starts) + 1]:
        if block and at == block[-1] + 1 and starts[at] >= starts[block[-1]]:
            block.append(at)
            continue
        if len(block) >= 3:
            place = bisect_right(believed, starts[block[0]])
            if 0 < place < len(believed) and starts[block[-1]] <= believed[place]:
                moved.update(block)
        block = [at]
    return moved


def _sorts_exactly(starts: Times, ends: Times, speakers: Sequence[str]) -> bool:
    """Say whether cues out of order make sense once sorted: each speaker's in order, or many out of order and apart."""
    latest: dict[str, float] = {}
    by_speaker = True
    for start, speaker in zip(starts.tolist(), speakers, strict=True):
        by_speaker = by_speaker and start >= latest.get(speaker, 0.0) - NEAR
        latest[speaker] = start
    if by_speaker and len(latest) > 1:
        return True
    order = np.argsort(starts, kind="stable")
    stops = np.where(np.isnan(ends), starts, ends)[order]
    overlap = int((starts[order][1:] < stops[:-1] - 0.1).sum())
    falls = int((starts[1:] < starts[:-1]).sum())
    return falls * 3 > len(starts) > 3 and overlap * 50 <= len(starts)


def _runs_back(cues: Cues, name: str) -> TranscriptError:
    latest = 0.0
    for cue in cues:
        start = cue.start if cue.start is not None else latest
        if start < latest - NEAR:
            break
        latest = max(latest, start)
    times = f"from {format_timestamp(latest)} to {format_timestamp(start)}"
    return TranscriptError(name, f"the clock runs back {times}; make a file of each recording", cue.line)


def _estimate(cues: Cues, repairs: Repairs) -> None:
    """Give an estimate to each start and end that is missing, between those that are known."""
    starts, ends = cues.times()
    wrong = {place for places in repairs.places.values() for place in places}
    missing = np.flatnonzero(np.isnan(starts))
    for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1) if len(missing) else ():
        for at in run.tolist():
            if cues.place(at) not in wrong:
                repairs.add(_UNREADABLE, cues.place(at))
        _spread(cues, int(run[0]), int(run[-1]) + 1)
    for at in np.flatnonzero(np.isnan(ends)).tolist():
        ends[at] = _end(cues, at, starts[at + 1] if at + 1 < len(cues) else nan)


def _end(cues: Cues, at: int, following: float) -> float:
    start = cues.starts[at]
    end = start + cues.size(at) / PACE
    return min(end, following) if following > start else end


def _spread(cues: Cues, first: int, last: int) -> None:
    """Spread cues without starts, from ``first`` to before ``last``, by their characters between those around them."""
    starts, ends = cues.starts, cues.ends
    sizes = [cues.size(at) for at in range(first, last)]
    size = sum(sizes)
    high = starts[last] if last < len(cues) else None
    known_end = next((end for end in ends[first:last] if not isnan(end)), None)
    before = first - 1
    low = 0.0
    if first:
        low = max(starts[before], _end(cues, before, nan) if isnan(ends[before]) else ends[before])
    elif high is not None or known_end is not None:
        low = max(0.0, (high if high is not None else known_end or 0.0) - size / PACE)
    if high is not None and low > high:
        low = min(starts[before], high) if first else 0.0
    span = size / PACE if high is None else high - low
    done = 0
    for at, own in zip(range(first, last), sizes, strict=True):
        start = low + span * done / max(size, 1)
        done += own
        end = low + span * done / max(size, 1)
        stop = ends[at] if start <= ends[at] <= end else min(end, start + own / PACE)
        starts[at], ends[at] = round(start, 3), round(max(start, stop), 3)


def pace_notes(cues: Cues, *, unit: str) -> list[str]:
    """Return a note where so much is said in so little time that the times can't be true."""
    width = min(_WINDOW, len(cues) - 1)
    if width < 4:
        return []
    starts, ends = cues.times()
    sums = np.zeros(len(cues) + 1, np.int64)
    np.cumsum([cues.size(at) for at in range(len(cues))], out=sums[1:])
    seconds = starts[width:] - starts[:-width]
    too_fast = np.flatnonzero(sums[width:-1] - sums[: -width - 1] > TOO_FAST * np.maximum(seconds, 0.5))
    if not len(too_fast):
        return []
    at = int(too_fast[0])
    told = f"{width} of them in {seconds[at]:.1f} s"
    whole = ends[-1] - starts[0]
    if sums[-1] > TOO_FAST * whole:
        told = f"{len(cues)} of them in {whole:.1f} s"
    return [f"from {unit} {cues.place(at)} on nobody can speak as fast as the times say ({told}): look at them"]
