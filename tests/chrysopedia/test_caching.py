"""What is personal is kept by no cache, errors included; what is the same for everybody says so."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from chat import conversations
from chat.events.turn import ANYONE
from chat.models import Conversation
from chrysopedia.core.database import in_one_hop
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
    ["/w/compressing-a-lead-vocal", "/c/mara-lindqvist/works", "/api/v1/creators", "/api/v1/creators/dez-okafor"],
)
async def test_what_is_the_same_for_everybody_may_be_kept_and_asked_about(anybody: AsyncClient, address: str) -> None:
    response = await anybody.get(address)
    assert (response.headers["Cache-Control"], response.cookies) == ("no-cache", {})
