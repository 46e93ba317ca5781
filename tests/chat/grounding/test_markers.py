import itertools

import pytest
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


PARTS = st.sampled_from(
    [
        *"ab [](12945),^【】†.:\n`~\\-",
        "[1]",
        "[7]",
        "[1](http://x)",
        "> ",
        "[1]:\n",
        "\u200d",
        "http://z",
        "[2]: //y",
        "```",
        "`[7]`",
        "source",
        "\u202e",
        "[1,3]",
    ]
)


@given(st.lists(PARTS, max_size=30).map("".join), st.lists(st.integers(0, 60), max_size=6))
def test_it_gives_the_same_text_however_it_is_cut(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert filtered(*pieces) == filtered(text)


@given(st.lists(PARTS, max_size=30).map("".join))
def test_it_never_lets_an_invalid_number_through(text: str) -> None:
    assert set(numbers_in(filtered(text, sources=4))) <= {1, 2, 3, 4}


@pytest.mark.parametrize("before", ["", "> ", "- ", "1. ", "> - "])
@pytest.mark.parametrize("between", [" ", "", "\n", "\n> ", " <"])
def test_it_lets_nothing_define_where_a_marker_leads(before: str, between: str) -> None:
    assert filtered(f"So.\n{before}[1]:{between}http://x\nYes.") == f"So.\n{before}[1]\nYes."


@pytest.mark.parametrize("marker", ["[\u200d9]", "[9\u200c]", "[9\ufe0f]", "[９]", "[\u034f9]", "[9\U000e0101]"])
def test_it_knows_a_marker_by_what_is_seen_of_it(marker: str) -> None:
    assert filtered(f"So it is {marker}.") == "So it is."


def test_it_keeps_signs_of_code_apart_where_it_removes_a_marker() -> None:
    assert filtered("`a`[7]``` b") == "`a`…``` b"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[7]```[1]:\n```[7]", "```[1]:\n```…"),
        ("[7]\n```\n[7]", "\n```\n[7]"),
        ("[1](http://x)```[7]", "[1]```[7]"),
        ("[2024]```[7]", "(2024)```[7]"),
        ("[7][1]: http://x", "[1]"),
    ],
)
def test_it_follows_code_in_what_it_shows(text: str, shown: str) -> None:
    assert filtered(text) == shown


@pytest.mark.parametrize("text", ["[[7]9]", "[9[7]1]", "[1[7],2]", "[ [7]9]"])
def test_it_makes_no_marker_by_removing_another(text: str) -> None:
    assert "…" in filtered(text)
    assert not numbers_in(filtered(text))


def test_it_takes_a_number_without_end_for_text() -> None:
    assert numbers_in(f"[{'9' * 5000}] [1]") == (1,)


def test_it_waits_for_a_bracket_after_a_backslash() -> None:
    assert filtered("So \\", "[7].") == filtered("So \\[7].") == "So."


def test_it_takes_markers_out_for_memory() -> None:
    assert without_markers("Use 3:1 [1][2]. Then wait [3].") == "Use 3:1. Then wait."


def test_it_shows_a_whole_marker_at_once() -> None:
    assert MarkerFilter(sources=4).feed("Use 3:1 [1]") == "Use 3:1 [1]"


def test_it_leaves_brackets_in_code_and_cites_nothing_there() -> None:
    text = "Write `gain[7]` and\n```\nx = [2]\n```\nthen stop [1]."
    assert filtered(text) == text
    assert numbers_in(text) == (1,)


def test_it_takes_the_address_from_a_marker_that_is_a_link() -> None:
    assert filtered("Use 3:1 [1](https://evil.example/a(b)c), ", "or [2](//evil.example).") == "Use 3:1 [1], or [2]."


def test_it_takes_away_a_line_that_defines_where_a_marker_leads() -> None:
    assert filtered("Use 3:1 [1].\n\n[1]: https://evil.example/x\nSo.") == "Use 3:1 [1].\n\n[1]\nSo."


def test_it_keeps_a_bracket_in_round_ones_after_a_marker() -> None:
    assert filtered("Use 3:1 [1] (the ratio) or [1](so).") == "Use 3:1 [1] (the ratio) or [1](so)."


def test_it_writes_a_year_in_round_brackets() -> None:
    assert filtered("She said so [2019] and again [1].") == "She said so (2019) and again [1]."


def test_it_reads_words_ranges_and_escapes_in_a_marker() -> None:
    assert filtered("A [Source 2]. B [1-3]. C \\[7\\]. D [passage 1, 2].") == "A [2]. B [1][2][3]. C. D [1][2]."


def test_it_drops_characters_that_nobody_sees() -> None:
    assert filtered("Use \u202e3:1\u202c [\u200b7].") == "Use 3:1."


def test_it_keeps_what_stands_in_brackets_with_a_unit() -> None:
    assert filtered("Set it to [3:1] at [12 dB] or [0.5].") == "Set it to [3:1] at [12 dB] or [0.5]."
