"""Log-odds ratios with a Dirichlet prior."""

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from creators.persona.statistics import z_score

COUNT, TOTAL = st.integers(0, 500), st.integers(1_000, 10**9)


def test_it_agrees_with_a_figure_worked_out_by_hand() -> None:
    # Prior 10 words, of which the word's share is 40 in 1,000: 0.4.
    # (30.4 / 479.6) against (10.4 / 499.6): log-odds 1.1135, variance 1 / 30.4 + 1 / 10.4.
    assert z_score(30, 10, own_total=500, others_total=500, prior=10) == approx(3.099, abs=0.001)


@given(COUNT, COUNT, TOTAL, TOTAL)
def test_it_turns_round_when_the_corpora_do(own: int, others: int, own_total: int, others_total: int) -> None:
    here = z_score(own, others, own_total=own_total, others_total=others_total)
    there = z_score(others, own, own_total=others_total, others_total=own_total)
    assert here == approx(-there, abs=1e-9)


def test_it_is_surer_of_more_words_in_the_same_proportion() -> None:
    few = z_score(4, 1, own_total=1_000, others_total=1_000)
    many = z_score(40, 10, own_total=10_000, others_total=10_000)
    assert 0 < few < many


def test_it_knows_nothing_without_words() -> None:
    assert z_score(0, 0, own_total=9, others_total=9) == z_score(3, 0, own_total=9, others_total=0) == 0.0
