"""Texts beside each other, or below."""

from hypothesis import given
from hypothesis import strategies as st

from chat.persona.preview import side_by_side


def test_it_puts_texts_beside_each_other() -> None:
    shown = side_by_side([("one", "a b"), ("two", "c")], width=80)
    assert [line.split() for line in shown.splitlines()] == [["one", "two"], ["---", "---"], ["a", "b", "c"]]


def test_it_puts_them_below_each_other_where_it_is_narrow() -> None:
    assert side_by_side([("one", "a"), ("two", "b")], width=40) == "one\n---\na\n\ntwo\n---\nb"


@given(st.lists(st.text(alphabet="ab \n", max_size=200), min_size=1, max_size=3), st.integers(30, 200))
def test_it_keeps_every_word_within_the_width(texts: list[str], width: int) -> None:
    shown = side_by_side([("head", text) for text in texts], width=width)
    assert all(len(line) <= width for line in shown.splitlines())
    assert shown.count("a") == sum(text.count("a") for text in texts) + len(texts)
