"""An answer while it grows."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chat.rendering.html_stream import Growing, Grown, plain, settled
from tests.chat.rendering.whole import answer_html

PARTS = [
    "Cut first. ",
    "cry never [1]. ",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "2. ",
    "> ",
    "#",
    "## ",
    "**",
    "*",
    "`",
    "```",
    "_",
    "  ",
    "x",
    "\\",
]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


def grow(pieces: list[str]) -> list[Grown]:
    growing = Growing(numbers={1})
    return [growing.feed(piece) for piece in pieces]


def split(text: str, cuts: list[int]) -> list[str]:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[first:last] for first, last in pairwise(edges)]


@given(TEXTS, TEXTS)
def test_it_settles_only_what_nothing_can_change(text: str, more: str) -> None:
    text += "\n"
    cut = settled(text)
    whole = answer_html(text + more, numbers={1})
    assert answer_html(text[:cut], numbers={1}) + answer_html(text[cut:] + more, numbers={1}) == whole


@given(TEXTS, st.lists(st.integers(0, 200), max_size=12))
def test_its_blocks_are_the_beginning_of_the_answer_however_it_is_cut(text: str, cuts: list[int]) -> None:
    blocks = "".join(block for grown in grow(split(text, cuts)) for block in grown.blocks)
    assert answer_html(text, numbers={1}).startswith(blocks)


@given(TEXTS, st.lists(st.integers(0, 200), max_size=12))
def test_what_is_kept_and_what_follows_are_the_words_after_the_last_sentence(text: str, cuts: list[int]) -> None:
    shown = ""
    text = text or "x"
    for grown in grow(split(text, cuts)):
        shown = (shown if grown.block is None else "")[: grown.keep] + grown.tail
    rests = {plain(text[at:], is_inside=inside) for at in range(len(text) + 1) for inside in (False, True)}
    assert shown in rests


def test_it_formats_a_sentence_as_soon_as_it_ends() -> None:
    first, second = grow(["**Cut** firs", "t. [1] Cry"])
    assert (first.block, first.tail) == (None, "Cut firs")
    assert second.block is not None
    assert '<strong>Cut</strong> first.\u00a0<sup class="mark">' in second.block
    assert second.tail == " Cry"


def test_it_shows_neither_signs_nor_half_a_marker() -> None:
    assert plain("Keep **it** `short` [1, 2] and _calm_ [1") == "Keep it short and calm"


def test_it_formats_a_long_block_a_few_times_only() -> None:
    drawn = [grown.block for grown in grow(["- One more of them. "] * 400) if grown.block]
    assert len(drawn) < 60
