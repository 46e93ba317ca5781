"""Cues and their times: what is exact is sorted, what can't be true is estimated, and a note says where."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from creators.transcripts.segments import TranscriptError, format_timestamp


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue as it stands in the file: seconds, the lines it shows, and where it stands, from 1.

    A time is None where the file has none that can be read. ``turn`` says that somebody else begins to speak.
    """

    start: float | None
    end: float | None
    lines: tuple[str, ...]
    line: int
    speaker: str = ""
    turn: bool = False

    @property
    def seconds(self) -> float:
        """How long it stands, 0 where that isn't known."""
        return 0.0 if self.start is None or self.end is None else self.end - self.start

    @property
    def size(self) -> int:
        """How many characters it shows."""
        return sum(map(len, self.lines))


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


def mended(cues: Sequence[Cue], *, name: str, unit: str = "line") -> tuple[list[Cue], list[str]]:
    """Return the cues in order of time, each with a start and an end, and notes of what was put right.

    A time that can't be true costs one cue its exactness. Raises ``TranscriptError`` where no time can be read, and
    where the clock begins anew: two recordings in one file can't be told apart.
    """
    if not cues:
        return [], []
    if all(cue.start is None and cue.end is None for cue in cues):
        raise TranscriptError(name, "holds no times that can be read", cues[0].line if unit == "line" else None)
    repairs = Repairs(unit)
    kept = [_above_zero(cue, repairs) for cue in cues]
    kept = _ends_after_starts(kept, repairs)
    kept = _without_wrong_starts(kept, repairs, name)
    kept = _estimated(kept, repairs)
    kept.sort(key=lambda cue: cue.start or 0.0)
    return kept, repairs.notes()


def _above_zero(cue: Cue, repairs: Repairs) -> Cue:
    if (cue.start is None or cue.start >= 0) and (cue.end is None or cue.end >= 0):
        return cue
    repairs.add(_NEGATIVE, cue.line)
    start = None if cue.start is None else max(0.0, cue.start)
    return replace(cue, start=start, end=None if cue.end is None or cue.end < 0 else cue.end)


