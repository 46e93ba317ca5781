"""The order in time of what a text tells: a rank for each word of a sentence, none for what has no place in it."""

import pytest

from chat.grounding.verification.order import ranks_of
from chat.grounding.verification.similarity import AnalysedText


def in_order(text: str, words: str) -> list[str]:
    """Return those of some words that a text gives a place, the earliest first."""
    analysed = AnalysedText(text)
    ranks = {analysed.words[place]: rank for place, rank in ranks_of(analysed, 0).items()}
    return sorted((word for word in words.split() if word in ranks), key=ranks.__getitem__)


@pytest.mark.parametrize(
    "text",
    [
        "Salt it first and knead it afterwards",
        "You salt it, then you knead",
        "Before you knead it, salt it",
        "Knead it after the salt",
        "Once the salt is in, knead it",
        "and only after the salt comes knead",
        "knead follows salt",
        "salt first knead second",
        "start with salt and leave knead until last",
    ],
)
def test_it_tells_what_comes_first(text: str) -> None:
    assert in_order(text, "knead salt") == ["salt", "knead"]


def test_it_goes_through_a_list_that_ends_with_then() -> None:
    assert in_order("Switch it off, wait ten seconds, and then unplug", "unplug wait switch") == [
        "switch",
        "wait",
        "unplug",
    ]


@pytest.mark.parametrize("text", ["Salt it and knead it", "The first salt", "Salt it before and after, then knead"])
def test_it_tells_nothing_where_the_text_tells_no_order(text: str) -> None:
    assert in_order(text, "knead salt") == []


def test_it_leaves_out_what_is_said_besides() -> None:
    assert in_order("Salt first, because yeast is slow, then knead", "knead yeast salt") == ["salt", "knead"]
