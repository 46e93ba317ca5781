"""Whether this process lives, and whether the program can do its work: what load balancers and operators ask."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from types import MappingProxyType
from typing import Any

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader

from chrysopedia.core.asgi_types import Receive, Scope, Send
from chrysopedia.core.cache import new_token
from chrysopedia.core.database import STORAGE_ERRORS
from creators.embeddings import EmbeddingError, get_embedder
from creators.models import Chunk, Space

LIMIT = 2.0
"""Seconds that a check may take."""
REUSED = 1.0
"""Seconds for which a report is reused, so that frequent probes cost nothing."""
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))


class NotReadyError(Exception):
    """Something the program can't work without; the message is a sentence for whoever operates it."""


async def healthz(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer 200 as long as the event loop turns: no thread, no database and no cache is asked."""
    await _send_json({"status": "ok"}, scope, send, status=200)


def check_database() -> str:
    """Connect outside the pool, so that an exhausted pool isn't taken for a database that is down."""
    with _connect() as database:
        database.execute("SELECT 1")
    return "It answers."


def check_migrations() -> str:
    """Compare what was applied with what this code comes with."""
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations or ())
    try:
        with _connect() as database:
            applied = set(database.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.errors.UndefinedTable:
        applied = set()
    if missing := len(known - applied):
        raise NotReadyError(f"{missing} migrations are missing: run 'manage.py migrate'.")
    return "All are applied."


def check_writable() -> str:
    """Write a row of the cache's table, as every question does."""
    write = (
        "INSERT INTO chrysopedia_cache (cache_key, number, expires) VALUES ('readyz', 1, now())"
        " ON CONFLICT (cache_key) DO UPDATE SET expires = excluded.expires"
    )
    try:
        with _connect() as database:
            database.execute(write)
    except psycopg.errors.ReadOnlySqlTransaction:
        raise NotReadyError("The database is read-only, or a standby.") from None
    except psycopg.errors.DiskFull:
        raise NotReadyError("The database's disk is full.") from None
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        raise NotReadyError("The tables aren't there, or the account may not write them.") from None
    return "It takes writes."


def check_cache() -> str:
    """Keep a value that nobody else can have kept, and read it again."""
    token = new_token()
    cache.set("readyz:cache", token, 60)
    if cache.get("readyz:cache") is None:  # another process may have written its own in between
        raise NotReadyError("It did not keep what it was given.")
    return "It keeps what it is given."


def check_embedder() -> str:
    """Compare the embedder's space with those that the corpus was embedded in."""
    try:
        name = get_embedder().space.name
    except EmbeddingError as error:
        raise NotReadyError(f"The embedder does not answer: {type(error).__name__}.") from None
    if Chunk.objects.exists() and not Space.objects.filter(name=name).exists():
        raise NotReadyError(f"The corpus was not embedded by {name}: run 'manage.py embed'.")
    return f"Its space is {name}."


def check_disk() -> str:
    """Look for room where the program's data lies."""
    free = shutil.disk_usage(settings.DATA_DIR).free // 2**20
    if free < settings.MIN_FREE_DISK_MB:
        raise NotReadyError(f"DATA_DIR has {free} MB left, fewer than MIN_FREE_DISK_MB ({settings.MIN_FREE_DISK_MB}).")
    return f"{free} MB are free."


CHECKS: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "database": check_database,
        "migrations": check_migrations,
        "writable": check_writable,
        "cache": check_cache,
        "embedder": check_embedder,
        "disk": check_disk,
    }
)


class Readiness:
    """Answers 200 where every check passes and 503 where one doesn't, each by its name with a sentence.

    Each has a thread of its own: one that hangs keeps no other, and nobody else, waiting, and isn't begun twice.
    """

    def __init__(self, checks: Mapping[str, Callable[[], str]] = CHECKS, *, limit: float = LIMIT) -> None:
        self._checks = checks
        self._limit = limit
        self._threads = ThreadPoolExecutor(max_workers=len(checks), thread_name_prefix="readyz")
        self._begun: dict[str, Future[str]] = {}
        self._asking: asyncio.Task[dict[str, Any]] | None = None
        self._until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the report, one made within the last second if there is one."""
        report = await self.report()
        await _send_json(report, scope, send, status=200 if report["status"] == "ready" else 503)

    async def report(self) -> dict[str, Any]:
        """Return the status, "ready" or "unavailable", and each check's ``ok`` and ``detail``."""
        if self._asking is None or (self._asking.done() and time.monotonic() > self._until):
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> dict[str, Any]:
        found = dict(zip(self._checks, await asyncio.gather(*map(self._state, self._checks)), strict=True))
        self._until = time.monotonic() + REUSED
        is_ready = all(state["ok"] for state in found.values())
        return {"status": "ready" if is_ready else "unavailable", "checks": found}

    async def _state(self, name: str) -> dict[str, Any]:
        begun = self._begun.get(name)
        if begun is None or begun.done():
            begun = self._begun[name] = self._threads.submit(_with_own_connection, self._checks[name])
        try:
            async with asyncio.timeout(self._limit):
                return {"ok": True, "detail": await asyncio.shield(asyncio.wrap_future(begun))}
        except NotReadyError as error:
            return {"ok": False, "detail": str(error)}
        except TimeoutError:
            return {"ok": False, "detail": f"It did not answer within {self._limit:g} s."}
        except (*STORAGE_ERRORS, psycopg.Error, OSError) as error:
            return {"ok": False, "detail": f"It does not answer: {type(error).__name__}."}


def _with_own_connection(check: Callable[[], str]) -> str:
    try:
        return check()
    finally:
        connections.close_all()


def _connect() -> "psycopg.Connection[tuple[Any, ...]]":
    options = {**connection.get_connection_params(), "connect_timeout": int(LIMIT), "autocommit": True}
    try:
        return psycopg.connect(**options)
    except psycopg.OperationalError as error:
        raise DatabaseError(str(error)) from None


async def _send_json(document: dict[str, Any], scope: Scope, send: Send, *, status: int) -> None:
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = [*HEADERS, (b"content-length", str(len(body)).encode())]
    if status == 503:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
