"""What is measured of a calibration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.evaluation.fit import auc_of, calibration_metrics
from chat.evaluation.samples import Sample
from chat.events.events import Tier
from chat.retrieval.calibration import Calibration
from tests.chat.evaluation.samples import COSINE, INTERCEPT, WINDOW, found, samples

TRUE = Calibration(
    cosine=COSINE,
    words=WINDOW,
    near=0.3,
    intercept=INTERCEPT,
    thresholds={Tier.CREATOR: 0.2, Tier.DOMAIN: 0.3, Tier.GLOBAL: 0.5},
)
NUMBERS = st.lists(st.floats(-9, 9), min_size=1, max_size=30)


def test_it_counts_what_each_tier_keeps_and_lets_through() -> None:
    everyone = found([(0.9, 1.0), (0.8, 0.5)], relevant=[True, False])
    sample = Sample(is_answerable=True, everyone=everyone, own=everyone, other=found([(0.1, 0.0)], relevant=[False]))
    figures = calibration_metrics([sample], TRUE)
    assert figures.kept == {Tier.CREATOR: 1.0, Tier.GLOBAL: 1.0}
    assert figures.passed == {Tier.CREATOR: 0.0, Tier.GLOBAL: 1.0}


def test_it_counts_a_question_without_an_answer_only_as_let_through() -> None:
    sample = Sample(is_answerable=False, everyone=found([(0.9, 1.0)], relevant=[False]), own=None, other=None)
    figures = calibration_metrics([sample], TRUE)
    assert (figures.kept[Tier.GLOBAL], figures.passed[Tier.GLOBAL], figures.auc) == (None, 1.0, None)


def test_it_finds_true_probabilities_reliable() -> None:
    for one in calibration_metrics(samples(500), TRUE).bins:
        assert one.observed == pytest.approx(one.given, abs=0.05)


@given(NUMBERS, NUMBERS)
def test_it_measures_the_area_as_the_share_of_pairs(higher: list[float], lower: list[float]) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in higher for other in lower]
    assert auc_of(np.array(higher), np.array(lower)) == pytest.approx(np.mean(pairs))
