"""A list in a box, one item a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creators.admin.fields import ListField


@pytest.mark.parametrize(
    ("text", "items"),
    [("a, b\r\n\r\n c \r\n", ["a, b", "c"]), ("", []), (None, []), ("a\0b", ["ab"])],
)
def test_it_reads_the_lines(text: str | None, items: list[str]) -> None:
    assert ListField().clean(text) == items


@given(st.lists(st.text(alphabet="ab ,'", min_size=1).map(str.strip).filter(bool)))
def test_it_reads_what_it_shows(items: list[str]) -> None:
    field = ListField()
    assert field.clean(field.prepare_value(items)) == items
    assert not field.has_changed(items, field.prepare_value(items))
