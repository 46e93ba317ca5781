"""Runs of words, counted in bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch

from chrysopedia.core.text import words_of
from creators.persona import statistics as module
from creators.persona.statistics import count_others, count_own, n_grams
from creators.persona.utterances import SpokenChunk


def said(text: str, *, work: int = 1) -> SpokenChunk:
    return SpokenChunk(work, "w", "W", text, (), ((0, len(text)),))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Measure it now", ["measure", "it", "measure it", "now", "it now", "measure it now"]),
        ("Stop. It’s", ["stop", "it's"]),
        ("", []),
    ],
)
def test_it_runs_over_nothing_but_space(text: str, runs: list[str]) -> None:
    assert list(n_grams(text)) == runs


@given(st.text(alphabet="ab .,\n'"))
def test_it_has_every_word_as_a_run(text: str) -> None:
    assert [run for run in n_grams(text) if " " not in run] == [word.folded for word in words_of(text)]


def test_it_counts_times_and_places() -> None:
    tally = count_own([said("yes yes"), said("Yes.", work=2), said("no")], place=lambda one, _: one.work)
    assert (tally.times["yes"], tally.places["yes"], tally.places["no"], tally.totals[1]) == (3, 2, 1, 4)


def test_it_counts_of_others_only_what_is_wanted() -> None:
    tally = count_others(["yes no yes", "yes"], wanted={"yes"})
    assert (dict(tally.times), dict(tally.places), tally.totals[1]) == ({"yes": 3}, {"yes": 2}, 4)


def test_it_forgets_what_is_rare_before_memory_runs_out(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_N_GRAMS", 20)
    tally = count_own(
        (said(f"often w{number} often", work=number) for number in range(200)), place=lambda one, _: one.work
    )
    assert len(tally.times) <= 30
    assert tally.times["often"] == 400
