"""What nobody sees is taken out of a text, and nothing else is."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chrysopedia.core.text import settled_end, without_unseen
from tests.unseen import UNSEEN

CLUSTERS = st.text(
    alphabet="ab1 éم\u200c\u200dक्👩🏽💻🏴\ufe0f\u20e3葛\U000e0100\u180bᠮ\u200b\u2028\U000e0067\U000e007f"
)


def test_it_takes_out_what_nobody_sees() -> None:
    left = {sign for sign in UNSEEN if without_unseen(f"a{sign}b") not in ("ab", "a b")}
    assert not left


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_it_keeps_words_apart_that_an_odd_line_break_parts(sign: str) -> None:
    assert without_unseen(f"a{sign}b") == "a b"


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "tab\tand\nline",
        "می‌خواهم",
        "क्‍ष",
        "👩‍🍳 kocht",
        "👩🏽‍💻 👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈",
        "1️⃣ ☺︎ ©️",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "葛󠄀城",
        "ᠮᠣᠩᠭᠣᠯ᠋",
        "שלום עולם",
        "؀١٢٣",
        "naïve — ½\u00a0dB",
    ],
)
def test_it_leaves_what_readers_need(text: str) -> None:
    assert without_unseen(text) == text


@pytest.mark.parametrize("text", ["pass\u200dword", "a\ufe0f\ufe01b", "👩\u200d\u200d\u200d", "🏴\U000e0061\U000e007f"])
def test_it_takes_a_joiner_a_selector_or_a_tag_where_it_does_nothing(text: str) -> None:
    assert without_unseen(text).isascii() or without_unseen(text) in "👩🏴"


def test_it_leaves_every_letter_sign_and_space() -> None:
    seen = (chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code))[0] in "LNPSZM")
    assert {sign for sign in seen if sign not in UNSEEN and without_unseen(f"a{sign}b") != f"a{sign}b"} == set()


@given(CLUSTERS)
def test_it_finds_nothing_more_in_what_it_returns(text: str) -> None:
    once = without_unseen(text)
    assert without_unseen(once) == once


@given(CLUSTERS, CLUSTERS)
def test_it_says_of_the_settled_part_what_it_says_of_the_whole(text: str, more: str) -> None:
    end = settled_end(text)
    assert without_unseen(text[:end]) + without_unseen(text[end:] + more) == without_unseen(text + more)
