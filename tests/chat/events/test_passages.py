"""What a passage knows of who speaks in it."""

from dataclasses import replace

from tests.chat.passages import passage


def test_it_names_nobody_where_the_text_has_no_marks() -> None:
    assert replace(passage(), marks=()).speaker == ""
