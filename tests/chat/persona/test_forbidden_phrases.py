"""Phrases that a voice must never use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.persona.preview import forbidden_phrases

WORDS = st.lists(st.sampled_from("game changer don't it's Straße 20".split()), min_size=1, max_size=4)
BETWEEN = st.sampled_from([" ", "  ", "\n", ", ", "-", " — ", "… "])


@pytest.mark.parametrize(
    "text", ["A game changer.", "GAME  changer", "game-changer", "game,\nchanger!", "“Game” changer"]
)
def test_it_finds_a_phrase_however_it_is_written(text: str) -> None:
    assert forbidden_phrases(text, ["game changer", "magic"]) == ("game changer",)


@pytest.mark.parametrize("text", ["endgame changers", "game of a changer", "changer game", ""])
def test_it_finds_whole_phrases_only(text: str) -> None:
    assert forbidden_phrases(text, ["game changer"]) == ()


def test_it_takes_either_apostrophe() -> None:
    assert forbidden_phrases("I DON’T know.", ["don't"]) == ("don't",)


def test_it_looks_for_signs_as_they_are_written() -> None:
    assert forbidden_phrases("Wow!!!", ["!!!", "???", " "]) == ("!!!",)


@given(WORDS, st.data())
def test_it_finds_a_phrase_whatever_stands_between_its_words(words: list[str], data: st.DataObject) -> None:
    said = "".join(word.upper() + data.draw(BETWEEN) for word in words)
    phrase = " ".join(words)
    assert forbidden_phrases(f"So: {said} and so on", [phrase]) == (phrase,)
