"""When a character of a chunk was said: marks tie offsets in the text to seconds of the work."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a segment, or part of one, begins in the chunk's text, and its times in seconds."""

    offset: int
    start: float | None
    end: float | None
    speaker: str = ""


def seconds_at(marks: Sequence[Mark], offset: int, *, length: int) -> float | None:
    """Return the second at which the character at ``offset`` of a text of ``length`` characters was said.

    Within a mark's span the time is interpolated by characters, which is an estimate; None in a text without times.
    """
    index = bisect_right(marks, offset, key=lambda mark: mark.offset) - 1
    if index < 0:
        return marks[0].start if marks else None
    mark = marks[index]
    if mark.start is None or mark.end is None:
        return mark.start
    stop = marks[index + 1].offset if index + 1 < len(marks) else length
    share = (offset - mark.offset) / max(stop - mark.offset, 1)
    return mark.start + (mark.end - mark.start) * min(max(share, 0.0), 1.0)
