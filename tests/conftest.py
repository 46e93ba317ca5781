"""What every test may ask for: the database of the tests, and Redis where it is installed."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.cache import BaseCache, cache
from pytest_django import Settings

from chrysopedia.embedded.cluster import ROLE, PostgresConfig, connect
from chrysopedia.embedded.server import close_connections, embedded_postgres
from chrysopedia.env import Environment
from chrysopedia.services import cache_for
from tests import postgres_reaper
from tests.program import bound, free_port
from tests.seed import DEMO, ensure

pytest_plugins = [
    "tests.order",
    "tests.strength",
    "tests.model_server.fixtures",
    "tests.corpus",
    "tests.caches",
    "tests.site",
    "tests.chat.asking",
    "tests.chat.doors.caller",
    "tests.chat.injection.hostile",
]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresConfig]:
    """The embedded PostgreSQL, one for all processes that test at the time; the last one stops it."""
    # Losing a test database in a power cut harms nobody, and not waiting for the disk halves the run.
    durability = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    # Every running program of the tests has a database here, and a pool of connections to it.
    more = {**durability, "max_connections": "300"}
    with embedded_postgres(PostgresConfig(settings.DATA_DIR, settings=more)) as config:
        postgres_reaper.start(config)
        _drop_leftovers(config)
        yield config
        close_connections()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    postgres_server: PostgresConfig, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Have what databases are copied from before pytest-django makes them, and the server until it has dropped them."""
    ensure(DEMO, postgres_server)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis of our own; passes over where none is installed."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server is installed")
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"]
    folder = tmp_path_factory.mktemp("redis")
    with subprocess.Popen(bound(program, *options), cwd=folder, stdout=subprocess.DEVNULL) as server:
        _wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
        server.terminate()


@pytest.fixture(params=["database", pytest.param("redis", marks=pytest.mark.redis)])
def each_cache(request: pytest.FixtureRequest, settings: Settings, db: None) -> Iterator[BaseCache]:
    """Django's cache as this program ships it, on the database and again on Redis."""
    url = request.getfixturevalue("redis_server") if request.param == "redis" else ""
    settings.CACHES = {"default": cache_for(Environment({"REDIS_URL": url}))}
    cache.clear()
    yield cache
    cache.clear()


def _wait_for_port(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(f"nothing listens on port {port}")


def _drop_leftovers(config: PostgresConfig) -> None:
    # Each test process has a database of its own, named after it; those of killed ones are still there.
    with connect(config, "postgres") as connection:
        connection.execute(f"ALTER ROLE {ROLE} CREATEDB")  # for the tests' own databases
        for (name,) in connection.execute(
            r"SELECT datname FROM pg_database WHERE datname ~ '^(test|site)_'"
        ).fetchall():
            owner = name.split("_")[1]
            if owner.isdigit() and not _is_running(int(owner)):
                try:
                    connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                except psycopg.Error:
                    continue  # another process is dropping it as well


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
