"""Markers that the program sets while an answer streams."""

import itertools
from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.markers import markers_in
from chat.grounding.marking import SentenceMarker


def marked(*pieces: str, number: int | None = 2) -> str:
    """The answer with a marker behind every sentence that may have one; the places given must be those of markers."""
    sentences = SentenceMarker(lambda sentence: None if markers_in(sentence) else number)
    text = "".join([*map(sentences.feed, pieces), sentences.finish()])
    assert {place for place, found in markers_in(text) if found == number} >= sentences.places
    return text


def test_it_marks_sentences_that_cite_nothing() -> None:
    text = "Set the attack to 20 ms. Use a ratio of 3:1 [1]. Then it is done."
    assert marked(*text) == "Set the attack to 20 ms. [2] Use a ratio of 3:1 [1]. Then it is done. [2]"


def test_it_marks_the_items_of_a_list() -> None:
    assert marked(*"Do so:\n- One thing is here\n- Another one is there") == (
        "Do so:\n- One thing is here [2]\n- Another one is there [2]"
    )


def test_it_marks_nothing_where_no_passage_says_it() -> None:
    text = "Set the attack to 20 ms. Then it is done."
    assert marked(*text, number=None) == text


def test_it_marks_no_heading_question_lead_in_code_or_row_of_a_table() -> None:
    text = "# What she says of it\nWhat does she say?\nAll this:\n```\nit is code here.\n```\n| is | a | row | here |\n"
    assert marked(*text) == text


def test_it_marks_a_quotation_behind_its_end() -> None:
    text = "That comes before it all. “He said so. And so it was.” So she told us then."
    assert marked(*text).count("[2]") == 3


@pytest.mark.parametrize("words", [30, 80, 200])
def test_it_marks_the_sentence_behind_a_long_quotation(words: int) -> None:
    text = "“" + "Said so there. " * words + "And it was.” Then it was done so. And so on it went."
    pieces = [text[at : at + 4] for at in range(0, len(text), 4)]
    assert marked(*pieces).endswith("was.” [2] Then it was done so. [2] And so on it went. [2]")


def test_it_leaves_the_end_of_a_sentence_to_the_model_s_own_marker() -> None:
    assert marked("Set the attack to 20 ms.", " ", "[1]", " Then so on here.") == (
        "Set the attack to 20 ms. [1] Then so on here. [2]"
    )


def test_it_shows_words_at_once() -> None:
    sentences = SentenceMarker(lambda sentence: 2)
    assert [sentences.feed(piece) for piece in ("Set", " the", " attack. ", "Then")] == [
        "Set",
        " the",
        " attack.",
        " Then",
    ]


CLAIMS = ("Set the attack to 20 ms", "It is so", "Dr. X")
SIGNS = (
    " [1]",
    ". ",
    "? ",
    "\n",
    "\n- ",
    "“",
    "”",
    "```\n",
    "`",
    "e.g. ",
    "1. ",
    "| a | b |\n",
    "…",
    "。",
    " ",
    "\n\n",
    "# ",
)
PARTS = st.sampled_from([*CLAIMS, *SIGNS])


@given(st.lists(PARTS, max_size=14).map("".join), st.lists(st.integers(0, 120), max_size=8))
def test_it_says_the_answer_however_it_is_cut(text: str, cuts: list[int]) -> None:
    edges = sorted({0, len(text), *(cut for cut in cuts if cut <= len(text))})
    pieces = [text[a:b] for a, b in itertools.pairwise(edges)]
    assert marked(*pieces).replace(" [2]", "") == text
    assert marked(*pieces, number=None) == text


def effort(text: str) -> float:
    """Return the seconds of a processor that an answer takes, token by token."""
    sentences, began = SentenceMarker(lambda sentence: None), thread_time()
    for at in range(0, len(text), 4):
        sentences.feed(text[at : at + 4])
    return thread_time() - began


@pytest.mark.parametrize("signs", ["![", ".)\"'", "“.", "“.” x ", "\n(", "e.g. "])
def test_it_takes_about_as_long_for_signs_as_for_words(signs: str) -> None:
    # A thousand times as long, where each sign looks for an end through all that follow it.
    assert effort((signs * 3000)[:3000]) < 60 * effort("the kick is loud. " * 166)
