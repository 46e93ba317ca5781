"""Groups of questions by average linkage: the same as joining the nearest two again and again, whatever the vectors."""

from itertools import combinations

import numpy as np
import pytest

from chat.curation import groups
from chat.models.curation import Vectors


def by_hand(vectors: Vectors) -> set[frozenset[int]]:
    """Join the two groups that are most like each other until none are like enough."""
    cosines = vectors @ vectors.T
    found = [frozenset([at]) for at in range(len(vectors))]

    def mean(pair: tuple[frozenset[int], frozenset[int]]) -> float:
        return float(cosines[np.ix_(sorted(pair[0]), sorted(pair[1]))].mean())

    while len(found) > 1 and mean(best := max(combinations(found, 2), key=mean)) >= groups.ALIKE:
        found = [one for one in found if one not in best] + [best[0] | best[1]]
    return set(found)


@pytest.mark.parametrize("seed", range(8))
def test_it_joins_as_one_would_by_hand(seed: int) -> None:
    chance = np.random.default_rng(seed)
    centres = chance.normal(size=(6, 12))
    vectors = (centres[chance.integers(0, 6, 40)] + chance.normal(size=(40, 12)) * 0.9).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    assert {frozenset(one) for one in groups._alike(vectors)} == by_hand(vectors)


def test_it_puts_first_what_is_most_like_all() -> None:
    vectors = np.array([[1, 0], [0.8, 0.6], [0.95, 0.3122499]], np.float32)
    assert next(iter(groups._alike(vectors)))[0] == 2
