"""What nobody sees is taken out of a text, and nothing else is."""

import pytest

from chrysopedia.core.text import without_unseen


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\ufeff", "\u00ad", "\x00", "\x1b", "\U000e0041"])
def test_it_takes_out_what_nobody_sees(sign: str) -> None:
    assert without_unseen(f"a{sign}b") == "ab"


@pytest.mark.parametrize("text", ["plain", "tab\tand\nline", "می‌خواهم", "👩‍🍳 kocht", "naïve — ½"])
def test_it_leaves_what_readers_need(text: str) -> None:
    assert without_unseen(text) == text
