"""The progress bar of an ingest and the line that sums it up."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tqdm import tqdm

from creators.ingest import Outcome


@dataclass(slots=True)
class Tally:
    """What an ingest came to, counted over its outcomes."""

    statuses: Counter[str] = field(default_factory=Counter)
    chunks: int = 0
    embedded: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one more outcome."""
        self.statuses[outcome.status] += 1
        self.chunks += outcome.chunks
        self.embedded += outcome.embedded

    def __str__(self) -> str:
        if set(self.statuses) <= {"unchanged"}:
            return f"Nothing to do: {self.statuses['unchanged']} works are as they were."
        counts = ", ".join(f"{self.statuses[key]} {key}" for key in ("new", "changed", "unchanged", "failed"))
        return f"Works: {counts}. Chunks: {self.chunks}, of them {self.embedded} embedded now."


def show(
    outcomes: Iterable[Outcome],
    *,
    total: int,
    label: str,
    quiet: bool,
    complain: Callable[[str], object],
    remark: Callable[[str], object] | None = None,
) -> Tally:
    """Run the ingest behind a bar of ``total`` bytes and return the tally.

    Each failure goes to ``complain``, and to ``remark`` what was mended while reading.
    """
    tally = Tally()
    with tqdm(total=total or None, desc=label, unit="B", unit_scale=True, leave=False, disable=quiet) as bar:
        for outcome in outcomes:
            tally.add(outcome)
            bar.update(outcome.size)
            if outcome.status == "failed":
                bar.clear()
                complain(outcome.detail)
            elif outcome.detail and remark:
                bar.clear()
                remark(f"{outcome.source}: {outcome.detail}")
    return tally
