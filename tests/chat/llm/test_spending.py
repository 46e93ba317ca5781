"""What models may cost in a day: counted at once for all, and given back where it was not spent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache.backends.base import BaseCache
from django.db import connections
from pytest_django import Settings

from chat.events.events import Usage
from chat.events.turn import Terms
from chat.llm.checks import caps_on_money
from chat.llm.spending import (
    SITE,
    Aside,
    CapReached,
    Charge,
    Cost,
    Payer,
    Reservation,
    charge_of,
    cost_of,
    payers_for,
    reserve,
    settle,
    spent_today,
)

NOW = datetime(2026, 11, 28, 23, 59, tzinfo=UTC)


def capped(name: str, tokens: int = 0, micros: int = 0) -> tuple[Payer, ...]:
    return (Payer(name, Cost(tokens, micros)),)


def spent(name: str, *, now: datetime = NOW) -> Cost:
    return spent_today([name], now=now)[name]


def test_it_gives_back_what_was_not_spent(each_cache: BaseCache) -> None:
    payers = capped("given-back", tokens=1000)
    kept = reserve(payers, Cost(900, 50), now=NOW)
    settle(payers, Cost(300, 20), reserved=kept, now=NOW)
    assert spent("given-back") == Cost(300, 20)


@pytest.mark.parametrize("cost", [Cost(1001, 0), Cost(10, 501)])
def test_it_refuses_what_would_pass_a_cap(each_cache: BaseCache, cost: Cost) -> None:
    name = f"refused-{cost.tokens}"
    with pytest.raises(CapReached):
        reserve(capped(name, tokens=1000, micros=500), cost, now=NOW)
    assert spent(name) == Cost()


def test_it_names_whose_cap_was_reached(each_cache: BaseCache) -> None:
    payers = (Payer("the-site", Cost()), *capped("the-key", tokens=5))
    with pytest.raises(CapReached) as reached:
        reserve(payers, Cost(10), now=NOW)
    assert not reached.value.is_site
    assert spent("the-site") == Cost()


def test_no_more_is_set_aside_by_many_at_once_than_there_is(each_cache: BaseCache) -> None:
    def take(_: int) -> bool:
        try:
            return bool(reserve(capped("flood", tokens=700), Cost(100), now=NOW))
        except CapReached:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        assert 0 < sum(threads.map(take, range(40))) <= 7
    assert spent("flood").tokens <= 700


def test_it_gives_back_what_nobody_waits_for_any_more(each_cache: BaseCache) -> None:
    aside = Aside()
    assert aside.leave() is None
    aside.reserve(capped("left", tokens=1000), Cost(900), now=NOW)
    assert spent("left") == Cost()


def test_it_hands_over_what_was_set_aside_just_before(each_cache: BaseCache) -> None:
    aside, payers = Aside(), capped("handed-over", tokens=1000)
    aside.reserve(payers, Cost(900), now=NOW)
    settle(payers, Cost(), reserved=aside.leave(), now=NOW)
    assert spent("handed-over") == Cost()


def test_it_counts_an_answer_on_the_day_that_it_began(each_cache: BaseCache) -> None:
    payers, tomorrow = capped("midnight", tokens=1000), NOW + timedelta(minutes=2)
    settle(payers, Cost(40), reserved=reserve(payers, Cost(90), now=NOW), now=tomorrow)
    assert (spent("midnight"), spent("midnight", now=tomorrow)) == (Cost(40), Cost())


def test_it_counts_without_a_cap(each_cache: BaseCache) -> None:
    settle(capped("uncapped"), Cost(7, 3), reserved=None, now=NOW)
    assert spent("uncapped") == Cost(7, 3)


def test_it_counts_by_the_price_of_each_model(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": {"PRICES": (0.25, 2.0)}, "fallback": {}}
    usage = Usage(prompt_tokens=1000, completion_tokens=101)
    assert cost_of(usage, model="primary") == Cost(1101, 452)
    assert cost_of(usage, model="fallback") == Cost(1101, 0)


def test_it_knows_no_cost_without_a_price_and_that_free_is_one(settings: Settings) -> None:
    settings.CHAT_MODELS = {"primary": {"PRICES": (0.0, 0.0), "OPTIONS": {"model": "free"}}, "fallback": {}}
    assert charge_of(Cost(9, 0), model="primary") == Charge("free", 0)
    assert charge_of(Cost(9, 0), model="fallback") == Charge("fallback", None)
    assert charge_of(Cost(), model="primary") == Charge("", None)


@pytest.mark.parametrize(("money", "expected"), [(0, []), (5, ["chat.W001"])])
def test_a_check_warns_of_a_cap_that_counts_nothing(settings: Settings, money: int, expected: list[str]) -> None:
    settings.CHAT_MODELS = {"primary": {"PRICES": (1.0, 1.0)}, "fallback": {"OPTIONS": {"model": "unknown"}}}
    settings.MONEY_PER_DAY = money
    found = caps_on_money()
    assert [one.id for one in found] == expected
    assert all("set LLM_FALLBACK_INPUT_PRICE" in one.msg for one in found)


def test_a_key_pays_beside_the_site(settings: Settings) -> None:
    settings.TOKENS_PER_DAY, settings.MONEY_PER_DAY = 500, 1.5
    assert payers_for(Terms()) == (Payer(SITE, Cost(500, 1_500_000)),)
    assert payers_for(Terms("key-1", 20, 0.1))[1] == Payer("key-1", Cost(20, 100_000))


def test_a_cache_that_fails_ends_the_spending_where_there_is_a_cap(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "chrysopedia.core.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1"}}
    assert reserve(capped("gone"), Cost(1), now=NOW) == Reservation("2026-11-28", Cost(1))
    with pytest.raises(CapReached):
        reserve(capped("gone", tokens=5), Cost(1), now=NOW)


def test_it_says_what_was_spent() -> None:
    assert Cost(1200, 20_000).told(tokens=50_000, money=0) == "1,200 of 50,000 tokens, 0.02"
    assert Cost().told(tokens=0, money=0) == "0 tokens"
