"""How the pages are found: previews, oEmbed, robots.txt, llms.txt, the sitemap and the feeds, over the demo corpus."""

import asyncio
import re
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from html import unescape
from ipaddress import ip_network
from typing import Any
from xml.etree import ElementTree

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient, RequestFactory
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from chat import conversations
from chat.models import Conversation, Share
from chat.views import indexes
from chrysopedia.core.database import PICTURES, in_one_hop
from creators.models import Creator, Work
from tests.chat.conversations.rows import keep, new_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
WORK = "compressing-a-lead-vocal"
ATOM = "{http://www.w3.org/2005/Atom}"
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
EVERYWHERE = ["/sitemap.xml", "/llms.txt", "/c/mara-lindqvist/feed.atom"]


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    yield AsyncClient()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def token() -> AsyncIterator[str]:
    owner, now = new_owner(), timezone.now()
    kept = await in_one_hop(partial(keep, "How much pre-delay?", owner=owner, now=now))
    yield (await in_one_hop(partial(conversations.share, kept.public_id, owner=owner, now=now))).token
    await in_one_hop(Conversation.objects.filter(pk=kept.pk).delete)


@asynccontextmanager
async def changed(rows: Any, **change: bool) -> AsyncIterator[None]:
    """Change a flag of stored rows until the block ends."""
    await in_one_hop(partial(rows.update, **change))
    try:
        yield
    finally:
        await in_one_hop(partial(rows.update, **{name: not value for name, value in change.items()}))


def locations(document: bytes) -> list[str]:
    return [found.text or "" for found in ElementTree.fromstring(document).iter(LOCATION)]


def tags(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    return {name: unescape(value) for name, value in found}


async def test_the_sitemap_names_every_creator_and_work(client: AsyncClient) -> None:
    named = locations((await client.get("/sitemap.xml")).content)
    assert {"http://testserver/", "http://testserver/c/ilse-brandt", f"http://testserver/w/{WORK}"} <= set(named)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("address", EVERYWHERE)
async def test_it_names_no_withdrawn_work(client: AsyncClient, address: str) -> None:
    assert f"/w/{WORK}" in (await client.get(address)).content.decode()
    async with changed(Work.objects.filter(slug=WORK), is_withdrawn=True):
        assert f"/w/{WORK}" not in (await client.get(address)).content.decode()
        assert (await client.get(f"/w/{WORK}/card.png")).status_code == 404
        assert (await client.get(f"/oembed?url=http://testserver/w/{WORK}")).status_code == 404


async def test_it_names_nobody_who_is_not_published(client: AsyncClient) -> None:
    async with changed(Creator.objects.filter(slug="mara-lindqvist"), is_published=False):
        for address in EVERYWHERE[:2]:
            text = (await client.get(address)).content.decode()
            assert ("mara-lindqvist" in text, WORK in text) == (False, False)
        for address in ("/c/mara-lindqvist/feed.atom", "/c/mara-lindqvist/card.png", f"/w/{WORK}/card.png"):
            assert (await client.get(address)).status_code == 404


async def test_many_works_make_it_an_index(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = set(locations((await client.get("/sitemap.xml")).content))
    monkeypatch.setattr(indexes.WorkPages, "limit", 4)
    parts = locations((await client.get("/sitemap.xml")).content)
    assert parts[-1].endswith("/sitemap-works-3.xml")
    named = [one for part in parts for one in locations((await client.get(part)).content)]
    assert (len(named), set(named)) == (len(whole), whole)


@pytest.mark.parametrize("part", ["works-2", "works-0", "nothing-1"])
async def test_there_is_no_other_part(client: AsyncClient, part: str) -> None:
    assert (await client.get(f"/sitemap-{part}.xml")).status_code == 404


async def test_a_feed_has_the_newest_works_first(client: AsyncClient) -> None:
    response = await client.get("/c/mara-lindqvist/feed.atom")
    feed = ElementTree.fromstring(response.content)
    days = [entry.findtext(f"{ATOM}published") for entry in feed.iter(f"{ATOM}entry")]
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (len(days), days) == (4, sorted(days, key=str, reverse=True))
    assert all(entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry"))


def test_an_empty_feed_stays_the_same() -> None:
    Creator.objects.create(slug="ann", name="Ann")
    request = RequestFactory().get("/")
    assert indexes._feed(request, "ann").headers["ETag"] == indexes._feed(request, "ann").headers["ETag"]


@pytest.mark.parametrize(("view", "most"), [(indexes._sitemap, 6), (partial(indexes._feed, slug="dez-okafor"), 3)])
def test_it_asks_the_database_as_often_for_any_number(
    django_assert_max_num_queries: DjangoAssertNumQueries, view: Any, most: int
) -> None:
    with django_assert_max_num_queries(most):
        assert view(RequestFactory().get("/")).status_code == 200


async def test_robots_are_told_where_the_sitemap_is(client: AsyncClient, settings: Settings) -> None:
    settings.PUBLIC_URL = "https://here.example"
    assert "\nSitemap: https://here.example/sitemap.xml\n" in (await client.get("/robots.txt")).content.decode()
    assert locations((await client.get("/sitemap.xml")).content)[0] == "https://here.example/"


async def test_models_are_told_whom_to_ask(client: AsyncClient) -> None:
    text = (await client.get("/llms.txt")).content.decode()
    assert text.startswith("# Chrysopedia\n\n> ")
    assert "- [Mara Lindqvist](http://testserver/c/mara-lindqvist/works): " in text


@pytest.mark.parametrize("address", ["/", "/c/mara-lindqvist", f"/w/{WORK}", "/share/{token}"])
async def test_a_link_is_shown_with_a_title_and_a_picture(client: AsyncClient, token: str, address: str) -> None:
    page = (await client.get(address.format(token=token))).content.decode()
    found = tags(page)
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:title"]
    assert found["og:description"]
    assert f'<link rel="canonical" href="{found["og:url"]}">' in page
    picture = await client.get(found["og:image"])
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")


async def test_a_conversation_has_no_preview(client: AsyncClient) -> None:
    page = (await client.get("/chat/5b0f6c1e-0d1f-4b52-9a53-3f6c2d8e7a10")).content.decode()
    assert (tags(page), "canonical" in page) == ({}, False)


@pytest.mark.parametrize("address", ["/c/mara-lindqvist", f"/w/{WORK}", "/share/{token}"])
async def test_a_page_leads_to_its_description(client: AsyncClient, token: str, address: str) -> None:
    page = (await client.get(address.format(token=token))).content.decode()
    link = re.search(r'<link rel="alternate" type="application/json\+oembed" title="([^"]*)" href="([^"]*)">', page)
    assert link
    response = await client.get(unescape(link[2]))
    described = response.json()
    assert (described["version"], described["type"], described["title"]) == ("1.0", "link", unescape(link[1]))
    assert (await client.get(described["thumbnail_url"])).status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("bounds", "size"),
    [("", (1200, 630)), ("&maxwidth=700", (600, 315)), ("&maxheight=200", (300, 158)), ("&maxwidth=9", None)],
)
async def test_its_picture_keeps_within_bounds(client: AsyncClient, bounds: str, size: tuple[int, int] | None) -> None:
    found = (await client.get(f"/oembed?url=http://testserver/w/{WORK}{bounds}")).json()
    assert (found.get("thumbnail_width"), found.get("thumbnail_height")) == (size or (None, None))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 404),
        ("url=http://testserver/", 404),
        (f"url=http://other.example/w/{WORK}", 404),
        ("url=http://testserver/share/nothing", 404),
        ("url=http://[", 404),
        ("url=http://testserver/chat/5b0f6c1e-0d1f-4b52-9a53-3f6c2d8e7a10", 404),
        (f"url=http://testserver/w/{WORK}&format=xml", 501),
        (f"url=http://testserver/w/{WORK}&maxwidth=x", 422),
    ],
)
async def test_it_describes_nothing_else(client: AsyncClient, query: str, status: int) -> None:
    response = await client.get(f"/oembed?{query}")
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")


