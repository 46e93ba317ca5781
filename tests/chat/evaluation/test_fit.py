"""Fitting coefficients and thresholds."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.evaluation.fit import TooFewQuestionsError, fit, fit_logistic, fitted_near, threshold
from chat.events.events import Tier
from chat.retrieval.calibration import Calibration
from tests.chat.evaluation.samples import COSINE, INTERCEPT, WINDOW, samples

SCORES = st.lists(st.floats(-20, 20), min_size=1, max_size=200)


def fitted(count: int, *, ratio: float | None = 0.5) -> Calibration:
    return fit(samples(count), ratio=ratio, fitted_on="chance", today=date(2026, 11, 23))


def test_it_finds_the_coefficients_behind_the_labels() -> None:
    found = fitted(500)
    assert (found.cosine, found.words, found.intercept) == pytest.approx((COSINE, WINDOW, INTERCEPT), rel=0.05)


def test_it_finds_the_ratio_where_it_is_searched_for() -> None:
    found = fitted(500, ratio=None)
    assert found.words / found.cosine == pytest.approx(WINDOW / COSINE)


def test_it_stays_finite_where_a_line_separates_the_labels() -> None:
    weights = fit_logistic(np.array([[0.1], [0.2], [0.8], [0.9]]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert np.isfinite(weights).all()
    assert weights[0] > 0


def test_it_asks_no_more_of_a_narrower_tier() -> None:
    thresholds = fitted(100).thresholds
    assert thresholds[Tier.CREATOR] <= thresholds[Tier.DOMAIN] <= thresholds[Tier.GLOBAL]


def test_it_says_on_what_and_when_it_was_fitted() -> None:
    assert (fitted(50).fitted_on, fitted(50).fitted) == ("chance", "2026-11-23")


def test_it_refuses_to_fit_on_nothing() -> None:
    with pytest.raises(TooFewQuestionsError, match="at least 20"):
        fitted(0)


@given(SCORES, st.floats(0.5, 1))
def test_it_keeps_the_share_it_is_asked_for(right: list[float], kept: float) -> None:
    least = threshold(right, [], kept=kept, passed=0.1)
    assert np.mean([score >= least for score in right]) >= kept - 1e-6


@given(SCORES, SCORES)
def test_it_lets_through_no_more_than_it_may_where_that_keeps_enough(right: list[float], wrong: list[float]) -> None:
    right = [score + 41 for score in right]
    least = threshold(right, wrong, kept=0.5, passed=0.1)
    assert all(score >= least for score in right)
    assert np.mean([score >= least for score in wrong]) <= 0.1


def test_it_lets_more_through_where_it_would_keep_too_little() -> None:
    assert threshold([1.0] * 10, [3.0] * 10, kept=0.5, passed=0.1) == 1.0


def test_what_is_near_lies_below_all_that_is_answered() -> None:
    asked = samples(100)
    assert -1 < fitted_near(asked) < min(one.own.legs[:, 0].max() for one in asked if one.own)
