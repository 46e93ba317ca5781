# ruff: noqa: S608 - put together from the constants of this file
"""The statements of the database cache. ``clock_timestamp()``, because ``now()`` stands still in a transaction."""

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
CLEAR = "DELETE FROM {table}"
PURGE = (
    "DELETE FROM {table} WHERE cache_key IN (SELECT cache_key FROM {table}"
    " WHERE expires <= clock_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED) AND expires <= clock_timestamp()"
)
