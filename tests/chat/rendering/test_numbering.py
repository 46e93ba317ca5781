"""Sources are shown under the numbers in which they are read, and none is named twice in one place."""

from chat.events.events import Sources, Token
from chat.rendering.answer import reading_order
from chat.rendering.html_stream import Growing
from chat.rendering.markdown import renumbered, safe_markdown
from tests.chat.rendering.test_article import done, rendered
from tests.chat.rendering.whole import answer_html
from tests.chat.sample_turns import SOURCES, cite

ANSWER = "Cut first [3]. Then wait [1][3]."


def test_it_numbers_sources_as_they_are_read() -> None:
    assert reading_order(ANSWER, numbers={1, 2, 3}) == {3: 1, 1: 2}
    html = answer_html(ANSWER, numbers={1, 2, 3})
    assert '<a href="#note-3" aria-label="Source 1">1</a>' in html
    assert '<a href="#note-1" aria-label="Source 2">2</a>' in html


def test_it_numbers_them_the_same_while_the_answer_grows() -> None:
    growing = Growing(numbers={1, 2, 3})
    blocks = [growing.feed(piece).block or "" for piece in ("Cut first [3]. ", "Then wait [1][3]. ", "Go on. ")]
    assert 'href="#note-3" aria-label="Source 1"' in blocks[0]
    assert 'href="#note-1" aria-label="Source 2"' in "".join(blocks)


def test_it_takes_the_same_numbers_away() -> None:
    order = reading_order(ANSWER, numbers={1, 2, 3})
    assert safe_markdown(ANSWER, numbers=order) == "Cut first [1]. Then wait [2][1]."
    assert renumbered(ANSWER, numbers=order) == "Cut first [1]. Then wait [2][1]."


def test_it_names_a_source_once_in_one_place() -> None:
    for twice in ("Cut [1][1].", "Cut [1] [1].", "Cut [1, 1]."):
        assert answer_html(twice, numbers={1}).count("<a ") == 1
    assert safe_markdown("Cut [1][1].", numbers={1: 1}) == "Cut [1]."
    assert renumbered("Cut [1] [1].", numbers={1: 1}) == "Cut [1]."


async def test_it_puts_the_notes_in_the_order_of_their_numbers() -> None:
    text = "Keep the pre-delay [3]. Shorten it to 10 ms [1]."
    quotes = {3: "Roll off the lows", 1: "Keep the pre-delay"}
    citations = tuple(cite(n, claim, "x", done().citations[0].verdict) for n, claim in quotes.items())
    article = await rendered(Sources(SOURCES), Token(text), done(citations=citations, cited=(1, 3)))
    assert [(note.label, note.source.number) for note in article.notes] == [(1, 3), (2, 1)]
    assert [note.label for note in article.consulted] == [0, 0, 0]
