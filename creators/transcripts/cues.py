"""Cues: what stands on the screen from one second to another, one by one and a million of them in columns."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import isnan, nan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from creators.transcripts.segments import TranscriptError

Times = npt.NDArray[np.float64]


class Cue(NamedTuple):
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


MOST_CUES = 1_000_000
"""How many cues are read of one work, four hundred hours of talk: what they take is in ``bench/RESULTS.md``."""


class Cues:
    """Cues in columns: a million of them take 130 MB with their text, where objects would take 300.

    ``starts`` and ``ends`` hold NaN where there is no time, and are the only things that change.
    """

    __slots__ = ("_lines", "_names", "_speakers", "_texts", "_turns", "ends", "starts")

    def __init__(self, cues: Iterable[Cue] = (), *, name: str = "") -> None:
        """Gather the cues of the file ``name``; raises ``TranscriptError`` where they are too many."""
        self.starts, self.ends = array("d"), array("d")
        self._texts: list[str] = []
        self._lines = array("q")
        self._speakers: list[str] = []
        self._turns = bytearray()
        self._names: dict[str, str] = {}
        for cue in cues:
            if len(self._texts) == MOST_CUES:
                raise too_many(MOST_CUES, "cues", name=name)
            self.starts.append(nan if cue.start is None else cue.start)
            self.ends.append(nan if cue.end is None else cue.end)
            self._texts.append("\n".join(cue.lines))
            self._lines.append(cue.line)
            self._speakers.append(self._names.setdefault(cue.speaker, cue.speaker))
            self._turns.append(cue.turn)

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, at: int) -> Cue:
        start, end = self.starts[at], self.ends[at]
        times = None if isnan(start) else start, None if isnan(end) else end
        lines = tuple(self._texts[at].split("\n"))
        return Cue(*times, lines, self._lines[at], self._speakers[at], self._turns[at] == 1)

    def __iter__(self) -> Iterator[Cue]:
        return map(self.__getitem__, range(len(self)))

    def drained(self) -> Iterator[Cue]:
        """Yield the cues for the last time: the text of each is let go when the next one is asked for."""
        for at in range(len(self)):
            yield self[at]
            self._texts[at] = ""

    @property
    def texts(self) -> Sequence[str]:
        """What each shows, its lines joined by line breaks."""
        return self._texts

    @property
    def speakers(self) -> Sequence[str]:
        """Who says each."""
        return self._speakers

    def place(self, at: int) -> int:
        """Return where a cue stands in the file, from 1."""
        return self._lines[at]

    def size(self, at: int) -> int:
        """Return how many characters a cue shows."""
        return len(self._texts[at]) - self._texts[at].count("\n")

    def times(self) -> tuple[Times, Times]:
        """Return the starts and the ends as arrays over the same memory; no cue may be there that wasn't at first."""
        return np.frombuffer(self.starts), np.frombuffer(self.ends)

    def sort(self) -> None:
        """Put the cues in the order of their starts, as they stand where these are the same."""
        starts, ends = self.times()
        if not (starts[1:] < starts[:-1]).any():
            return
        order = np.argsort(starts, kind="stable")
        starts[:], ends[:] = starts[order], ends[order]
        self._texts = [self._texts[at] for at in order]
        self._lines = array("q", [self._lines[at] for at in order])
        self._speakers = [self._speakers[at] for at in order]
        self._turns = bytearray(self._turns[at] for at in order)


def too_many(most: int, pieces: str, *, name: str) -> TranscriptError:
    """Return the error of a work that would take too much memory."""
    return TranscriptError(name, f"holds more than {most:,} {pieces}; split it into several works")
