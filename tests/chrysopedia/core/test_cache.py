"""What the cache promises, on PostgreSQL and on Redis alike."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.db import connection

from chrysopedia.core.cache import DatabaseCache

# Afterwards no table is emptied but this app's, and it has none that a model names: others count on the demo creators.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["chrysopedia"])


@pytest.fixture
def database_cache(db: None) -> DatabaseCache:
    cache = DatabaseCache("chrysopedia_cache", {})
    cache.clear()
    return cache


def in_threads(function: Callable[[int], Any], callers: int) -> list[Any]:
    def call(caller: int) -> Any:
        try:
            return function(caller)
        finally:
            connection.close()

    with ThreadPoolExecutor(callers) as pool:
        return list(pool.map(call, range(callers)))


def test_it_lets_exactly_one_of_four_callers_win_an_expired_key(database_cache: DatabaseCache) -> None:
    for _ in range(60):
        database_cache.set("lock", "expired", timeout=-1)
        assert sum(in_threads(lambda caller: database_cache.add("lock", caller, timeout=60), 4)) == 1


def test_it_loses_no_increment_of_four_callers(database_cache: DatabaseCache) -> None:
    database_cache.set("count", 0)
    in_threads(lambda _: [database_cache.incr("count") for _ in range(25)], 4)
    assert database_cache.get("count") == 100


@pytest.mark.parametrize("value", [None, 0, True, -(2**63), 2**70, 1.5, "text", b"\0", [1, {"a": None}]])
def test_it_returns_what_was_set(each_cache: Any, value: Any) -> None:
    each_cache.set("key", value)
    assert each_cache.get("key", "absent") == value
    assert type(each_cache.get("key")) is type(value)


def test_it_forgets_within_a_fraction_of_a_second(each_cache: Any) -> None:
    each_cache.set("key", "value", timeout=0.2)
    assert each_cache.has_key("key")
    time.sleep(0.25)
    assert each_cache.get("key") is None
    assert not each_cache.has_key("key")


def test_it_does_not_add_over_a_live_key(each_cache: Any) -> None:
    assert each_cache.add("key", "first")
    assert not each_cache.add("key", "second")
    assert each_cache.get("key") == "first"


def test_it_adds_over_an_expired_key(each_cache: Any) -> None:
    each_cache.set("key", "first", timeout=0.05)
    time.sleep(0.1)
    assert each_cache.add("key", "second")


def test_it_keeps_a_key_without_a_timeout(each_cache: Any) -> None:
    each_cache.set("key", "value", timeout=None)
    assert each_cache.get("key") == "value"


def test_it_prolongs_a_live_key_only(each_cache: Any) -> None:
    each_cache.set("key", "value", timeout=0.2)
    assert each_cache.touch("key", 60)
    assert not each_cache.touch("absent", 60)
    time.sleep(0.25)
    assert each_cache.get("key") == "value"


def test_it_removes_a_key_only_for_whoever_holds_its_value(each_cache: Any) -> None:
    each_cache.set("lock", "mine")
    assert not each_cache.delete_if("lock", "yours")
    assert each_cache.get("lock") == "mine"
    assert each_cache.delete_if("lock", "mine")
    assert not each_cache.delete_if("lock", "mine")


def test_it_prolongs_a_key_only_for_whoever_holds_its_value(each_cache: Any) -> None:
    each_cache.set("lock", "mine", timeout=0.2)
    assert not each_cache.touch_if("lock", "yours", 60)
    assert each_cache.touch_if("lock", "mine", 60)
    time.sleep(0.25)
    assert each_cache.get("lock") == "mine"


def test_it_writes_and_reads_many_at_once(each_cache: Any) -> None:
    each_cache.set_many({"a": 1, "b": "two", "c": [3]})
    assert each_cache.get_many(["a", "b", "c", "d"]) == {"a": 1, "b": "two", "c": [3]}
    each_cache.delete_many(["a", "b"])
    assert each_cache.get_many(["a", "b", "c"]) == {"c": [3]}


def test_it_refuses_to_increment_what_is_not_there(each_cache: Any) -> None:
    with pytest.raises(ValueError, match="absent"):
        each_cache.incr("absent")


def test_it_keeps_the_expiry_of_a_counter(each_cache: Any) -> None:
    each_cache.set("count", 1, timeout=0.2)
    assert each_cache.incr("count", 2) == 3
    assert each_cache.decr("count") == 2
    time.sleep(0.25)
    assert each_cache.get("count") is None


def test_it_purges_expired_rows_and_no_live_one(database_cache: DatabaseCache) -> None:
    database_cache.set("live", "value")  # first, as one such write in 500 purges by itself
    database_cache.set_many({f"old{number}": number for number in range(20)}, timeout=-1)
    assert database_cache.purge(rows=15) == 15
    assert database_cache.purge(rows=15) == 5
    assert database_cache.get("live") == "value"


def test_it_is_the_cache_of_the_settings(database_cache: DatabaseCache) -> None:
    django_cache.set("key", "value")
    assert database_cache.get("key") == "value"
