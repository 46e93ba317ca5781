"""A turn as HTML: formatting, markers, notes and what is said about the answer."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from chat.events import Done, Event, Failed, Sources, Token
from chat.renderers.html import Article, answer_html, article_from
from chat.values import Citation, Source, Suggestion, Tier, Timings

TURN = UUID(int=1)
CITATION = Citation(1, "Cut first.", 0, 14, "Cut first, cry never.", 75.5, 78.0, "https://v.example/w?t=73s")
SOURCE = Source(
    1, "Kick", "Dez", "dez", "kick", "video", "https://v.example/w?t=70s", 72.0, 90.0, Tier.CREATOR, 0.9, "Cut"
)


def done(**changes: object) -> Done:
    usual: dict[str, object] = {
        "conversation_id": TURN,
        "turn_id": TURN,
        "cascade_tier": Tier.CREATOR,
        "answered_by": "model",
        "finish": "complete",
        "voice_applied": 0.0,
        "cited": (1,),
        "citations": (CITATION,),
        "rewritten_query": None,
        "usage": None,
        "timings_ms": Timings(1, 2, 3),
    }
    return Done(**{**usual, **changes})  # type: ignore[arg-type]  # the fields are those of Done


async def rendered(*events: Event, weight: float = 0.0, asked: str = "Dez") -> Article:
    async def stream() -> AsyncIterator[Event]:
        for event in events:
            yield event

    return await article_from(stream(), query="Why?", asked=asked, weight=weight)


def test_it_formats_paragraphs_lists_and_emphasis() -> None:
    html = answer_html("One **bold**\nline\n\n- a\n- `b`\n\n> said", numbers={1})
    assert "<p>One <strong>bold</strong><br>\nline</p>" in html
    assert "<li>a</li>" in html
    assert "<li><code>b</code></li>" in html
    assert "<blockquote>" in html


def test_it_makes_markers_of_known_numbers_only() -> None:
    html = answer_html("A [1, 2] b [9]", numbers={1, 2})
    assert 'A\u00a0<sup class="mark"><a href="#note-1" aria-label="Source 1">1</a><a href="#note-2"' in html
    assert "b [9]" in html


def test_it_joins_markers_that_follow_each_other() -> None:
    assert answer_html("A [1][2]", numbers={1, 2}).count("<sup") == 1


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b onclick=x>b</b>", "[a](javascript:x)", "![a](http://x)", "<http://x>"],
)
def test_it_lets_no_html_links_or_pictures_through(text: str) -> None:
    html = answer_html(text, numbers={1})
    assert "<script" not in html
    assert "<b " not in html
    assert "<a" not in html
    assert "<img" not in html


def test_it_takes_a_link_definition_for_text() -> None:
    assert "http://x" in answer_html("[1]: http://x", numbers={1})


async def test_it_puts_the_cited_sentence_into_the_note() -> None:
    article = await rendered(Sources((SOURCE,)), Token("Trim it. [1]"), done())
    (spot,) = article.notes[0].spots
    assert (spot.quote, spot.label, spot.url) == ("Cut first, cry never.", "1:15", "https://v.example/w?t=73s")
    assert spot.transcript == "/w/kick?at=75.500"


async def test_it_does_not_repeat_what_the_answer_quotes() -> None:
    article = await rendered(Sources((SOURCE,)), Token("“Cut first, cry never.” [1]"), done())
    assert article.notes[0].spots[0].quote == ""


async def test_it_keeps_uncited_sources_apart() -> None:
    article = await rendered(Sources((SOURCE,)), Token("Hm."), done(cited=(), citations=()))
    assert not article.notes
    assert [note.source.number for note in article.consulted] == [1]


async def test_it_says_why_there_is_no_voice() -> None:
    article = await rendered(Token("Hm."), done(answered_by="quotes"), weight=0.5)
    assert article.remarks[0].startswith("No language model wrote this")
    assert "quotations stay as they were said" in article.remarks[1]


async def test_it_names_a_source_of_another_creator() -> None:
    foreign = Source(**{name: getattr(SOURCE, name) for name in Source.__slots__} | {"tier": Tier.GLOBAL})
    article = await rendered(Sources((foreign,)), Token("A [1]"), done(cascade_tier=Tier.GLOBAL))
    assert article.notes[0].tier == "from another creator"
    assert article.standing == "From everyone here"


async def test_it_offers_topics_where_nothing_was_said() -> None:
    topics = (Suggestion("Kick", "Dez", "dez", "kick"),)
    end = done(answered_by="none", cascade_tier=Tier.NONE, cited=(), citations=(), suggestions=topics)
    assert (await rendered(Sources(()), Token("No."), end)).suggestions == topics


async def test_it_keeps_what_came_before_a_failure() -> None:
    article = await rendered(Token("Half"), Failed("internal", "Try again.", True, TURN, TURN))
    assert "Half" in article.answer
    assert article.error == "Try again."
