"""A kept question asked again, step by step, as a turn asks it."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chat.admin.labels import TIERS
from chat.llm.spending import SITE, Cost, spent_today
from chat.models import Turn
from creators.models import Creator
from tests.chat.asking import VOCAL
from tests.chat.conversations.rows import keep, new_owner
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


def replayed(client: Client, turn: Turn, **chosen: str) -> str:
    turn.refresh_from_db()
    return unescape(client.get(reverse("admin:chat_replay", args=[turn.desk_id]), chosen).content.decode())


def again(client: Client, turn: Turn, **chosen: str) -> str:
    turn.refresh_from_db()
    sent = {"creator": str(Creator.objects.get(slug="mara-lindqvist").pk), "weight": "0", "limit": "6", **chosen}
    return unescape(client.post(reverse("admin:chat_replay", args=[turn.desk_id]), sent).content.decode())


def test_it_shows_what_each_tier_holds_and_why_it_stops(admin_client: Client) -> None:
    page = replayed(admin_client, keep(VOCAL, owner=new_owner()).turns.get())
    assert f">{TIERS['creator']}<" in page
    assert "It stops here: the best relevance" in page
    assert "Compressing a lead vocal" in page


def test_it_says_why_it_goes_on(admin_client: Client) -> None:
    page = replayed(admin_client, keep("Which visa does a chef need?", owner=new_owner()).turns.get())
    assert page.count("It goes on:") == page.count('<h2 id="tier-')


def test_it_remembers_what_was_said_before(admin_client: Client) -> None:
    asked = keep(VOCAL, "And on drums?", owner=new_owner(), now=timezone.now() - timedelta(hours=1))
    page = replayed(admin_client, asked.turns.get(number=2))
    assert f"with: {VOCAL}" in page


def test_it_asks_somebody_else(admin_client: Client) -> None:
    page = again(admin_client, keep(VOCAL, owner=new_owner()).turns.get(), limit="2", creator="")
    assert f">{TIERS['global']}<" in page
    assert f">{TIERS['creator']}<" not in page


def test_it_shows_what_needs_no_search(admin_client: Client) -> None:
    page = replayed(admin_client, keep("Thanks!", owner=new_owner()).turns.get())
    assert "Small talk answered before anything was searched" in page


def test_it_keeps_nothing(admin_client: Client) -> None:
    turn = keep(VOCAL, owner=new_owner()).turns.get()
    again(admin_client, turn)
    assert Turn.objects.filter(question=VOCAL).count() == 1


def test_it_answers_beside_the_old_answer(admin_client: Client) -> None:
    page = again(admin_client, keep(VOCAL, owner=new_owner()).turns.get())
    then, _, now = page.partition('<h2 id="now">')
    assert "The language model · in full" in then
    assert "Quotations · " in now
    assert page.count('<article class="turn"') == 2


def test_it_goes_by_another_threshold(admin_client: Client) -> None:
    page = again(admin_client, keep(VOCAL, owner=new_owner()).turns.get(), threshold="0.9999")
    assert "It stops here" not in page
    assert "Quotations · only nearly" in page


def test_it_asks_the_model_that_was_chosen(
    admin_client: Client, model_server: ModelServer, use_model: Callable[..., None]
) -> None:
    use_model(model_server)
    model_server.say("Three to one [1].")
    turn = keep(VOCAL, owner=new_owner()).turns.get()
    page = again(admin_client, turn, model="primary", weight="0.7")
    assert "Three to one" in page.partition('<h2 id="now">')[2]
    assert "The prompt as it was sent now" in page
    assert "Quotations · " in again(admin_client, turn, model="quotes")
    assert len(model_server.requests) == 1


def test_the_site_pays_for_it(
    admin_client: Client, model_server: ModelServer, use_model: Callable[..., None], settings: Settings
) -> None:
    use_model(model_server)
    settings.TOKENS_PER_DAY = 10**12
    before = spent_today([SITE], now=timezone.now())[SITE]
    model_server.cost({"prompt_tokens": 1000, "completion_tokens": 10}, "Three to one [1].")
    again(admin_client, keep(VOCAL, owner=new_owner()).turns.get(), model="primary")
    assert spent_today([SITE], now=timezone.now())[SITE] - before == Cost(1010)


def test_it_names_no_id_that_is_a_right(admin_client: Client) -> None:
    turn = keep(VOCAL, owner=new_owner()).turns.get()
    page = again(admin_client, turn)
    assert str(turn.pk) not in page
    assert str(turn.conversation.public_id) not in page
