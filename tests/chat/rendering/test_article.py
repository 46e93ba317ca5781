"""A turn as HTML: formatting, markers, notes and what is said about the answer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.template.loader import render_to_string

from chat.events.events import (
    Citation,
    Done,
    Event,
    Failed,
    Grounding,
    Source,
    Sources,
    Span,
    Suggestion,
    Tier,
    Timings,
    Token,
)
from chat.events.messages import MESSAGES
from chat.events.turn import ANYONE, TurnHead
from chat.rendering.answer import SentenceLocator
from chat.rendering.article import Article, article_from
from tests.chat.rendering.whole import answer_html
from tests.chat.sample_turns import judged_turn

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

    head = TurnHead(TURN, TURN, ANYONE, "Why?", creator=asked.lower(), creator_name=asked, weight=weight)
    return await article_from(stream(), head=head)


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
    (place,) = article.notes[0].places
    assert (place.quote, place.label, place.url) == ("Cut first, cry never.", "1:15", "https://v.example/w?t=73s")
    assert place.transcript == "/w/kick?at=75.500&say=Cut+first%2C+cry+never.#cited"


async def test_it_does_not_repeat_what_the_answer_quotes() -> None:
    article = await rendered(Sources((SOURCE,)), Token("“Cut first, cry never.” [1]"), done())
    assert article.notes[0].places[0].quote == ""


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


@pytest.fixture
async def judged() -> Article:
    """The article of a turn with every verdict in it."""
    return await rendered(*judged_turn(), asked="Mara Lindqvist")


LINK = '<a class="{}" href="#t00000000-note-{}" aria-label="Source {}: {}" data-claim="{}">'


async def test_it_leads_each_marker_to_the_place_of_its_own_sentence(judged: Article) -> None:
    assert LINK.format("supported", "1-1", 1, "Stands in the source", 0) in judged.answer
    assert LINK.format("unsupported", "1-2", 1, "Not in the source", 84) in judged.answer
    assert LINK.format("weak", "2", 2, "Only partly in the source", 45) in judged.answer


async def test_it_marks_sentences_in_words_and_not_by_colour_alone(judged: Article) -> None:
    assert '<span class="claim unsupported" data-claim="84">It must never pass 500 ms.</span>' in judged.answer
    bare = '<span class="bare" data-claim="116">A longer tail fills the chorus.</span>'
    assert bare + '<span class="unseen"> (cites no source)</span>' in judged.answer


async def test_it_marks_through_formatting() -> None:
    text = "- Cut **first**, `cry` never\n- a [1]"
    html = answer_html(text, numbers={1}, sentences=SentenceLocator(text, bare=(Span(2, 28),)))
    bare = '<span class="bare" data-claim="2">'
    assert f"<li>{bare}Cut </span><strong>{bare}first</span></strong>" in html
    assert f'<code>cry</code>{bare} never</span><span class="unseen">' in html


async def test_it_goes_on_after_what_formatting_has_changed() -> None:
    text = f"{'Salt &amp; pepper. ' * 20}\n\nCut \\*first\\*.\n\nCry never."
    html = answer_html(text, numbers={1}, sentences=SentenceLocator(text, bare=(Span(len(text) - 10, len(text)),)))
    assert '<p><span class="bare" data-claim="398">Cry never.</span>' in html


async def test_it_judges_each_spot_of_a_note_by_itself(judged: Article) -> None:
    first, second = judged.notes[0].places
    assert (first.verdict_words, first.problems, first.anchor) == ("Stands in the source", (), "t00000000-note-1-1")
    assert (second.verdict_words, second.problems) == ("Not in the source", ("The source does not say 500 ms.",))


async def test_it_tells_how_many_citations_hold(judged: Article) -> None:
    assert [finding.text for finding in judged.findings] == [
        "1 of 4 citations is not in its source.",
        "1 of 4 citations is only partly in its source.",
        "1 of 5 sentences cites no source.",
    ]


@pytest.mark.parametrize(
    ("grounding", "words"),
    [
        (Grounding(claims=4, cited=4, supported=4), ["All 4 citations were found in their sources."]),
        (Grounding(claims=1, cited=1, supported=1), ["The one citation was found in its source."]),
        (Grounding(claims=1, cited=1, unsupported=1), ["The one citation is not in its source."]),
        (Grounding(claims=3, uncited=2), ["2 of 3 sentences cite no source."]),
        (Grounding(), []),
    ],
)
async def test_it_says_so_in_whole_sentences(grounding: Grounding, words: list[str]) -> None:
    article = await rendered(*judged_turn(grounding=grounding))
    assert [finding.text for finding in article.findings] == words


async def test_it_finds_no_fault_with_an_honest_none() -> None:
    article = await rendered(*judged_turn(answered_by="none", citations=()))
    assert not article.findings
    assert "bare" not in article.answer


async def test_it_names_both_sides_of_a_disagreement(judged: Article) -> None:
    (dispute,) = judged.disputes
    assert dispute.heading == "They disagree about pre-delay"
    sides = [(side.creator, side.value, side.title, side.published) for side in dispute.sides]
    assert sides[0] == ("Mara Lindqvist", "20 to 40 ms", "Reverb and space", date(2024, 5, 1))
    assert sides[1] == ("Dez Okafor", "80 ms", "Fast songs", None)


async def test_it_gives_the_note_on_the_voice_the_first_word(judged: Article) -> None:
    assert judged.remarks == ("Mara's voice was left out of what Dez says.",)


async def test_it_shows_all_of_this_on_the_page(judged: Article) -> None:
    page = render_to_string("chat/turn.html", {"article": judged, "words": MESSAGES})
    for words in ("They disagree about pre-delay", "1 May 2024", "1 of 5 sentences", "The source does not say 500 ms."):
        assert words in page
    assert 'id="t00000000-note-1-2"' in page
    assert " style=" not in page


async def test_it_names_a_guest_and_whose_guest_it_is() -> None:
    article = await rendered(
        Sources((replace(SOURCE, speaker="Theo"),)), done(citations=(replace(CITATION, speaker="Theo"),))
    )
    assert article.notes[0].guest == "Theo"


async def test_it_names_the_creator_beside_a_guest_where_both_are_quoted() -> None:
    both = (replace(CITATION, speaker="Theo"), replace(CITATION, speaker=SOURCE.creator, quote="Another."))
    note = (await rendered(Sources((SOURCE,)), done(citations=both))).notes[0]
    assert note.is_shared and f"<b>{SOURCE.creator}</b> and <b>Theo</b>, a guest" in render_to_string(
        "chat/origin.html", {"note": note, "source": note.source}
    )


async def test_it_takes_the_creator_for_no_guest() -> None:
    article = await rendered(
        Sources((replace(SOURCE, speaker="Theo"),)), done(citations=(replace(CITATION, speaker="Dez"),))
    )
    assert article.notes[0].guest == ""
