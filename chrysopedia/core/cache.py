"""The cache backends, Django's own with the atomic operations that locks need, and locks on them, held by a token."""

import pickle
import random
import secrets
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.core.cache import cache
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections
from django_redis.cache import RedisCache as BaseRedisCache

PURGE_EVERY = 500  # writes, on average
PURGE_ROWS = 5000
LARGEST = 2**63 - 1


class DatabaseCache(BaseCache):
    """A cache that loses no live key: expired rows alone are purged, a few at a time, by one write in many.

    The database's clock decides, to the microsecond. A failing database raises ``django.db.Error``.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._table = table

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or the default."""
        return self.get_many([key], version=version).get(key, default)

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """Return the live values by key, in one query."""
        names = {self.make_and_validate_key(key, version=version): key for key in keys}
        rows = self._rows(GET, [list(names)]) if names else []
        return {names[name]: _decoded(value, number) for name, value, number in rows}

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether the key is alive."""
        return bool(self._rows(GET, [[self.make_and_validate_key(key, version=version)]]))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value under the key."""
        self._write(SET, key, value, timeout, version)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Keep several values in one statement; two such calls in parallel don't deadlock."""
        rows = sorted((self.make_and_validate_key(key, version=version), *_encoded(data[key])) for key in data)
        if rows:
            names, values, numbers = (list(column) for column in zip(*rows, strict=True))
            self._count(SET_MANY, [self._seconds(timeout), names, values, numbers])
        return []

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value if the key is absent or expired; of several callers exactly one is told True."""
        return self._write(ADD, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a live key a new expiry; False if there is none."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(TOUCH, [self._seconds(timeout), name]) > 0

    def touch_if(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a live key a new expiry if it holds this very value (a text or a number): renews one's own lock."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(TOUCH_IF, [self._seconds(timeout), name, *_encoded(value)]) > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove the key; False if it was not there."""
        return self._count(DELETE, [[self.make_and_validate_key(key, version=version)]]) > 0

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Remove several keys in one statement."""
        self._count(DELETE, [[self.make_and_validate_key(key, version=version) for key in keys]])

    def delete_if(self, key: Any, value: Any, version: int | None = None) -> bool:
        """Remove a live key if it holds this very value (a text or a number): gives back one's own lock."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(DELETE_IF, [name, *_encoded(value)]) > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a live whole number and return the sum; ``ValueError`` if there is none."""
        rows = self._rows(INCREMENT, [delta, self.make_and_validate_key(key, version=version)])
        if not rows:
            raise ValueError(f"Key {key!r} is absent or holds no whole number")
        return int(rows[0][0])

    def count(self, keys: Iterable[str], seconds: float) -> dict[str, tuple[int, float]]:
        """Add one to each counter, and return it with the seconds it still lives; new ones live for ``seconds``."""
        return self.add_up(dict.fromkeys(keys, 1), seconds)

    def add_up(self, amounts: Mapping[str, int], seconds: float) -> dict[str, tuple[int, float]]:
        """As ``count``, with an amount for each counter, which may be less than 0."""
        names = {self.make_and_validate_key(key): key for key in amounts}
        # In order, so that two such calls don't deadlock.
        ordered = sorted(names)
        rows = self._rows(ADD_UP, [seconds, ordered, [amounts[names[name]] for name in ordered]])
        return {names[name]: (int(number), float(left)) for name, number, left in rows}

    def clear(self) -> None:
        """Remove everything."""
        self._count(CLEAR, [])

    def purge(self, *, rows: int = PURGE_ROWS) -> int:
        """Remove up to so many expired rows and return how many went; rows that others hold are left to them."""
        return self._count(PURGE, [rows])

    def _write(self, statement: str, key: Any, value: Any, timeout: Any, version: int | None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        written = self._count(statement, [self._seconds(timeout), name, *_encoded(value)]) > 0
        if random.random() * PURGE_EVERY < 1:  # noqa: S311 - spreads the work, guards nothing
            self.purge()
        return written

    def _seconds(self, timeout: Any) -> float | None:
        return self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout

    def _rows(self, statement: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
        with closing(connections["default"].cursor()) as cursor:
            cursor.execute(statement.format(table=self._table), parameters)
            return list(cursor.fetchall())

    def _count(self, statement: str, parameters: list[Any]) -> int:
        with closing(connections["default"].cursor()) as cursor:
            cursor.execute(statement.format(table=self._table), parameters)
            return int(cursor.rowcount)


def _encoded(value: Any) -> tuple[bytes | None, int | None]:
    # Whole numbers have a column of their own, where one UPDATE can add to them.
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return None, value
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL), None


def _decoded(value: bytes | None, number: int | None) -> Any:
    return number if value is None else pickle.loads(value)  # noqa: S301 - written by this program alone


# ruff: noqa: S608 - put together from the constants of this file

_ROW = "(expires, cache_key, value, number)"
_EXPIRES = "coalesce(clock_timestamp() + %s::float8 * interval '1 second', 'infinity')"
_NEW = "SET expires = excluded.expires, value = excluded.value, number = excluded.number"
_ALIVE = "expires > clock_timestamp()"
_THIS_VALUE = "value IS NOT DISTINCT FROM %s::bytea AND number IS NOT DISTINCT FROM %s::bigint"

GET = f"SELECT cache_key, value, number FROM {{table}} WHERE cache_key = ANY(%s) AND {_ALIVE}"
SET = f"INSERT INTO {{table}} {_ROW} VALUES ({_EXPIRES}, %s, %s, %s) ON CONFLICT (cache_key) DO UPDATE {_NEW}"
SET_MANY = (
    f"INSERT INTO {{table}} {_ROW} SELECT {_EXPIRES}, * FROM unnest(%s::text[], %s::bytea[], %s::bigint[])"
    f" ON CONFLICT (cache_key) DO UPDATE {_NEW}"
)
ADD = (
    f"INSERT INTO {{table}} AS kept {_ROW} VALUES ({_EXPIRES}, %s, %s, %s)"
    f" ON CONFLICT (cache_key) DO UPDATE {_NEW} WHERE kept.expires <= clock_timestamp()"
)
TOUCH = f"UPDATE {{table}} SET expires = {_EXPIRES} WHERE cache_key = %s AND {_ALIVE}"
TOUCH_IF = f"{TOUCH} AND {_THIS_VALUE}"
DELETE = f"DELETE FROM {{table}} WHERE cache_key = ANY(%s) AND {_ALIVE}"
DELETE_IF = f"DELETE FROM {{table}} WHERE cache_key = %s AND {_ALIVE} AND {_THIS_VALUE}"
INCREMENT = (
    f"UPDATE {{table}} SET number = number + %s WHERE cache_key = %s AND number IS NOT NULL AND {_ALIVE}"
    " RETURNING number"
)
_IS_OVER = "kept.expires <= clock_timestamp()"
ADD_UP = (
    f"INSERT INTO {{table}} AS kept {_ROW} SELECT {_EXPIRES}, name, NULL, amount"
    f" FROM unnest(%s::text[], %s::bigint[]) AS added (name, amount)"
    f" ON CONFLICT (cache_key) DO UPDATE SET value = NULL,"
    f" number = CASE WHEN {_IS_OVER} THEN 0 ELSE coalesce(kept.number, 0) END + excluded.number,"
    f" expires = CASE WHEN {_IS_OVER} THEN excluded.expires ELSE kept.expires END"
    " RETURNING cache_key, number, extract(epoch FROM expires - clock_timestamp())"
)
CLEAR = "DELETE FROM {table}"
# Materialized: where the planner joined the choice in a loop, it chose anew for each row, and more went than asked for.
PURGE = (
    "WITH chosen AS MATERIALIZED (SELECT cache_key FROM {table}"
    " WHERE expires <= clock_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED)"
    " DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM chosen) AND expires <= clock_timestamp()"
)


# A comparison and its consequence in one step, which Redis offers through scripts only.
_REDIS_DELETE_IF = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end"
_REDIS_TOUCH_IF = (
    "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) else return 0 end"
)
_REDIS_ADD_UP = """
local found = {}
for place, key in ipairs(KEYS) do
    local number = redis.call('incrby', key, ARGV[place + 1])
    if redis.call('pttl', key) < 0 then redis.call('pexpire', key, ARGV[1]) end
    found[#found + 1] = number
    found[#found + 1] = redis.call('pttl', key)
end
return found
"""


class RedisCache(BaseRedisCache):  # type: ignore[misc]
    """As django-redis has it, with two writes that depend on the value, and counters."""

    def delete_if(self, key: Any, value: Any, version: int | None = None) -> bool:
        """Remove a live key if it holds this very value (a text): gives back one's own lock."""
        return self._run(_REDIS_DELETE_IF, key, value, version=version)

    def touch_if(self, key: Any, value: Any, timeout: float, version: int | None = None) -> bool:
        """Give a live key a new expiry in seconds if it holds this very value (a text): renews one's own lock."""
        return self._run(_REDIS_TOUCH_IF, key, value, int(timeout * 1000), version=version)

    def count(self, keys: Iterable[str], seconds: float) -> dict[str, tuple[int, float]]:
        """Add one to each counter, and return it with the seconds it still lives; new ones live for ``seconds``."""
        return self.add_up(dict.fromkeys(keys, 1), seconds)

    def add_up(self, amounts: Mapping[str, int], seconds: float) -> dict[str, tuple[int, float]]:
        """As ``count``, with an amount for each counter, which may be less than 0."""
        client = self.client.get_client(write=True)
        names = [self.client.make_key(key) for key in amounts]
        found = client.eval(_REDIS_ADD_UP, len(names), *names, int(seconds * 1000), *amounts.values())
        return {key: (number, left / 1000) for key, number, left in zip(amounts, found[::2], found[1::2], strict=True)}

    def _run(self, script: str, key: Any, value: Any, *arguments: int, version: int | None) -> bool:
        client = self.client.get_client(write=True)
        name = self.client.make_key(key, version=version)
        return bool(client.eval(script, 1, name, self.client.encode(value), *arguments))


class _TokenCache(Protocol):
    """What both backends offer for locks beyond Django's own interface."""

    def add(self, key: str, value: str, timeout: float) -> bool: ...

    def get(self, key: str) -> str | None: ...

    def touch_if(self, key: str, value: str, timeout: float) -> bool: ...

    def delete_if(self, key: str, value: str) -> bool: ...


_cache = cast(_TokenCache, cache)

HOLD = 30
"""Seconds after which a lock that nobody renews is free again, as after a crash."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that was got; ``token`` tells it from one that somebody else got later."""

    key: str
    token: str

    def renew(self) -> None:
        """Hold the lock for another ``HOLD`` seconds."""
        if self.key:
            _cache.touch_if(self.key, self.token, HOLD)

    def release(self) -> None:
        """Free the lock, unless it ran out and somebody else has it now."""
        if self.key:
            _cache.delete_if(self.key, self.token)


NO_LOCK = Lock(key="", token="")
"""What stands in for a lock where the cache could give none."""


def acquire(key: str, *, holder: str) -> Lock | str:
    """Return the lock with this key, or the holder that has it; a holder's name has no space in it."""
    lock = Lock(key=key, token=f"{holder} {new_token()}")
    while not _cache.add(lock.key, lock.token, HOLD):
        if other := holder_of(key):
            return other
    return lock


def holder_of(key: str) -> str | None:
    """Return who holds the lock with this key, None where nobody does."""
    token = token_of(key)
    return token.split()[0] if token else None


def token_of(key: str) -> str | None:
    """Return the token of the lock with this key, None where nobody has it."""
    return _cache.get(key)


def delete_if(key: str, value: str) -> bool:
    """Remove a key if it holds this very text; False if it doesn't."""
    return bool(_cache.delete_if(key, value))


def new_token() -> str:
    """Return an unguessable token, as locks are held by and shares opened; none looks like an option or a UUID."""
    return f"k{secrets.token_urlsafe(16)}"
