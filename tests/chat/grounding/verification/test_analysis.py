"""A text is its content words with their places, parted in clauses, some of them denied."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.verification.similarity import AnalysedText


def denied(text: str) -> set[str]:
    analysed = AnalysedText(text)
    return {word for word, is_denied in zip(analysed.words, analysed.denied, strict=True) if is_denied}


def test_it_leaves_out_small_words_and_those_of_figures() -> None:
    assert [term.text for term in AnalysedText("So I set the attack to twenty, or 20 ms").terms] == ["attack"]


def test_it_takes_forms_of_a_word_for_one() -> None:
    assert AnalysedText("She fed the leaves and knives").stems == AnalysedText("feeding a leaf with her knife").stems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't knead dough", {"knead", "dough"}),
        ("knead dough", set()),
        ("never knead, fold dough", {"knead"}),
        ("fold rather than knead", {"knead"}),
        ("not only knead", set()),
        ("never avoid kneading", set()),
    ],
)
def test_it_knows_which_words_are_denied(text: str, words: set[str]) -> None:
    assert denied(text) & {"knead", "kneading", "dough", "fold"} == words


def test_it_parts_clauses_at_pauses_and_joining_words() -> None:
    assert AnalysedText("Fold it, then wait because dough rests").clauses == (0, 0, 1, 1, 2, 2, 2)


@given(st.text(max_size=80))
def test_it_keeps_every_word_where_it_stands(text: str) -> None:
    analysed = AnalysedText(text)
    assert len(analysed.words) == len(analysed.spans) == len(analysed.denied) == len(analysed.clauses)
    assert all(0 <= start < end <= len(text) for start, end in analysed.spans)


def test_it_keeps_offsets_where_lower_case_is_longer() -> None:
    text = "İstanbul İzmir attack"
    analysed = AnalysedText(text)
    assert [text[start:end] for start, end in analysed.spans] == text.split()