async def test_what_is_said_of_a_share_is_kept_by_nobody(client: AsyncClient, token: str) -> None:
    for address in (f"/share/{token}/card.png", f"/oembed?url=http://testserver/share/{token}"):
        headers = (await client.get(address)).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")


async def test_a_share_that_is_taken_back_has_no_picture(client: AsyncClient, token: str) -> None:
    shared = [f"/share/{token}/card.png", f"/oembed?url=http://testserver/share/{token}"]
    assert [(await client.get(address)).status_code for address in shared] == [200, 200]
    await in_one_hop(Share.objects.filter(token=token).delete)
    assert [(await client.get(address)).status_code for address in shared] == [404, 404]


@pytest.mark.parametrize("address", ["/c/mara-lindqvist", "/c/mara-lindqvist/works", f"/w/{WORK}"])
async def test_a_page_leads_to_the_feed(client: AsyncClient, address: str) -> None:
    page = (await client.get(address)).content.decode()
    assert 'type="application/atom+xml"' in page
    assert 'href="/c/mara-lindqvist/feed.atom"' in page


async def test_it_draws_pictures_for_one_visitor_after_the_other(settings: Settings) -> None:
    settings.QUEUE_SECONDS, settings.TRUSTED_PROXIES = 0, (ip_network("127.0.0.1"),)
    gate, served = threading.Event(), list[str]()

    async def look(visitor: str) -> None:
        await AsyncClient().get("/card.png", headers={"X-Forwarded-For": visitor})
        served.append(visitor)

    held = asyncio.create_task(PICTURES.hop(gate.wait))
    looks = [asyncio.create_task(look("192.0.2.1")) for _ in range(12)]
    await asyncio.sleep(0.5)
    looks.append(asyncio.create_task(look("192.0.2.2")))
    await asyncio.sleep(0.5)
    gate.set()
    await asyncio.gather(held, *looks)
    assert served.index("192.0.2.2") < 6
