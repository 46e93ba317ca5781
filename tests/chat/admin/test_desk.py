"""The landing page: what needs somebody, each with its count and the place where it is done."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.models import Feedback
from creators.models import Creator, GlossaryEntry
from tests.chat.admin.roles import account, belongings
from tests.chat.conversations.rows import keep, new_owner

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


def desk(client: Client) -> str:
    return unescape(client.get(reverse("admin:index")).content.decode())


def need(page: str, name: str) -> tuple[int, str]:
    """Return the count of a need, and where it leads."""
    before, _, _ = page.partition(f'<span class="name">{name}</span>')
    link = before.rpartition('<a href="')[2]
    return int(link.partition('class="count">')[2].partition("<")[0]), link.partition('"')[0]


def test_it_counts_creators_without_works_and_leads_to_them(admin_client: Client) -> None:
    Creator.objects.create(slug="empty", name="Empty")
    count, url = need(desk(admin_client), "Creators without works")
    assert count == 1
    assert "Empty" in admin_client.get(url).content.decode()


def test_it_begins_with_what_to_do_where_nobody_can_be_asked(admin_client: Client) -> None:
    assert "Nobody can be asked here yet" not in desk(admin_client)
    Creator.objects.all().delete()
    page = desk(admin_client)
    assert page.index("Add a creator") < page.index("What needs you")


def test_it_counts_proposals_drafts_and_thumbs_down(admin_client: Client) -> None:
    turn = keep("Why?", owner=new_owner(), now=timezone.now()).turns.get()
    Feedback.objects.create(turn=turn, rating="down", created=turn.created, updated=turn.created)
    GlossaryEntry.objects.create(creator=Creator.objects.create(slug="empty", name="Empty"), term="Serum")
    page = desk(admin_client)
    assert [need(page, name)[0] for name in ("Glossary proposals", "Thumbs down", "Drafts of a voice")] == [1, 1, 0]


def test_it_leaves_out_what_is_a_month_old(admin_client: Client) -> None:
    turn = keep("Why?", owner=new_owner(), now=timezone.now() - timedelta(days=40), tier="none").turns.get()
    assert turn.tier == "none"
    assert need(desk(admin_client), "Questions without an answer")[0] == 0


def test_it_counts_works_that_no_question_finds(admin_client: Client) -> None:
    belongings("own")
    count, url = need(desk(admin_client), "Works that wait")
    assert count == 1
    assert "Work of own" in admin_client.get(url).content.decode()


def test_it_shows_a_curator_what_they_may_see_to() -> None:
    own = belongings("own")
    belongings("theirs")
    page = desk(account("curator", group="Curators", creators=(own.creator,)))
    assert need(page, "Glossary proposals")[0] == need(page, "Drafts of a voice")[0] == 1
    assert "What needs you" not in desk(account("nobody"))


def test_it_carries_the_programs_name(client: Client) -> None:
    assert "Django" not in client.get(reverse("admin:login")).content.decode().partition("<body")[2]
    assert "Chrysopedia" in client.get(reverse("admin:login")).content.decode()
