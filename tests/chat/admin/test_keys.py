"""API keys at the desk: what they may spend is seen and changed there."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from chat.conversations import keys
from chat.llm.spending import Cost, Payer, settle
from chat.models import ApiKey


@pytest.fixture
def key(db: None) -> ApiKey:
    made = ApiKey(name="of a plug-in", scopes=["chat"], created=timezone.now())
    keys.make(made)
    return made


def test_it_shows_what_was_spent_today(admin_client: Client, key: ApiKey) -> None:
    settle([Payer(keys.payer_of(key), Cost())], Cost(1234, 500_000), reserved=None, now=timezone.now())
    shown = admin_client.get(reverse("admin:chat_apikey_change", args=[key.pk])).content.decode()
    assert "1,234 tokens, 0.50" in shown


@pytest.mark.parametrize(("site", "own", "is_told"), [(0, 0, False), (5.0, 0, True), (0, 0.5, True)])
def test_it_says_where_a_cap_counts_nothing(
    admin_client: Client, key: ApiKey, settings: Settings, site: float, own: float, is_told: bool
) -> None:
    settings.MONEY_PER_DAY = site
    ApiKey.objects.exclude(pk=key.pk).update(money_per_day=0)
    ApiKey.objects.filter(pk=key.pk).update(money_per_day=own)
    priced, free = {"PRICES": (0.25, 2.0), "OPTIONS": {"model": "dear"}}, {"OPTIONS": {"model": "unknown-price"}}
    settings.CHAT_MODELS = {"primary": priced, "fallback": free}
    shown = admin_client.get(reverse("admin:chat_apikey_changelist")).content.decode()
    assert ("No price is set for unknown-price" in shown) == is_told
    assert "No price is set for dear" not in shown


def test_it_changes_what_may_be_spent(admin_client: Client, key: ApiKey) -> None:
    form = {"name": key.name, "scopes": "chat", "creators": "", "origins": "", "tokens_per_day": 500}
    times = {f"{name}_{part}": "" for name in ("expires",) for part in (0, 1)}
    sent = {**form, **times, "money_per_day": "0.25"}
    assert admin_client.post(reverse("admin:chat_apikey_change", args=[key.pk]), sent).status_code == 302
    key.refresh_from_db()
    assert (key.tokens_per_day, str(key.money_per_day)) == (500, "0.2500")
