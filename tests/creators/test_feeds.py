"""Feeds: subscribed to by a look, polled without doubles, with what disappears kept or withdrawn."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chat.moves import move
from chat.takedown import take_down
from creators.feeds.polling import keep, poll
from creators.feeds.rss import FeedEpisode, FeedError, read_feed
from creators.models import Creator, Feed, IngestJob, JobFile, Work
from tests.creators.uploading import accept, bring, work_off
from tests.creators.web import Page, Web, serving

pytestmark = pytest.mark.django_db

ITEM = """<item><guid>{guid}</guid><title>Talk {guid}</title><link>https://pod.example/{guid}</link>
<pubDate>Fri, 14 Mar 2025 10:00:00 +0100</pubDate>
<podcast:transcript url="/{guid}.html" type="text/html"/>
<podcast:transcript url="/{guid}.vtt" type="text/vtt" language="en-GB"/></item>"""
CUES = b"WEBVTT\n\n00:01.000 --> 00:03.000\nThis is talk %b, of many words.\n"


def feed_of(*guids: str, more: str = "") -> bytes:
    items = "".join(ITEM.format(guid=guid) for guid in guids)
    space = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
    return f"<rss version='2.0' {space}><channel><title>A pod</title>{items}{more}</channel></rss>".encode()


NO_CHUNKS = {"chunks-TOTAL_FORMS": "0", "chunks-INITIAL_FORMS": "0"}


@pytest.fixture
def web(settings: Settings) -> Iterator[Web]:
    settings.FETCH_ALLOWED_NETWORKS = (ip_network("127.0.0.1/32"),)
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}
    with serving() as served:
        served.pages = {f"/{guid}.vtt": Page(CUES % guid.encode()) for guid in "abcde"}
        served.pages["/feed"] = Page(feed_of("a", "b", more="<item><guid>z</guid></item>"), headers={"ETag": '"1"'})
        yield served


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody")


@pytest.fixture
def feed(web: Web, creator: Creator) -> Feed:
    """A feed that is subscribed to, with two works."""
    feed = Feed.objects.create(creator=creator, url=f"{web.address}/feed")
    work_off()
    assert Work.objects.filter(creator=creator).count() == 2
    feed.refresh_from_db()
    return feed


def look_again(feed: Feed) -> Feed:
    Feed.objects.update(next_poll=timezone.now() - timedelta(seconds=1))
    work_off()
    feed.refresh_from_db()
    return feed


def test_it_shows_what_a_feed_would_bring_before_it_is_subscribed_to(
    admin_client: Client, web: Web, creator: Creator
) -> None:
    shown = bring(admin_client, creator, address=f"{web.address}/feed")
    assert "This is talk a, of many words." in shown
    assert "1 episodes have no transcript" in shown
    assert not Feed.objects.get().is_active
    accept(admin_client, subscribe="1")
    assert Feed.objects.get().is_active
    work = Work.objects.get(creator=creator, title="Talk a")
    assert (work.url, str(work.published), work.language) == ("https://pod.example/a", "2025-03-14", "en")


def test_it_fetches_a_caption_file_by_its_address(admin_client: Client, web: Web, creator: Creator) -> None:
    assert "1 new" in bring(admin_client, creator, address=f"{web.address}/a.vtt")
    accept(admin_client)
    assert Work.objects.filter(creator=creator, source="127.0.0.1/a.vtt").exists()


def test_it_says_in_the_form_why_nothing_was_fetched(admin_client: Client, web: Web, creator: Creator) -> None:
    assert "answered 404" in bring(admin_client, creator, address=f"{web.address}/none")


def test_it_makes_no_double_in_three_polls(feed: Feed, web: Web) -> None:
    for _ in range(3):
        look_again(feed)
    assert Work.objects.filter(creator=feed.creator).count() == 2
    assert IngestJob.objects.count() == 1
    assert [path for path, _ in web.asked].count("/a.vtt") == 1


def test_it_asks_only_for_what_has_changed(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = lambda headers: Page(status=304) if headers.get("if-none-match") == '"1"' else Page(status=500)
    assert look_again(feed).error == ""
    assert web.asked[-1][0] == "/feed"


def test_it_brings_in_a_new_episode(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = Page(feed_of("c", "a", "b"))
    look_again(feed)
    assert Work.objects.filter(creator=feed.creator, title="Talk c").exists()


def test_it_keeps_a_work_whose_episode_disappears(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = Page(feed_of("a"))
    look_again(feed)
    assert not Work.objects.get(title="Talk b").is_withdrawn


def test_it_withdraws_it_where_the_curator_chose_that_and_brings_it_back(feed: Feed, web: Web) -> None:
    Feed.objects.update(when_gone=Feed.WhenGone.WITHDRAW)
    web.pages["/feed"] = Page(feed_of("a"))
    look_again(feed)
    assert Work.objects.get(title="Talk b").is_withdrawn
    web.pages["/feed"] = Page(feed_of("a", "b"))
    look_again(feed)
    assert not Work.objects.get(title="Talk b").is_withdrawn


def test_it_does_not_bring_back_what_was_withdrawn_in_its_form(admin_client: Client, feed: Feed, web: Web) -> None:
    Feed.objects.update(when_gone=Feed.WhenGone.WITHDRAW)
    web.pages["/feed"] = Page(feed_of("a"))
    look_again(feed)
    work = Work.objects.get(title="Talk b")
    sent = {"title": work.title, "kind": work.kind, "slug": work.slug}
    for choice in ({"initial-is_withdrawn": "True"}, {"is_withdrawn": "on"}):  # given back, then withdrawn
        admin_client.post(reverse("admin:creators_work_change", args=[work.pk]), {**sent, **NO_CHUNKS, **choice})
        assert Work.objects.get(pk=work.pk).is_withdrawn == ("is_withdrawn" in choice)
    web.pages["/feed"] = Page(feed_of("a", "b"))
    look_again(feed)
    assert Work.objects.get(pk=work.pk).is_withdrawn


def test_it_never_brings_a_work_again_that_is_another_creators_now(feed: Feed, web: Web) -> None:
    other = Creator.objects.create(slug="other", name="Other")
    work = Work.objects.get(title="Talk b")
    move([work.pk], to=other, now=timezone.now())
    take_down(Work.objects.get(pk=work.pk), clock=timezone.now, sleep=lambda _: None)
    web.pages["/feed"] = Page(feed_of("a", "b").replace(b"/b.vtt", b"/c.vtt"))  # whose transcript was put right
    look_again(feed)
    assert [one.creator for one in Work.objects.filter(title="Talk b")] == [other]


def test_it_leaves_moved_what_is_moved_while_it_polls(feed: Feed) -> None:
    def meanwhile() -> Iterator[FeedEpisode]:
        other = Creator.objects.create(slug="other", name="Other")
        move([Work.objects.get(title="Talk b").pk], to=other, now=timezone.now())
        yield from read_feed(feed_of("a", "b"), url=feed.url).episodes

    keep(feed, meanwhile())
    assert feed.episodes.get(guid="b").is_moved


def test_it_goes_on_with_a_work_that_comes_back(feed: Feed, web: Web) -> None:
    other, work = Creator.objects.create(slug="other", name="Other"), Work.objects.get(title="Talk b")
    move([work.pk], to=other, now=timezone.now())
    move([work.pk], to=feed.creator, now=timezone.now())
    web.pages["/feed"] = Page(feed_of("a", "b").replace(b"/b.vtt", b"/c.vtt"))
    look_again(feed)
    assert "talk c" in Work.objects.get(title="Talk b").chunks.get().text


def test_it_withdraws_nothing_where_a_feed_is_empty_or_broken(feed: Feed, web: Web) -> None:
    Feed.objects.update(when_gone=Feed.WhenGone.WITHDRAW)
    for page in (Page(feed_of()), Page(b"<rss><channel>"), Page(b"<html></html>"), Page(status=500)):
        web.pages["/feed"] = page
        assert look_again(feed).error
    assert not Work.objects.filter(is_withdrawn=True).exists()


def test_it_asks_a_feed_that_fails_less_and_less_often(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = Page(status=500)
    now, pauses = timezone.now(), []
    for _ in range(4):
        poll(feed, now=now)
        feed.refresh_from_db()
        pauses.append((feed.next_poll - now).total_seconds() / 60)
    assert pauses == [10, 20, 40, 80]


def test_it_waits_as_long_as_the_server_asks(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = Page(status=429, headers={"Retry-After": "7200"})
    now = timezone.now()
    poll(feed, now=now)
    feed.refresh_from_db()
    assert feed.next_poll == now + timedelta(hours=2)


def test_it_tries_a_transcript_that_is_not_there_yet_again(feed: Feed, web: Web) -> None:
    web.pages["/feed"] = Page(feed_of("x", "a", "b"))
    look_again(feed)
    assert JobFile.objects.filter(state="failed", detail__contains="404").count() == 1
    web.pages["/x.vtt"] = Page(CUES % b"x")
    look_again(feed)
    assert Work.objects.filter(title="Talk x").exists()


@pytest.mark.parametrize(
    "document", [b"", b"{}", b"<rss", b"<!DOCTYPE x [<!ENTITY a 'b'>]><rss/>", b"<feed/>", b"\xff\xfe", b"<rss/>"]
)
def test_it_says_of_what_is_no_feed(document: bytes) -> None:
    with pytest.raises(FeedError):
        read_feed(document, url="https://pod.example/feed")
