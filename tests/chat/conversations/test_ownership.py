"""A browser's session: a cookie from its first page on, stored when it asks."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import AsyncClient
from pytest_django import Settings

from chat.conversations.owner import key_in
from chat.models import Conversation
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
async def browser() -> AsyncIterator[AsyncClient]:
    """A browser that has opened the page."""
    client = AsyncClient()
    await client.get("/")
    yield client
    await in_one_hop(_forget, client)
    await sync_to_async(connections.close_all)()


def _forget(client: AsyncClient) -> None:
    for session in _stored(client):
        Conversation.objects.filter(owner=key_in(session.get_decoded())).delete()
        session.delete()


def _stored(client: AsyncClient) -> list[Session]:
    return list(Session.objects.filter(pk=client.cookies[settings.SESSION_COOKIE_NAME].value))


async def ask(client: AsyncClient, path: str = "/api/v1/chat") -> None:
    response = await client.post(path, {"query": VOCAL}, content_type="application/json")
    assert [part async for part in response]  # type: ignore[attr-defined]  # it is a stream


async def listed(client: AsyncClient) -> list[str]:
    return [one["title"] for one in (await client.get("/api/v1/conversations")).json()]


async def test_it_has_a_cookie_and_no_row_from_its_first_page_on(browser: AsyncClient) -> None:
    before = await in_one_hop(Session.objects.count)
    for path in ("/", "/c/mara-lindqvist", "/api/v1/conversations"):
        await browser.get(path)
        await AsyncClient().get(path)
    assert (await in_one_hop(_stored, browser), await in_one_hop(Session.objects.count)) == ([], before)


@pytest.mark.parametrize("path", ["/api/v1/chat", "/chat/ask"])
async def test_it_is_stored_when_it_asks(browser: AsyncClient, path: str) -> None:
    await ask(browser, path)
    assert len(await in_one_hop(_stored, browser)) == 1
    assert await listed(browser) == [VOCAL]


async def test_it_stays_the_same_from_then_on(browser: AsyncClient) -> None:
    await ask(browser)
    (first,) = await in_one_hop(_stored, browser)
    await ask(browser)
    assert (await in_one_hop(_stored, browser), await listed(browser)) == ([first], [VOCAL, VOCAL])


async def test_it_asks_as_the_same_owner_from_a_page_that_was_open_before(browser: AsyncClient) -> None:
    other = AsyncClient()
    other.cookies.load(browser.cookies.output(header=""))
    await ask(browser)
    assert await listed(other) == [VOCAL]


async def test_it_is_stored_by_the_form_too(browser: AsyncClient) -> None:
    assert (await browser.post("/", {"query": VOCAL})).status_code == 302
    assert (len(await in_one_hop(_stored, browser)), await listed(browser)) == (1, [VOCAL])


async def test_it_is_stored_nowhere_where_conversations_are_not(browser: AsyncClient, settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = False
    await ask(browser)
    assert await in_one_hop(_stored, browser) == []
