"""The measures, as pure functions of what was found and what was expected.

Works are judged and passages are found, so a work counts where its first passage stands. nDCG is that of Järvelin and
Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002), with a gain of one for each expected work.
"""

import math
from collections.abc import Collection, Sequence

from chat.events.events import Tier


def found_within(works: Sequence[str], *, expected: Collection[str], first: int) -> bool:
    """Say whether an expected work is among the works of the first passages."""
    return not set(expected).isdisjoint(works[:first])


def reciprocal_rank(works: Sequence[str], *, expected: Collection[str]) -> float:
    """Return one over the place of the first passage of an expected work, 0 where there is none."""
    return next((1 / place for place, work in enumerate(works, start=1) if work in expected), 0.0)


def ndcg(works: Sequence[str], *, expected: Collection[str], first: int) -> float:
    """Return the discounted gain of the first different works, as a share of the most that there could be."""
    most = sum(map(_discount, range(min(len(set(expected)), first))))
    ranked = list(dict.fromkeys(works))[:first]
    gained = sum(_discount(place) for place, work in enumerate(ranked) if work in expected)
    return gained / most if most else 0.0


def refusal(tiers: Sequence[tuple[Tier, Tier]]) -> tuple[float | None, float | None]:
    """Return precision and recall of refusing, from pairs of expected and found tier; None where nothing bears on it.

    Precision is the share of the refused questions that nothing answers, recall that of those questions refused.
    """
    due = [found == Tier.NONE for expected, found in tiers if expected == Tier.NONE]
    given = [expected == Tier.NONE for expected, found in tiers if found == Tier.NONE]
    return mean(given), mean(due)


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return math.fsum(values) / len(values) if values else None


def _discount(place: int) -> float:
    return 1 / math.log2(place + 2)
