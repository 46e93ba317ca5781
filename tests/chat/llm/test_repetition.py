"""Answers that say the same over and over."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.llm.repetition import MOST_FILLED_IN, MOST_LETTERLESS, RepetitionFilter


def filtered(*pieces: str) -> tuple[str, bool]:
    """What was let through, and whether it was a loop."""
    repetition = RepetitionFilter()
    text = "".join([*map(repetition.feed, pieces), repetition.finish()])
    return text, repetition.is_looping


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Set the attack to 20 ms [1]. " * 5, "Set the attack to 20 ms [1]."),
        ("1. Use it on every beat.\n2. Use it on every beat.\n3. Use it on every beat.\n", "1. Use it on every beat."),
        ("- “Use it now.” [1]\n" * 5, "- “Use it now.” [1]"),
        ("One is this way. Two is that way. " * 4, "One is this way. Two is that way."),
        ("and the attack " * 9, "and the attack …"),
        ("no " * 20, "no …"),
        ("The tuner is in C, and it's low. " * 5, "The tuner is in C, and it's low."),
        ("The tuner is in C, " + "and it’s a sub, " * 9, "The tuner is in C, and it’s a sub, …"),
        ("So he, the one who made it, " + "the one who made it, " * 9, "So he, the one who made it, …"),
    ],
)
def test_it_keeps_the_first_saying_alone(text: str, first: str) -> None:
    assert filtered(*text) == filtered(text) == (first, True)


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no. Again and again, step by step, the kick and the snare and the hat.",
        "Set it to 20 ms [1]. Then 30 ms [1]. Then 40 ms [1]. Then 50 ms [1].",
        "One two three four. Five six seven. One two three four. And that is new.",
        "| kick | 10 ms |\n| snare | 12 ms |\n| hat | 14 ms |\n",
    ],
)
def test_it_lets_through_what_is_said_twice_for_a_reason(text: str) -> None:
    assert filtered(*text) == filtered(text) == (text, False)


def test_it_holds_back_no_word_that_was_said_further_away() -> None:
    words = re.findall(r"\s*\S+", "Under a bass that leaves it room the kick sits well, while vocals want that kick.")
    assert list(map(RepetitionFilter().feed, words)) == words


def test_it_holds_back_nothing_of_the_frames_that_benchmarks_count() -> None:
    frames = [str(number).ljust(16, "x") for number in range(64)]
    assert list(map(RepetitionFilter().feed, frames)) == frames


def test_it_shows_two_words_twice_of_a_long_phrase_within_a_sentence() -> None:
    assert filtered("Keep the lows of it " * 6) == ("Keep the lows of it Keep the …", True)


@pytest.mark.parametrize("signs", ["!", "\n", ". ", "[1]", "🎵", "0, "])
def test_it_stops_where_no_letter_comes_any_more(signs: str) -> None:
    text, is_looping = filtered("So it is: ", signs * 3000)
    assert is_looping
    assert len(text) <= MOST_LETTERLESS + 12
    assert text.startswith(f"So it is: {signs}")
    assert filtered(*f"So it is: {signs * 3000}") == (text, True)


def test_it_stops_a_sentence_that_is_said_with_ever_other_figures() -> None:
    rows = [f"- {ratio}:1: attack {ratio + 3} ms, release {ratio * 20} ms\n" for ratio in range(2, 60)]
    text, is_looping = filtered("His settings are:\n\n", *rows)
    assert is_looping
    assert text == f"His settings are:\n\n{''.join(rows[:MOST_FILLED_IN]).rstrip()} …"
    assert filtered(*"".join(["His settings are:\n\n", *rows])) == (text, True)


def test_it_lets_a_list_with_figures_through() -> None:
    text = "".join(f"At {bpm} BPM a quarter lasts {60_000 // bpm} ms [1].\n" for bpm in range(60, 200, 10))
    assert filtered(text) == (text, False)


def test_it_leaves_no_half_word_where_a_loop_is_cut() -> None:
    text, is_looping = filtered("The sub is a sub, and it's a sub. " + "The tuner is in C, and it's a sub. " * 9)
    assert is_looping
    assert not text.endswith(("'", "' …"))


def test_it_lets_a_table_of_numbers_through() -> None:
    table = "| BPM | ms |\n| --- | --- |\n" + "".join(f"| {bpm} | {60_000 // bpm} |\n" for bpm in range(60, 180, 5))
    assert filtered(table) == (table, False)


def test_it_stops_sayings_that_differ_a_little() -> None:
    names = ("kick", "bass", "tom", "hat", "clap", "ride")
    text, is_looping = filtered("".join(f"It is a good choice for a {name} as it has more weight. " for name in names))
    assert is_looping
    assert "hat" in text
    assert "ride" not in text


WORDS = st.lists(st.sampled_from(["the", "kick", "is", "10", "ms", "it's", "loud"]), min_size=1, max_size=12)
SIGNS = st.sampled_from([" ", ". ", ", ", " [1]. ", "\n- ", "\n2. ", " “", "” "])
TEXTS = st.lists(st.tuples(st.sampled_from(["a", "kick", "loud", "x1", "20"]), SIGNS), max_size=25).map(
    lambda pairs: "".join(itertools.chain.from_iterable(pairs))
)


@given(TEXTS, st.lists(st.integers(0, 150), max_size=8))
def test_it_says_the_same_however_it_is_cut(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    whole = filtered(text)
    assert filtered(*(text[a:b] for a, b in itertools.pairwise(edges))) == whole
    assert whole[1] or whole[0] == text


@given(WORDS, st.integers(8, 20))
def test_it_always_ends_a_loop_after_its_first_saying(words: list[str], times: int) -> None:
    saying = " ".join(["so", *words])
    text, is_looping = filtered(f"{saying}. " * times)
    assert is_looping
    assert f"{saying}.".startswith(text.removesuffix(" …"))
