import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.evaluation.report import found_within, mean, ndcg, reciprocal_rank, refusal
from chat.events.events import Tier

WORK = st.sampled_from("abcdefgh")
WORKS = st.lists(WORK, max_size=12)
EXPECTED = st.sets(WORK, min_size=1)
TIERS = st.lists(st.tuples(st.sampled_from(Tier), st.sampled_from(Tier)))


def test_it_finds_a_work_within_the_first_passages_only() -> None:
    assert found_within(["b", "a"], expected=["a"], first=2)
    assert not found_within(["b", "a"], expected=["a"], first=1)


def test_it_ranks_by_the_first_passage_of_an_expected_work() -> None:
    assert reciprocal_rank(["c", "c", "a", "b"], expected=["a", "b"]) == pytest.approx(1 / 3)


def test_it_discounts_a_work_by_the_works_before_it() -> None:
    assert ndcg(["b", "a"], expected=["a"], first=10) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg(["b", "b", "b", "a"], expected=["a"], first=10) == pytest.approx(0.6309, abs=1e-4)


def test_it_counts_refusals_both_ways() -> None:
    none, own = Tier.NONE, Tier.CREATOR
    precision, recall = refusal([(none, none), (none, own), (own, none), (own, own), (none, none)])
    assert precision == pytest.approx(2 / 3)
    assert recall == pytest.approx(2 / 3)


def test_it_has_no_figure_where_nothing_bears_on_it() -> None:
    assert refusal([(Tier.CREATOR, Tier.CREATOR)]) == (None, None)
    assert mean([]) is None


@given(WORKS, EXPECTED, st.integers(1, 12))
def test_it_lies_between_nothing_and_everything(works: list[str], expected: set[str], first: int) -> None:
    assert 0 <= ndcg(works, expected=expected, first=first) <= 1 + 1e-9
    assert 0 <= reciprocal_rank(works, expected=expected) <= 1


@given(EXPECTED, WORKS)
def test_it_is_everything_where_the_expected_come_first(expected: set[str], rest: list[str]) -> None:
    works = [*sorted(expected), *rest]
    assert ndcg(works, expected=expected, first=10) == pytest.approx(1)
    assert reciprocal_rank(works, expected=expected) == 1


@given(WORKS, EXPECTED, st.integers(1, 12))
def test_it_never_finds_less_by_looking_further(works: list[str], expected: set[str], first: int) -> None:
    nearer = found_within(works, expected=expected, first=first)
    assert found_within(works, expected=expected, first=first + 1) >= nearer


@given(WORKS, EXPECTED)
def test_it_agrees_on_whether_anything_was_found(works: list[str], expected: set[str]) -> None:
    found = found_within(works, expected=expected, first=len(works))
    assert found == (reciprocal_rank(works, expected=expected) > 0)
    assert found == (ndcg(works, expected=expected, first=len(works) or 1) > 0)


@given(WORKS, WORK)
def test_it_never_gains_by_a_stranger_in_front(works: list[str], expected: str) -> None:
    pushed = ["stranger", *works]
    assert ndcg(pushed, expected=[expected], first=10) <= ndcg(works, expected=[expected], first=10)
    assert reciprocal_rank(pushed, expected=[expected]) <= reciprocal_rank(works, expected=[expected])


@given(TIERS)
def test_it_refuses_perfectly_only_where_every_refusal_is_due(tiers: list[tuple[Tier, Tier]]) -> None:
    due = [expected == Tier.NONE for expected, _ in tiers]
    given_ = [found == Tier.NONE for _, found in tiers]
    both = refusal(tiers)
    assert (both == (1, 1)) == (any(due) and due == given_)
