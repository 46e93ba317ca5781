"""Comparing a run with an earlier one: what became of each figure, and whether that is too much worse."""

from collections.abc import Iterator

from chat.evaluation.report import aligned, shown
from chat.evaluation.values import Figures

ROUNDING = 1e-6
"""What rounding may take from a stored figure; a loss of exactly the margin is still within it."""


def worse(now: Figures, *, earlier: Figures, margin: float) -> list[str]:
    """Return the names of the figures that lost more than the margin; those that one run lacks can't be compared."""
    return [
        name
        for name, after in now.shares.items()
        if after is not None and (before := earlier.shares.get(name)) is not None and before - after > margin + ROUNDING
    ]


def differences(now: Figures, *, earlier: Figures) -> Iterator[str]:
    """Yield a table of each figure earlier and now, and a warning where the runs can't have asked the same."""
    rows = [["", "earlier", "now", "difference"]]
    for name, after in now.shares.items():
        before = earlier.shares.get(name)
        change = "–" if before is None or after is None else f"{after - before:+z.3f}"
        rows.append([name, shown(before), shown(after), change])
    yield from aligned(rows)
    if now.questions != earlier.questions:
        yield f"The earlier run asked {earlier.questions} questions, this one {now.questions}: they compare badly."
