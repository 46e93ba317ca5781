"""Reading says whether a claim has the passage's very words, and whether both are in one language."""

import pytest

from chat.grounding.verification.features import is_english, is_verbatim
from chat.grounding.verification.similarity import AnalysedText
from tests.chat.grounding.comparing import reading

TEXT = "Well, I set the ratio to three to one."


@pytest.mark.parametrize(("claim", "expected"), [("set the Ratio to three", True), ("set ratio to three", False)])
def test_it_knows_the_very_words(claim: str, expected: bool) -> None:
    assert is_verbatim(AnalysedText(claim), AnalysedText(TEXT)) is expected


def test_it_takes_no_part_of_a_word_for_the_word() -> None:
    assert not is_verbatim(AnalysedText("set the rat"), AnalysedText("I set the ratio"))


def test_it_takes_nothing_for_no_words_of_the_passage() -> None:
    assert not is_verbatim(AnalysedText(""), AnalysedText(TEXT))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I set the ratio of the compressor to three to one", True),
        ("Ich stelle das Verhältnis am Kompressor auf drei zu eins", False),
        ("Je règle toujours le taux du compresseur sur trois", False),
        ("Ratio: 3:1", True),
        ("", True),
    ],
)
def test_it_knows_english_by_its_small_words(text: str, expected: bool) -> None:
    assert is_english(AnalysedText(text)) is expected


def test_it_lists_the_words_that_are_not_said_the_farthest_first() -> None:
    assert reading("She sets the ratio of a periscope.", TEXT).unsaid == ("periscope",)


def test_it_lists_the_hedges_of_the_passage_once() -> None:
    assert reading("The ratio is high.", "Maybe the ratio, maybe, is usually high.").lost == ("maybe", "usually")
