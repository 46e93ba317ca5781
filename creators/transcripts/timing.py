"""Which second of a work a character of a chunk belongs to."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a segment, or a part of one, begins in a chunk's text, with its seconds (``None`` without times).

    A speaker's name that stands before the text has a mark of its own, which takes no time.
    """

    offset: int
    start: float | None
    end: float | None
    speaker: str = ""


def seconds_at(marks: Sequence[Mark], offset: int, length: int) -> float | None:
    """Return the second of the character at ``offset`` in a text of ``length``, ``None`` where there are no times.

    ``marks`` are in order; between two of them time passes evenly over the characters.
    """
    at = max(bisect_right(marks, offset, key=lambda mark: mark.offset) - 1, 0)
    if not marks or marks[at].start is None:
        return None
    mark = marks[at]
    start = mark.start or 0.0
    end = start if mark.end is None else mark.end
    stop = marks[at + 1].offset if at + 1 < len(marks) else length
    share = (offset - mark.offset) / max(stop - mark.offset, 1)
    return round(start + min(max(share, 0.0), 1.0) * (end - start), 3)
