import itertools

from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.markers import MarkerFilter, numbers_in, without_markers


def filtered(*pieces: str, sources: int = 4) -> str:
    markers = MarkerFilter(sources=sources)
    return "".join([*(markers.feed(piece) for piece in pieces), markers.finish()])


def test_it_lets_a_valid_marker_through() -> None:
    assert filtered("Use 3:1 [1].") == "Use 3:1 [1]."


def test_it_holds_a_marker_back_until_it_is_whole() -> None:
    markers = MarkerFilter(sources=4)
    assert markers.feed("Use 3:1 [") == "Use 3:1"
    assert markers.feed("1] and") == " [1] and"


def test_it_removes_a_marker_that_is_no_source_and_counts_it() -> None:
    markers = MarkerFilter(sources=4)
    assert markers.feed("So it is [7].") == "So it is."
    assert markers.removed == 1


def test_it_writes_several_numbers_as_several_markers() -> None:
    assert filtered("Both say so [1, 3].") == "Both say so [1][3]."


def test_it_keeps_the_valid_numbers_of_a_list() -> None:
    assert filtered("Both say so [1,9].") == "Both say so [1]."


def test_it_reads_other_brackets_and_footnotes() -> None:
    assert filtered("One 【1】 two [^2] three 【3†source】.") == "One [1] two [2] three [3]."


def test_it_leaves_brackets_that_are_no_markers() -> None:
    text = "Set it to [-6 dB], see [the manual](x) and [A]."
    assert filtered(text) == text


def test_it_shows_an_opened_bracket_that_never_closes() -> None:
    assert filtered("It ends in [1") == "It ends in [1"


@given(st.text(alphabet="ab [](1234567890),^【】†.\n"), st.lists(st.integers(0, 60), max_size=6))
def test_it_gives_the_same_text_however_it_is_cut(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert filtered(*pieces) == filtered(text)


@given(st.text(alphabet="ab [](1234567890),^【】."))
def test_it_never_lets_an_invalid_number_through(text: str) -> None:
    assert set(numbers_in(filtered(text, sources=4))) <= {1, 2, 3, 4}


def test_it_takes_markers_out_for_memory() -> None:
    assert without_markers("Use 3:1 [1][2]. Then wait [3].") == "Use 3:1. Then wait."
