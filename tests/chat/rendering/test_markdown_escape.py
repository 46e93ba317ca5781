import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from chat.rendering.answer import marker_parser
from chat.rendering.markdown import escape_markdown, safe_markdown

ANYBODY = MarkdownIt("commonmark").enable("table").enable("strikethrough")
"""A reader that knows links, pictures and HTML."""
SIGNS = "[1] [ ] ( ) ! <b> ` ``` * _ # > - 1. 2) --- === : x \\ | &amp; ~~ http://e.example".split()
GAPS = [" ", "\n", "\n\n", "\t", "> ", "- ", "1. "]
FORMATTING = st.lists(st.sampled_from([*SIGNS, *GAPS]), max_size=30).map("".join)
# Which signs of emphasis belong together may come out otherwise where they touch.
UNSTRESSED = st.lists(st.sampled_from([sign for sign in (*SIGNS, *GAPS) if sign not in "*_"]), max_size=30).map("".join)


def tokens(markdown: MarkdownIt, text: str) -> list[Token]:
    blocks = markdown.parse(text, {"numbers": {1}, "labels": {1: 1}})
    return [one for block in blocks for one in (block, *(block.children or ()))]


def shown(markdown: MarkdownIt, text: str) -> str:
    words = [one.content for one in tokens(markdown, text) if not one.children]
    return "".join("".join(words).split())


@given(FORMATTING)
@example("[1]: http://e.example\n\n[1]")
@example("a\n-")
@example("[1]|\n---")
def test_it_lets_nothing_become_more_than_formatting(answer: str) -> None:
    kinds = {token.type for token in tokens(ANYBODY, safe_markdown(answer, numbers={1: 1}))}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "hr", "code_block", "s_open"}


@given(UNSTRESSED)
@example("[1][1](")
@example("`[1][1]`")
@example("\\\\[1]\n[1]")
@example("`\\[1\\]`")
def test_it_shows_the_words_that_the_page_shows(answer: str) -> None:
    assert shown(ANYBODY, safe_markdown(answer, numbers={1: 1})) == shown(marker_parser(), answer)


@given(FORMATTING)
def test_it_shows_a_title_as_it_is_within_one_line(title: str) -> None:
    kinds = [token.type for token in tokens(ANYBODY, f"# {escape_markdown(title)}")]
    assert set(kinds) <= {"heading_open", "inline", "heading_close", "text", "text_special"}
    assert shown(ANYBODY, f"# {escape_markdown(title)}") == "".join(title.split())


@pytest.mark.parametrize(
    ("answer", "markdown"),
    [
        ("Keep **3 dB** [1] [9]", "Keep **3 dB** [1] \\[9\\]"),
        ("# Big\n- one\n- two", "### Big\n\n- one\n- two"),
        ("one\ntwo", "one\\\ntwo"),
        ("[1](http://e.example)", "\\[1\\](http\\://e.example)"),
        ("so [2](ca. 3 dB)", "so \\[5\\](ca. 3 dB)"),
        ("`[1]` and <b>", "`[1]` and \\<b\\>"),
        ("```\nbroken off", "```\nbroken off\n```"),
        ("Ask www.e.example or a@e.example", "Ask www\\.e.example or a\\@e.example"),
    ],
)
def test_it_writes_an_answer_anew(answer: str, markdown: str) -> None:
    assert safe_markdown(answer, numbers={1: 1, 2: 5}) == markdown
