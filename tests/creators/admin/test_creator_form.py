"""The creator's form: links in rows, what visitors see of it, and what a deletion takes along."""

from html import unescape
from typing import Any

import pytest
from django.forms import ValidationError
from django.test import Client
from django.urls import reverse

from creators.admin.fields import LinkRows, LinksField
from creators.models import Creator, Work

pytestmark = pytest.mark.django_db

LINKS = [{"label": "Site", "url": "https://a.example/"}]


@pytest.fixture
def creator() -> Creator:
    return Creator.objects.create(slug="somebody", name="Somebody", links=LINKS)


def page(client: Client, creator: Creator, what: str = "change") -> str:
    return unescape(client.get(reverse(f"admin:creators_creator_{what}", args=[creator.pk])).content.decode())


def fields(**changed: Any) -> dict[str, Any]:
    """What the browser sends of the form."""
    sent: dict[str, Any] = {"name": "Somebody", "slug": "somebody", "is_published": "on"}
    for prefix in ("personality", "glossary", "picture"):
        sent |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {**sent, **changed}


def test_it_shows_links_as_rows_with_labels(admin_client: Client, creator: Creator) -> None:
    shown = page(admin_client, creator)
    assert 'name="links_label" value="Site" aria-label="What link 1 is called"' in shown
    assert '{"label"' not in shown


def test_it_stores_the_rows_that_were_filled_in(admin_client: Client, creator: Creator) -> None:
    rows = {"links_label": ["Site", "", ""], "links_url": ["https://a.example/", "b.example/x", ""]}
    admin_client.post(reverse("admin:creators_creator_change", args=[creator.pk]), fields(**rows))
    creator.refresh_from_db()
    assert creator.links == [*LINKS, {"label": "b.example", "url": "https://b.example/x"}]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "not an address", ""])
def test_it_refuses_what_is_no_address(url: str) -> None:
    with pytest.raises(ValidationError, match="has no address"):
        LinksField().clean([{"label": "Site", "url": url}])


def test_it_survives_links_that_somebody_else_typed() -> None:
    assert "link-row" in LinkRows().render("links", ["https://a.example"])


def test_it_says_why_nobody_can_ask_yet(admin_client: Client, creator: Creator) -> None:
    assert "Nobody can ask Somebody yet: there are no works." in page(admin_client, creator)
    work = Work.objects.create(creator=creator, slug="some-work", title="Some work", source="a.txt")
    assert "Nobody can ask" not in page(admin_client, creator)
    Work.objects.filter(pk=work.pk).update(is_withdrawn=True)
    assert "all of the works are withdrawn" in page(admin_client, creator)


def test_it_leads_to_the_page_that_visitors_see(admin_client: Client, creator: Creator) -> None:
    assert 'href="/c/somebody" class="viewsitelink"' in page(admin_client, creator)
    Creator.objects.filter(pk=creator.pk).update(is_published=False)
    assert "viewsitelink" not in page(admin_client, creator)


def test_it_says_in_words_what_a_deletion_takes_along(admin_client: Client, creator: Creator) -> None:
    Work.objects.create(creator=creator, slug="some-work", title="Some work", source="a.txt")
    shown = page(admin_client, creator, "delete")
    assert "Creator “Somebody”" in shown
    assert "<li>1 work</li>" in shown
    assert "Embedding" not in shown


def test_it_deletes_with_all_that_is_theirs(admin_client: Client, creator: Creator) -> None:
    Work.objects.create(creator=creator, slug="some-work", title="Some work", source="a.txt")
    admin_client.post(reverse("admin:creators_creator_delete", args=[creator.pk]), {"post": "yes"})
    assert not Work.objects.filter(slug="some-work").exists()
