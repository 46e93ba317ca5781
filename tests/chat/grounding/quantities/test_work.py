"""What it takes to compare many quantities: work with the square of their number, and not with its cube."""

import random
import sys
from typing import Any

from chat.grounding.quantities.matching import mismatches
from chat.grounding.verification.similarity import AnalysedText
from chat.grounding.vocabulary import ENGLISH

KINDS = ("{}", "{} percent", "{} times", "{} minutes", "{} Hz", "{} per minute", "{}00 g", "half of {}")


def numbers(count: int, *, seed: int) -> str:
    """Return a text of nothing but so many numbers."""
    chosen = random.Random(seed)
    return " ".join(chosen.choice(KINDS).format(chosen.randint(2, 90)) for _ in range(count))


def calls(count: int) -> int:
    """Return how many functions are called to compare a claim of so many numbers with a passage of as many."""
    claim = AnalysedText(f"In all it is about {numbers(count, seed=1)}", ENGLISH).quantity_text
    passage = AnalysedText(numbers(count, seed=2), ENGLISH).quantity_text
    made = 0

    def count_one(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(count_one)
    try:
        mismatches(claim, passage)
    finally:
        sys.setprofile(None)
    return made


def test_it_takes_four_times_the_work_for_twice_the_numbers() -> None:
    assert calls(40) < 5 * calls(20)
