"""What is personal is kept by no cache, errors included; what is the same for everybody says so."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from chat import conversations
from chat.events.turn import ANYONE
from chat.models import Conversation
from chrysopedia.core.database import in_one_hop
from creators.models import Work
from tests.chat.asking import VOCAL
from tests.chat.conversations.rows import keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
PERSONAL = "private, no-store"
UNKNOWN = "5b0f6c1e-0d1f-4b52-9a53-3f6c2d8e7a10"  # the same in each process that collects the tests


@pytest.fixture
async def anybody() -> AsyncIterator[AsyncClient]:
    yield AsyncClient()
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def kept() -> AsyncIterator[Conversation]:
    conversation = await in_one_hop(keep, "Why?", owner=ANYONE, now=timezone.now())
    yield conversation
    await in_one_hop(conversation.delete)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/c/mara-lindqvist",
        f"/chat/{UNKNOWN}",
        f"/chat/{UNKNOWN}/export.md",
        f"/chat/turns/{UNKNOWN}/events",
        "/share/nothing",
        "/nowhere",
        "/healthz",
        "/api/v1/conversations",
        "/api/v1/conversations?limit=0",
        f"/api/v1/conversations/{UNKNOWN}",
        f"/api/v1/chat/{UNKNOWN}/events",
        f"/api/v1/chat/{UNKNOWN}/receipts",
        "/api/v1/share/nothing",
        "/api/v1/search?q=ratio",
    ],
)
async def test_it_is_kept_by_no_cache(anybody: AsyncClient, address: str) -> None:
    assert (await anybody.get(address)).headers["Cache-Control"] == PERSONAL


async def test_no_cache_keeps_a_conversation_or_a_share(anybody: AsyncClient, kept: Conversation) -> None:
    link = await in_one_hop(conversations.share, kept.public_id, owner=ANYONE, now=timezone.now())
    page, api = f"/chat/{kept.public_id}", f"/api/v1/conversations/{kept.public_id}"
    shares = [f"/share/{link.token}", f"/share/{link.token}.md", f"/api/v1/share/{link.token}"]
    for address in (f"{page}/export.md", f"{page}/export.txt", api, *shares):
        response = await anybody.get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, PERSONAL), address


async def test_no_cache_keeps_an_answer(anybody: AsyncClient) -> None:
    asked = {"query": VOCAL, "stream": False}
    whole = await anybody.post("/api/v1/chat", asked, content_type="application/json")
    assert whole.headers["Cache-Control"] == PERSONAL
    for path in ("/api/v1/chat/{}/events", "/chat/turns/{}/events"):
        again = await anybody.get(path.format(whole.json()["turn_id"]))
        assert (again.status_code, {"no-store", "no-transform"} <= directives(again.headers["Cache-Control"])) == (
            200,
            True,
        )


def directives(header: str) -> set[str]:
    return set(header.split(", "))


@pytest.mark.parametrize(
    "address",
    [
        "/w/compressing-a-lead-vocal",
        "/w/compressing-a-lead-vocal?at=20",
        "/c/mara-lindqvist/works",
        "/api/v1/creators",
        "/api/v1/creators/dez-okafor",
        "/api/v1/works",
    ],
)
async def test_what_is_the_same_for_everybody_may_be_kept_and_asked_about(anybody: AsyncClient, address: str) -> None:
    response = await anybody.get(address)
    assert (response.headers["Cache-Control"], response.cookies) == ("no-cache", {})


FOR_ALL = [
    "/sitemap.xml",
    "/sitemap-works-1.xml",
    "/c/mara-lindqvist/feed.atom",
    "/w/compressing-a-lead-vocal",
    "/w/compressing-a-lead-vocal?say=ratio",
    "/c/mara-lindqvist/works",
    "/embed.js",
    "/embed/mara-lindqvist",
    "/api/v1/creators",
    "/api/v1/creators/dez-okafor",
    "/api/v1/works?limit=2&sort=title",
]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("address", FOR_ALL)
async def test_it_is_not_sent_again_to_who_has_it(anybody: AsyncClient, address: str, encoding: str) -> None:
    whole = await anybody.get(address, headers={"Accept-Encoding": encoding})
    known = {"Accept-Encoding": encoding, "If-None-Match": whole.headers["ETag"]}
    again = await anybody.get(address, headers=known)
    assert (whole.status_code, again.status_code, again.content) == (200, 304, b"")
    assert [again.headers.get(name) for name in KEPT] == [whole.headers.get(name) for name in KEPT]


KEPT = ("Cache-Control", "Vary")


@pytest.mark.parametrize("address", FOR_ALL)
async def test_its_etag_is_strong_unless_it_is_compressed(anybody: AsyncClient, address: str) -> None:
    plain = await anybody.get(address, headers={"Accept-Encoding": "identity"})
    packed = await anybody.get(address, headers={"Accept-Encoding": "gzip"})
    is_packed = packed.headers.get("Content-Encoding") == "gzip"
    assert packed.headers["ETag"] == ("W/" if is_packed else "") + plain.headers["ETag"]
    assert is_packed == (not address.startswith("/api/"))


async def test_it_is_sent_again_once_it_has_changed(anybody: AsyncClient) -> None:
    address = "/api/v1/creators/dez-okafor"
    known = {"If-None-Match": (await anybody.get(address)).headers["ETag"]}
    theirs = Work.objects.filter(creator__slug="dez-okafor")
    await in_one_hop(partial(theirs.update, is_withdrawn=True))
    changed = await anybody.get(address, headers=known)
    await in_one_hop(partial(theirs.update, is_withdrawn=False))
    same = await anybody.get(address, headers=known)
    assert (changed.status_code, same.status_code) == (200, 304)
