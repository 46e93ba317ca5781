"""What every engine is given: vectors, whose they are, questions, scopes, and the truth by exact search."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

WANTED = 10
"""Neighbours asked for, and counted in the recall."""
KEPT = 20
"""Neighbours that the truth holds, so that those as near as the tenth count too."""
TIE = 1e-6
BLOCK = 100_000


@dataclass(frozen=True)
class Within:
    """Where is searched: one creator, or everyone (None); how many vectors that is, and what is right there."""

    creator: int | None
    size: int
    right: tuple[frozenset[int], ...]

    def recall(self, place: int, found: list[int]) -> float:
        """Return the share of the nearest that were found for the question at this place."""
        return len(self.right[place].intersection(found)) / min(WANTED, self.size)

    def __str__(self) -> str:
        return "everyone" if self.creator is None else f"a creator of {self.size:,}"


@dataclass(frozen=True)
class Data:
    """An exported file; its arrays are read when they are asked for."""

    arrays: Mapping[str, npt.NDArray[np.generic]]

    @property
    def vectors(self) -> Vectors:
        """The vectors, of length 1, one a row."""
        return np.asarray(self.arrays["vectors"], np.float32)

    @property
    def creators(self) -> Numbers:
        """The creator of each row."""
        return np.asarray(self.arrays["creators"], np.int64)

    @property
    def chunks(self) -> Numbers:
        """The chunk of each row."""
        return np.asarray(self.arrays["chunks"], np.int64)

    @property
    def questions(self) -> Vectors:
        """The vectors of the questions."""
        return np.asarray(self.arrays["questions"], np.float32)

    @property
    def stamp(self) -> str:
        """What tells this export from another."""
        return str(self.arrays["stamp"])

    @property
    def withins(self) -> list[Within]:
        """Where is searched."""
        names = ("scopes", "sizes", "near", "cosines")
        return [
            Within(int(creator) or None, int(size), tuple(map(_right, near, cosines)))
            for creator, size, near, cosines in zip(*(self.arrays[name] for name in names), strict=True)
        ]


def read(path: Path) -> Data:
    """Return the data of an exported file."""
    return Data(np.load(path))


def exact(vectors: Vectors, questions: Vectors) -> tuple[Numbers, Vectors]:
    """Return the rows nearest to each question and their cosines, nearest first, -1 where there are no more."""
    rows = np.full((len(questions), KEPT), -1, np.int64)
    cosines = np.full((len(questions), KEPT), -2, np.float32)
    for first in range(0, len(vectors), BLOCK):
        block = questions @ vectors[first : first + BLOCK].T
        numbers = np.broadcast_to(np.arange(first, first + block.shape[1]), block.shape)
        rows, cosines = np.hstack([rows, numbers]), np.hstack([cosines, block])
        best = np.argsort(-cosines, axis=1)[:, :KEPT]
        rows, cosines = np.take_along_axis(rows, best, 1), np.take_along_axis(cosines, best, 1)
    return rows, cosines


def _right(near: Numbers, cosines: Vectors) -> frozenset[int]:
    return frozenset(int(row) for row in near[(cosines >= cosines[WANTED - 1] - TIE) & (near >= 0)])
