"""The one table of the chaos: what was tried, refused, lost or came twice, and the seconds until it was served."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

REFUSED = (429, 503, 413, 408)
"""Statuses by which somebody is told that they can't be served now, or not at all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    ``lost`` is what came to nothing without a word: cut streams, characters that readers had been shown and that are
    kept nowhere, requests without an answer. ``seconds`` is how long it took until all was served again, or for how
    long a request had to wait at most, 95 in 100.
    """

    name: str
    tried: int
    refused: int = 0
    lost: int = 0
    doubled: int = 0
    seconds: float = 0.0
    note: str = ""

    def __str__(self) -> str:
        counts = f"{self.tried:>6} {self.refused:>8} {self.lost:>6} {self.doubled:>8} {self.seconds:>8.2f}"
        return f"{self.name:<46} {counts}  {self.note}".rstrip()


HEAD = f"{'':<46} {'tried':>6} {'refused':>8} {'lost':>6} {'doubled':>8} {'seconds':>8}"


def counted(statuses: Counter[int]) -> tuple[int, int]:
    """Return how many requests were refused, and how many were lost: not answered, or with an error."""
    refused = sum(statuses[status] for status in REFUSED)
    return refused, statuses.total() - statuses[200] - refused


def table(rows: Iterable[Row]) -> str:
    """Return the rows as lines of text, under a head."""
    return "\n".join([HEAD, *map(str, rows)])
