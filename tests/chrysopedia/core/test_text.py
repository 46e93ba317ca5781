"""Texts compared word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chrysopedia.core.text import folded, place_of, words_of

TEXT = "So — Level  first, THEN everything else. It’s the 3.5 that counts."


@pytest.mark.parametrize(
    ("phrase", "place"),
    [
        ("level first then", "Level  first, THEN"),
        ("It's the 3 5", "It’s the 3.5"),
        ("so", "So"),
        ("evel first", None),
        ("first level", None),
        ("…", None),
    ],
)
def test_it_finds_a_phrase_whatever_stands_between_the_words(phrase: str, place: str | None) -> None:
    found = place_of(phrase, TEXT)
    assert (TEXT[slice(*found)] if found else None) == place


@given(st.text(alphabet="aB ß'’.\n-3"), st.data())
def test_it_finds_every_run_of_words(text: str, data: st.DataObject) -> None:
    words = words_of(text)
    if not words:
        return
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    phrase = text[words[first].start : words[last].end]
    found = place_of(phrase, text)
    assert found
    assert folded(text[slice(*found)]) == folded(phrase)
