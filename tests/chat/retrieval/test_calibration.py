"""Relevance as one number, and which calibration it comes from."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat import models
from chat.events.events import Tier
from chat.retrieval.calibration import DEFAULT_SPACE, SHIPPED, Calibration, calibration_for, logistic
from chat.retrieval.candidates import Overlap

MINILM = SHIPPED[DEFAULT_SPACE]
COSINES = st.floats(-1, 1)
SHARES = st.floats(0, 1)


def store(space: str, *, cosine: float) -> None:
    values = MINILM.as_values() | {"cosine": cosine}
    models.Calibration.objects.add(space=space, values=values, figures={})


def relevance(cosine: float, window: float) -> float:
    return MINILM.relevance(cosine=cosine, overlap=Overlap(window=window))


@given(COSINES, COSINES, SHARES)
def test_it_never_falls_with_the_cosine(one: float, other: float, window: float) -> None:
    assert relevance(min(one, other), window) <= relevance(max(one, other), window)


@given(COSINES, SHARES, SHARES)
def test_it_never_falls_with_the_window(cosine: float, one: float, other: float) -> None:
    assert relevance(cosine, min(one, other)) <= relevance(cosine, max(one, other))


@given(st.floats(allow_nan=False))
def test_it_is_a_probability_whatever_the_score(score: float) -> None:
    assert 0 <= logistic(score) <= 1


def test_it_asks_for_less_of_a_follow_up() -> None:
    lowered = MINILM.for_follow_up()
    assert all(0 < least < MINILM.thresholds[tier] for tier, least in lowered.thresholds.items())
    assert 0 < lowered.near < MINILM.near


@given(st.floats(0.001, 0.999))
def test_it_finds_the_score_of_a_relevance(least: float) -> None:
    cosine = MINILM.score_at(least)
    assert relevance(cosine, 0.0) == pytest.approx(least)


def test_it_keeps_its_values_as_json() -> None:
    assert Calibration.from_values(MINILM.as_values()) == MINILM


@pytest.mark.parametrize("precision", ["fp32", "int8"])
def test_it_ships_for_the_embedded_model(precision: str) -> None:
    thresholds = SHIPPED[f"all-MiniLM-L6-v2/{precision}"].thresholds
    assert 0 < thresholds[Tier.CREATOR] < thresholds[Tier.DOMAIN] < thresholds[Tier.GLOBAL] < 1


@pytest.mark.django_db
def test_it_takes_what_ships_where_nothing_is_stored() -> None:
    store("another model", cosine=3.0)
    assert calibration_for(DEFAULT_SPACE) == MINILM


@pytest.mark.django_db
def test_it_takes_the_newest_version_of_the_space() -> None:
    for cosine in (3.0, 4.0):
        store(DEFAULT_SPACE, cosine=cosine)
    store("another model", cosine=5.0)
    found = calibration_for(DEFAULT_SPACE)
    assert (found.cosine, found.version) == (4.0, 2)


@pytest.mark.django_db
def test_it_goes_back_where_the_newest_is_deleted() -> None:
    for cosine in (3.0, 4.0):
        store(DEFAULT_SPACE, cosine=cosine)
    models.Calibration.objects.newest(DEFAULT_SPACE).delete()  # type: ignore[union-attr]
    assert calibration_for(DEFAULT_SPACE).cosine == 3.0


@pytest.mark.django_db
def test_it_borrows_for_an_unknown_model_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        found = [calibration_for("never calibrated") for _ in range(3)]
    assert found == [MINILM] * 3
    assert [record.message for record in caplog.records if "never calibrated" in record.message] == [
        f"no calibration for never calibrated: that of {DEFAULT_SPACE} stands in; run 'manage.py calibrate'"
    ]
