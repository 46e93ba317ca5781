"""Code in an answer is known as it is read from the beginning: fences, and backticks of one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.grounding.markers import outside_code


def prose(text: str) -> str:
    return "".join(text[start:end] for start, end in outside_code(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a `b` c", "a  c"),
        ("a ``b ` c`` d", "a  d"),
        ("a\n```\nb\n```\nc", "ac"),
        ("~~~\nb\n~~~\nc", "c"),
        ("````\n```\nb\n````\nc", "c"),
        ("a ``` b", "a "),
        ("a `b\nc", "a c"),
        ("```\nnever closed", ""),
        ("no code", "no code"),
    ],
)
def test_it_parts_prose_from_code(text: str, expected: str) -> None:
    assert prose(text) == expected


@given(st.text(alphabet="a`~ \n", max_size=60))
def test_it_gives_parts_in_order_within_the_text(text: str) -> None:
    places = [place for part in outside_code(text) for place in part]
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)
