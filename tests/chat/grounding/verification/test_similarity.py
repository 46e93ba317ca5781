"""A word is found in a passage as it stands, inflected, written in two or misheard, and else by what it is near."""

import pytest

from chat.grounding.verification.similarity import INFLECTED, SAID, AnalysedText, similarity_matrix


def best(claim: str, passage: str) -> float:
    """Return how much of a claim's only content word a passage says."""
    return float(similarity_matrix(AnalysedText(claim), AnalysedText(passage)).max())


@pytest.mark.parametrize(
    ("claim", "passage"),
    [
        ("compressor", "the Compressor here"),
        ("compressed", "we are compressing it"),
        ("fed", "feed the starter"),
        ("sidechain", "a side chain input"),
        ("teeth", "one tooth"),
    ],
)
def test_it_knows_the_same_word(claim: str, passage: str) -> None:
    assert best(claim, passage) == 1.0


def test_it_knows_a_compound_by_its_beginning() -> None:
    assert best("sourdough", "the sourdoughbread") >= INFLECTED


def test_it_knows_a_word_that_was_misheard() -> None:
    assert best("ableton", "I open abelton") >= SAID


def test_it_takes_a_word_of_another_matter_for_unsaid() -> None:
    assert best("harbour", "the compressor pumps") < SAID


def test_it_finds_a_near_word_nearer_than_a_far_one() -> None:
    assert best("louder", "make it quieter") > best("louder", "peel the carrots")


def test_it_gives_a_row_to_each_content_word_of_the_claim() -> None:
    assert similarity_matrix(
        AnalysedText("The attack of the compressor"), AnalysedText("fast attack, slow release")
    ).shape == (2, 4)


@pytest.mark.parametrize(("claim", "passage"), [("", "some talk"), ("some talk", ""), ("", ""), ("of the", "and so")])
def test_it_compares_texts_without_words(claim: str, passage: str) -> None:
    assert similarity_matrix(AnalysedText(claim), AnalysedText(passage)).size == 0


def test_it_keeps_within_nought_and_one() -> None:
    matrix = similarity_matrix(
        AnalysedText("loud quiet brass kick"), AnalysedText("kick drum, brass section, very loud")
    )
    assert matrix.min() >= 0.0 and matrix.max() <= 1.0