def _ends_after_starts(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    kept = list(cues)
    for at, cue in enumerate(cues):
        if cue.start is None or cue.end is None or cue.end >= cue.start:
            continue
        if cue.end >= cue.start - JITTER:
            kept[at] = replace(cue, end=cue.start)
            continue
        repairs.add(_SWAPPED, cue.line)
        before = kept[at - 1].start if at else 0.0
        after = cues[at + 1].start if at + 1 < len(cues) else None
        fits = (before is None or before - JITTER <= cue.end) and (after is None or cue.start <= after + JITTER)
        kept[at] = replace(cue, start=cue.end, end=cue.start) if fits else replace(cue, end=None)
    return kept


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


def _without_wrong_starts(cues: list[Cue], repairs: Repairs, name: str) -> list[Cue]:
    """Return the cues without the starts that can't be true; what is out of order and exact stays, to be sorted."""
    known = [at for at, cue in enumerate(cues) if cue.start is not None]
    starts = [cues[at].start or 0.0 for at in known]
    if all(one <= other for one, other in pairwise(starts)):
        return cues
    trusted = rising(starts)
    far = _far_off(starts, trusted)
    moved = _moved_blocks([cues[at] for at in known], trusted, far)
    wrong = far - moved
    if len(wrong) > max(1, len(known) // FEW):
        if not _sorts_exactly([cues[at] for at in known]):
            raise _runs_back([cues[at] for at in known], name)
        wrong = set()
    kept = list(cues)
    latest = 0.0
    for place, (at, start) in enumerate(zip(known, starts, strict=True)):
        if place in wrong:
            kept[at] = replace(cues[at], start=None, end=None)
            repairs.add(_WRONG, cues[at].line)
        elif start < latest:
            repairs.add(_EARLY, cues[at].line)
        else:
            latest = start
    return kept


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


def _moved_blocks(cues: Sequence[Cue], trusted: Sequence[int], far: set[int]) -> set[int]:
    """Return which of these cues stand in a block of three or more that fits a gap between the others whole."""
    starts = [cues[at].start or 0.0 for at in trusted]
    moved: set[int] = set()
    block: list[int] = []
    for at in [*sorted(far), len(cues) + 1]:
        if block and at == block[-1] + 1 and (cues[at].start or 0.0) >= (cues[block[-1]].start or 0.0):
            block.append(at)
            continue
        if len(block) >= 3:
            place = bisect_right(starts, cues[block[0]].start or 0.0)
            if 0 < place < len(starts) and (cues[block[-1]].start or 0.0) <= starts[place]:
                moved.update(block)
        block = [at]
    return moved


def _sorts_exactly(cues: Sequence[Cue]) -> bool:
    """Say whether cues out of order make sense once sorted: each speaker's in order, or many out of order and apart."""
    latest: dict[str, float] = {}
    by_speaker = True
    for cue in cues:
        start = cue.start or 0.0
        by_speaker = by_speaker and start >= latest.get(cue.speaker, 0.0) - NEAR
        latest[cue.speaker] = start
    if by_speaker and len(latest) > 1:
        return True
    ordered = sorted(cues, key=lambda cue: cue.start or 0.0)
    overlap = sum((other.start or 0.0) < (one.end or one.start or 0.0) - 0.1 for one, other in pairwise(ordered))
    falls = sum((other.start or 0.0) < (one.start or 0.0) for one, other in pairwise(cues))
    return falls * 3 > len(cues) > 3 and overlap * 50 <= len(cues)


def _runs_back(cues: Sequence[Cue], name: str) -> TranscriptError:
    latest = 0.0
    for cue in cues:
        start = cue.start or 0.0
        if start < latest - NEAR:
            break
        latest = max(latest, start)
    times = f"from {format_timestamp(latest)} to {format_timestamp(start)}"
    return TranscriptError(name, f"the clock runs back {times}; make a file of each recording", cue.line)


def _estimated(cues: list[Cue], repairs: Repairs) -> list[Cue]:
    """Return the cues with an estimate for each start and end that is missing, between those that are known."""
    kept: list[Cue] = []
    wrong = {place for places in repairs.places.values() for place in places}
    at = 0
    while at < len(cues):
        end = at
        while end < len(cues) and cues[end].start is None:
            end += 1
        if end > at:
            for cue in cues[at:end]:
                if cue.line not in wrong:
                    repairs.add(_UNREADABLE, cue.line)
            kept += _between(kept[-1] if kept else None, cues[at:end], cues[end] if end < len(cues) else None)
        if end < len(cues):
            kept.append(cues[end])
        at = end + 1
    following = kept[1:]
    ends = [_end(cue, other.start) for cue, other in zip(kept, [*following, Cue(None, None, (), 0)], strict=True)]
    return [cue if cue.end is not None else replace(cue, end=end) for cue, end in zip(kept, ends, strict=True)]


def _end(cue: Cue, following: float | None) -> float:
    start = cue.start or 0.0
    end = start + cue.size / PACE
    return end if following is None or following <= start else min(end, following)


def _between(before: Cue | None, cues: Sequence[Cue], after: Cue | None) -> list[Cue]:
    """Return cues without starts, spread by their characters between two that are known."""
    size = sum(cue.size for cue in cues)
    first = next((cue.end for cue in cues if cue.end is not None), None)
    high = after.start if after else None
    low = 0.0
    if before is not None:
        low = max(before.start or 0.0, before.end if before.end is not None else _end(before, None))
    elif high is not None or first is not None:
        low = max(0.0, (high if high is not None else first or 0.0) - size / PACE)
    if high is not None and low > high:
        low = min(before.start or 0.0, high) if before else 0.0
    span = size / PACE if high is None else high - low
    placed, done = [], 0
    for cue in cues:
        start = low + span * done / max(size, 1)
        done += cue.size
        end = low + span * done / max(size, 1)
        stop = cue.end if cue.end is not None and start <= cue.end <= end else min(end, start + cue.size / PACE)
        placed.append(replace(cue, start=round(start, 3), end=round(max(start, stop), 3)))
    return placed


def pace_notes(cues: Sequence[Cue], *, unit: str) -> list[str]:
    """Return a note where so much is said in so little time that the times can't be true."""
    width = min(_WINDOW, len(cues) - 1)
    if width < 4:
        return []
    sizes = [0]
    for cue in cues:
        sizes.append(sizes[-1] + cue.size)
    for at in range(len(cues) - width):
        seconds = (cues[at + width].start or 0.0) - (cues[at].start or 0.0)
        if sizes[at + width] - sizes[at] > TOO_FAST * max(seconds, 0.5):
            whole = (cues[-1].end or 0.0) - (cues[0].start or 0.0)
            told = f"{width} of them in {seconds:.1f} s"
            if sizes[-1] > TOO_FAST * whole:
                told = f"{len(cues)} of them in {whole:.1f} s"
            return [f"from {unit} {cues[at].line} on nobody can speak as fast as the times say ({told}): look at them"]
    return []
