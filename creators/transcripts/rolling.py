"""Captions that roll: every line is shown twice, as the new one below and then as the old one above."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creators.transcripts.captions import Cue

_HOLD = 0.1
"""Seconds below which a cue that repeats what stands there only holds the picture."""

_GAP = 1.0
"""Seconds of dark screen after which a line is said again, not shown again."""


def unrolled(cues: list[Cue]) -> list[Cue]:
    """Return the cues with each line at the time at which it first appeared, if the file rolls; else as they are.

    A speaker may say "Yeah." in two cues running, so the file as a whole has to roll: a third of its cues
    repeat lines above new ones, grow by words, or hold for an instant.
    """
    news = [_news(above, cue) for above, cue in zip([None, *cues], cues, strict=False)]
    signs = sum(
        new != cue.lines and (bool(new) or cue.end - cue.start < _HOLD) for new, cue in zip(news, cues, strict=True)
    )
    if signs < 2 or signs * 3 < len(cues):
        return cues
    return [replace(cue, lines=new) for new, cue in zip(news, cues, strict=True) if new]


def _news(above: Cue | None, cue: Cue) -> tuple[str, ...]:
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
