"""The lists of the API: filtered, put in order, and read page by page."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from pytest_django import DjangoDbBlocker

from creators.models import Chunk, Creator, Domain, Work

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def shelf(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Two creators of a field of their own, committed, as the API reads in other threads."""
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread:
        thread.submit(fill).result()
        yield
        thread.submit(clear).result()
        thread.submit(connections.close_all).result()


def fill() -> None:
    pots, glazing = (Domain.objects.create(slug=slug, name=slug) for slug in ("pots", "glazing"))
    ann = Creator.objects.create(slug="ann", name="Ann", aliases=["Annie"], summary="Throws pots.")
    bob, cy = (Creator.objects.create(slug=name.lower(), name=name) for name in ("Bob", "Cy"))
    ann.domains.add(pots, glazing)
    bob.domains.add(pots)
    cy.domains.add(pots)
    add(ann, "Glazes", day=date(2024, 5, 1), kind="video", language="en-GB", seconds=60.0)
    add(ann, "Kilns and glazes", day=date(2025, 5, 1), kind="audio", language="en", seconds=30.0)
    add(bob, "Handles", kind="text", language="de")
    add(bob, "Taken back", day=date(2026, 1, 1), is_withdrawn=True)
    add(cy, "Unpublished")
    Creator.objects.filter(slug="cy").update(is_published=False)


def clear() -> None:
    Creator.objects.filter(slug__in=["ann", "bob", "cy"]).delete()
    Domain.objects.filter(slug__in=["pots", "glazing"]).delete()


def add(creator: Creator, title: str, *, day: date | None = None, seconds: float | None = None, **more: Any) -> Work:
    slug = title.lower().replace(" ", "-")
    work = Work.objects.create(creator=creator, slug=slug, title=title, source=slug, published=day, **more)
    if seconds:
        Chunk.objects.create(work=work, creator=creator, position=0, text="x", end_seconds=seconds, words=1)
    return work


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["kilns-and-glazes", "glazes", "handles"]),
        ("creator=annie&sort=published", ["glazes", "kilns-and-glazes"]),
        ("domain=glazing&sort=title", ["glazes", "kilns-and-glazes"]),
        ("kind=text", ["handles"]),
        ("language=en&sort=-title", ["kilns-and-glazes", "glazes"]),
        ("q=glazes+KILNS", ["kilns-and-glazes"]),
        ("since=2025-05-01", ["kilns-and-glazes"]),
        ("until=2025-04-30", ["glazes"]),
        ("sort=seconds", ["kilns-and-glazes", "glazes", "handles"]),
        ("sort=-seconds", ["glazes", "kilns-and-glazes", "handles"]),
        ("sort=updated", ["glazes", "kilns-and-glazes", "handles"]),
        ("limit=1&offset=1", ["glazes"]),
        ("offset=9", []),
    ],
)
def test_it_finds_works(client: Client, query: str, found: list[str]) -> None:
    assert [work["slug"] for work in client.get(f"/api/v1/works?domain=pots&{query}").json()] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ann", "bob"]),
        ("sort=-name", ["bob", "ann"]),
        ("sort=works", ["bob", "ann"]),
        ("q=pots", ["ann"]),
        ("domain=glazing", ["ann"]),
        ("limit=1&offset=1", ["bob"]),
    ],
)
def test_it_finds_creators(client: Client, query: str, found: list[str]) -> None:
    assert [one["slug"] for one in client.get(f"/api/v1/creators?domain=pots&{query}").json()] == found


@pytest.mark.parametrize(
    "address", ["/api/v1/works?sort=title&limit=1&domain=pots", "/api/v1/creators?sort=name&limit=1&domain=pots"]
)
def test_its_pages_lead_to_each_other(client: Client, address: str) -> None:
    read, links = [], {"next": address}
    while following := links.get("next"):
        response = client.get(following)
        read.append(response.json()[0]["slug"])
        links = {name: link for link, name in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers.get("Link", ""))}
    assert len(read) == int(response.headers["X-Total-Count"]) == len(set(read))
    assert client.get(links["prev"]).json()[0]["slug"] == read[-2]


def test_it_says_how_long_a_work_lasts_and_whose_it_is(client: Client) -> None:
    first = client.get("/api/v1/works?kind=video&domain=pots").json()[0]
    assert (first["seconds"], first["creator"], first["creator_slug"]) == (60.0, "Ann", "ann")


@pytest.mark.parametrize(
    "query", ["sort=colour", "limit=0", "limit=501", "offset=-1", "since=x", "until=0", "q=%00", "kind=x"]
)
def test_it_refuses_what_it_does_not_know(client: Client, query: str) -> None:
    assert client.get(f"/api/v1/works?{query}").status_code == 422


def test_it_knows_no_works_of_nobody(client: Client) -> None:
    assert client.get("/api/v1/works?creator=nobody").status_code == 404
