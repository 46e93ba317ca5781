from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from chat.evaluation.questions import Metric, RankingMetrics
from chat.evaluation.report import comparison_lines, regressions

SHARES = st.dictionaries(st.sampled_from(["recall@1", "MRR", "tier"]), st.none() | st.floats(0, 1))


def figures(shares: Mapping[str, Metric], *, questions: int = 10) -> RankingMetrics:
    return RankingMetrics(questions=questions, shares=shares)


def test_it_names_what_lost_more_than_the_margin() -> None:
    earlier = figures({"recall@1": 0.9, "MRR": 0.9, "tier": 0.9})
    now = figures({"recall@1": 0.89, "MRR": 0.8, "tier": 1.0})
    assert regressions(now, earlier=earlier, margin=0.01) == ["MRR"]


def test_it_does_not_compare_what_one_run_lacks() -> None:
    assert regressions(figures({"MRR": None}), earlier=figures({"MRR": 0.9, "tier": 0.5}), margin=0) == []
    assert regressions(figures({"MRR": 0.1}), earlier=figures({"MRR": None}), margin=0) == []


def test_it_warns_where_the_number_of_questions_differs() -> None:
    *_, last = comparison_lines(figures({}, questions=9), earlier=figures({}, questions=10))
    assert last == "The earlier run asked 10 questions, this one 9: they compare badly."


@given(SHARES)
def test_it_finds_nothing_worse_in_the_same_run(shares: dict[str, Metric]) -> None:
    assert regressions(figures(shares), earlier=figures(shares), margin=0) == []


@given(SHARES, SHARES)
def test_it_finds_no_more_worse_with_a_wider_margin(before: dict[str, Metric], after: dict[str, Metric]) -> None:
    strict = regressions(figures(after), earlier=figures(before), margin=0.01)
    assert set(regressions(figures(after), earlier=figures(before), margin=0.1)) <= set(strict)
