import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.retrieval.candidates import Overlap
from chat.retrieval.lexical import TITLED, WINDOW, overlap

WEIGHTS = {"attack": 3.0, "vocal": 2.0, "time": 1.0}
FOUND = st.dictionaries(
    st.sampled_from(sorted(WEIGHTS)),
    st.lists(st.integers(1, 300), min_size=1, max_size=9, unique=True).map(sorted),
)


def of(found: dict[str, list[int]], *, length: int = 100) -> Overlap:
    return overlap(found, weights=WEIGHTS, length=length, mean_length=100.0)


def test_it_is_nothing_where_no_term_is_found() -> None:
    assert of({}) == Overlap(0.0, 0.0)


def test_it_gives_a_window_the_terms_that_stand_together() -> None:
    assert of({"attack": [10], "vocal": [20], "time": [200]}).window == pytest.approx(5 / 6)


def test_it_gives_a_full_window_where_all_terms_stand_together() -> None:
    assert of({"attack": [10], "vocal": [20], "time": [10 + WINDOW]}).window == pytest.approx(1.0)


def test_it_gives_more_to_a_term_that_is_said_more_often() -> None:
    assert of({"attack": [1, 2, 3]}).bm25 > of({"attack": [1]}).bm25


def test_it_gives_more_to_a_shorter_chunk() -> None:
    assert of({"attack": [1]}, length=50).bm25 > of({"attack": [1]}, length=200).bm25


def test_it_gives_a_window_something_for_what_the_title_says() -> None:
    titled = overlap({"attack": [1]}, weights=WEIGHTS, length=100, mean_length=100.0, titled=["vocal"])
    assert titled.window == pytest.approx((3 + TITLED * 2) / 6) and titled.bm25 == of({"attack": [1]}).bm25


@given(FOUND, st.integers(1, 500))
def test_it_lies_between_nothing_and_everything(found: dict[str, list[int]], length: int) -> None:
    scores = of(found, length=length)
    for share in (scores.bm25, scores.window):
        assert 0.0 <= share <= 1.0 + 1e-9


@given(FOUND)
def test_it_never_loses_by_another_term(found: dict[str, list[int]]) -> None:
    more = {**found, "vocal": sorted({*found.get("vocal", []), 5})}
    assert of(more).bm25 >= of(found).bm25 - 1e-9
    assert of(more).window >= of(found).window - 1e-9
