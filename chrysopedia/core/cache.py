"""Django's cache on a table of the database, fit for locks, counters and logs: every write is one statement."""

import pickle
import random
from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connections

from chrysopedia.core import cache_sql as sql

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
        rows = self._rows(sql.GET, [list(names)]) if names else []
        return {names[name]: _decoded(value, number) for name, value, number in rows}

    def has_key(self, key: Any, version: int | None = None) -> bool:
        """Tell whether the key is alive."""
        return bool(self._rows(sql.GET, [[self.make_and_validate_key(key, version=version)]]))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value under the key."""
        self._write(sql.SET, key, value, timeout, version)

    def set_many(
        self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Keep several values in one statement; two such calls in parallel don't deadlock."""
        rows = sorted((self.make_and_validate_key(key, version=version), *_encoded(data[key])) for key in data)
        if rows:
            names, values, numbers = (list(column) for column in zip(*rows, strict=True))
            self._count(sql.SET_MANY, [self._seconds(timeout), names, values, numbers])
        return []

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep the value if the key is absent or expired; of several callers exactly one is told True."""
        return self._write(sql.ADD, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a live key a new expiry; False if there is none."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(sql.TOUCH, [self._seconds(timeout), name]) > 0

    def touch_if(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a live key a new expiry if it holds this very value (a text or a number): renews one's own lock."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(sql.TOUCH_IF, [self._seconds(timeout), name, *_encoded(value)]) > 0

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Remove the key; False if it was not there."""
        return self._count(sql.DELETE, [[self.make_and_validate_key(key, version=version)]]) > 0

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Remove several keys in one statement."""
        self._count(sql.DELETE, [[self.make_and_validate_key(key, version=version) for key in keys]])

    def delete_if(self, key: Any, value: Any, version: int | None = None) -> bool:
        """Remove a live key if it holds this very value (a text or a number): gives back one's own lock."""
        name = self.make_and_validate_key(key, version=version)
        return self._count(sql.DELETE_IF, [name, *_encoded(value)]) > 0

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Add to a live whole number and return the sum; ``ValueError`` if there is none."""
        rows = self._rows(sql.INCREMENT, [delta, self.make_and_validate_key(key, version=version)])
        if not rows:
            raise ValueError(f"Key {key!r} is absent or holds no whole number")
        return int(rows[0][0])

    def clear(self) -> None:
        """Remove everything."""
        self._count(sql.CLEAR, [])

    def purge(self, *, rows: int = PURGE_ROWS) -> int:
        """Remove up to so many expired rows and return how many went; rows that others hold are left to them."""
        return self._count(sql.PURGE, [rows])

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
