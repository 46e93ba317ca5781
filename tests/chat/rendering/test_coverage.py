"""What a reader is told of how far an answer covers the question, and of how well quotations fit."""

from dataclasses import replace

from django.template.loader import render_to_string

from chat.events.events import Sources, Suggestion, Tier, Token
from chat.events.messages import MESSAGES
from chat.rendering.article import Article
from tests.chat.rendering.test_article import CITATION, SOURCE, done, rendered

QUOTED = Token("“Cut first, cry never.” [1]")
AROUND = replace(CITATION, before="Take the fader.", after="Then listen.")


def shown(article: Article) -> str:
    return render_to_string("chat/turn.html", {"article": article, "words": MESSAGES})


async def test_it_introduces_the_nearest_as_the_nearest() -> None:
    article = await rendered(Sources((SOURCE,)), QUOTED, done(answered_by="quotes", coverage="partly"))
    page = shown(article)
    assert '<p class="nearest">Nobody says exactly that. The nearest is:</p>' in page
    assert 'data-coverage="partly"' in page


async def test_it_says_behind_each_excerpt_who_said_it_where_and_when() -> None:
    source = replace(SOURCE, published="2025-05-02")
    article = await rendered(Sources((source,)), QUOTED, done(answered_by="quotes", coverage="partly"))
    whence = article.answer.partition('<p class="whence">')[2]
    assert "<b>Dez</b> · <cite>Kick</cite>" in whence
    assert "2 May 2025" in whence
    assert 'href="/w/kick?at=75.500' in whence


async def test_it_does_not_say_twice_that_it_is_only_near() -> None:
    text = Token("Nobody says exactly that. The nearest is: “Cut first, cry never.” [1]")
    assert not (await rendered(Sources((SOURCE,)), text, done(answered_by="quotes", coverage="partly"))).lead


async def test_it_calls_what_a_model_says_partly_covered() -> None:
    assert (await rendered(Sources((SOURCE,)), QUOTED, done(coverage="partly"))).lead == "Only partly covered:"


async def test_it_gives_quotations_no_receipts() -> None:
    article = await rendered(Sources((SOURCE,)), QUOTED, done(answered_by="quotes"))
    assert not article.findings
    assert "Stands in the source" not in shown(article)


async def test_it_says_how_well_quotations_fit() -> None:
    full = await rendered(Sources((SOURCE,)), QUOTED, done(answered_by="quotes"))
    near = await rendered(Sources((SOURCE,)), QUOTED, done(answered_by="quotes", coverage="partly"))
    assert full.standing == "From this creator's own works. These words come closest to what you ask."
    assert near.standing == "From this creator's own works"


async def test_it_offers_what_this_creator_talks_about_and_links_to_it() -> None:
    topics = (Suggestion("Kick", "Dez", "dez", "kick"), Suggestion("Reverb", "Mara", "mara", "reverb"))
    end = done(answered_by="none", coverage="none", cascade_tier=Tier.NONE, cited=(), citations=(), suggestions=topics)
    page = shown(await rendered(Sources(()), Token("No."), end))
    assert "Dez does talk about:" in page
    assert '<a href="/w/kick">Kick</a>' in page
    assert "Reverb" not in page


async def test_it_gives_the_receipt_what_stands_around_the_quote_and_when_it_was_said() -> None:
    source = replace(SOURCE, published="2025-05-02")
    page = shown(await rendered(Sources((source,)), QUOTED, done(citations=(AROUND,))))
    assert '<p class="around">Take the fader. <b>Cut first, cry never.</b> Then listen.</p>' in page
    assert '<time datetime="2025-05-02">2 May 2025</time>' in page
