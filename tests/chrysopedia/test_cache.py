"""The cache: what must hold on PostgreSQL and on Redis alike, and what the database cache promises on its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from chrysopedia.embedded.cache import DatabaseCache

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def database_cache() -> Iterator[DatabaseCache]:
    cache = DatabaseCache("chrysopedia_cache", {})
    cache.clear()
    yield cache
    cache.clear()


def test_it_lets_exactly_one_of_four_callers_win_an_expired_key(database_cache: DatabaseCache) -> None:
    def attempt(caller: int) -> bool:
        try:
            return database_cache.add("lock", caller, timeout=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for _ in range(60):
            database_cache.set("lock", "expired", timeout=-1)
            assert sum(pool.map(attempt, range(4))) == 1
