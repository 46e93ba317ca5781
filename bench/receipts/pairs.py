"""Reading the hand-made pairs, and what the program reads in each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from chat.grounding.receipts.analysis import Analysed
from chat.grounding.receipts.reading import Reading, read

PAIRS = Path(__file__).resolve().parents[2] / "tests" / "chat" / "grounding" / "receipts" / "pairs"


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, the passage it cites, what a person said of it, and of which kind it is."""

    id: str
    kind: str
    verdict: str
    form: str
    claim: str
    passage: str


def pairs_of(*names: str) -> list[Pair]:
    """Return the pairs of the files with these names."""
    lines = [line for name in names for line in (PAIRS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [Pair(**json.loads(line)) for line in lines]


def readings(pairs: Sequence[Pair]) -> list[Reading]:
    """Return what the program reads of each pair."""
    return [read(Analysed(pair.claim), Analysed(pair.passage)) for pair in pairs]
