"""Where the address of a creator leads who was merged into another."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from creators.models import Creator, FormerSlug

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus", "former")]

SLUG = "mara-lindqvist"
NAMES = [
    "creator-detail",
    "work-list",
    "creator-feed",
    "creator-card",
    "creator-picture",
    "embed-frame",
    "embed-example",
]


@pytest.fixture(scope="module")
def former(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Have an address that led to somebody, committed, as pages are read in other threads."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: FormerSlug.objects.create(slug="mara-l", creator=Creator.objects.get(slug=SLUG))).result()
        yield
        thread.submit(FormerSlug.objects.filter(slug="mara-l").delete).result()
        thread.submit(connections.close_all).result()


@pytest.fixture
async def client() -> AsyncIterator[AsyncClient]:
    yield AsyncClient()
    await sync_to_async(connections.close_all)()


@pytest.mark.parametrize("name", NAMES)
async def test_it_leads_to_the_page_of_the_other(client: AsyncClient, name: str) -> None:
    response = await client.get(reverse(name, args=["mara-l"]) + "?query=How+so%3F")
    assert response.status_code == 301
    assert response.headers["Location"] == reverse(name, args=[SLUG]) + "?query=How+so%3F"
    assert response.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("name", NAMES)
async def test_it_leads_nowhere_from_an_address_that_nobody_had(client: AsyncClient, name: str) -> None:
    assert (await client.get(reverse(name, args=["nobody-at-all"]))).status_code == 404


async def test_programs_find_the_other_by_the_old_slug(client: AsyncClient) -> None:
    assert (await client.get("/api/v1/creators/mara-l")).json()["slug"] == SLUG
