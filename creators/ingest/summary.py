"""What an ingest came to, counted, and shown while it runs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tqdm import tqdm

from chrysopedia.core.text import without_unseen
from creators.ingest.prepare import IngestOutcome


@dataclass(slots=True)
class IngestSummary:
    """What an ingest came to, counted over its outcomes."""

    statuses: Counter[str] = field(default_factory=Counter)
    chunks: int = 0
    embedded: int = 0

    def add(self, outcome: IngestOutcome) -> None:
        """Count one more outcome."""
        self.statuses[outcome.status] += 1
        self.chunks += outcome.chunks
        self.embedded += outcome.embedded

    def __str__(self) -> str:
        if set(self.statuses) <= {"unchanged"}:
            return f"Nothing to do: {self.statuses['unchanged']} works are as they were."
        counts = ", ".join(f"{self.statuses[key]} {key}" for key in ("new", "changed", "unchanged", "failed"))
        return f"Works: {counts}. Chunks: {self.chunks}, of them {self.embedded} embedded now."


def show_progress(
    outcomes: Iterable[IngestOutcome],
    *,
    total: int,
    label: str,
    quiet: bool,
    complain: Callable[[str], object],
    remark: Callable[[str], object] | None = None,
) -> IngestSummary:
    """Run the ingest behind a bar of ``total`` bytes and return the tally.

    Each failure goes to ``complain``, and to ``remark`` what was mended while reading.
    """
    tally = IngestSummary()
    with tqdm(
        total=total or None, desc=without_unseen(label), unit="B", unit_scale=True, leave=False, disable=quiet
    ) as bar:
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
