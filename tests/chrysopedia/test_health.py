"""Whether it lives, and whether it is ready: which of what it needs is missing, by name."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.db import connection
from pytest_django import Settings

from chrysopedia import health
from chrysopedia.health import CHECKS, NotReadyError, Readiness
from tests.site import Site


def test_it_is_ready_when_all_is_there(site: Site) -> None:
    with site.client() as client:
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")
    assert list(answer.json()["checks"]) == list(CHECKS)
    assert all(check["detail"].endswith(".") for check in answer.json()["checks"].values())


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_come_by_any_name_and_method(site: Site, path: str) -> None:
    with site.client() as client:
        answer = client.head(path, headers={"Host": "10.0.0.7"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_it_needs_room_on_the_disk(settings: Settings) -> None:
    settings.MIN_FREE_DISK_MB = 10**9
    with pytest.raises(NotReadyError, match="MB left"):
        health.check_disk()


@contextmanager
def connecting(options: str) -> Iterator[None]:
    """Have new connections begin with these settings of PostgreSQL."""
    named = connection.settings_dict["OPTIONS"]
    named["options"] = options
    yield
    del named["options"]


@pytest.mark.django_db
def test_it_needs_tables() -> None:
    with connecting("-c search_path=nowhere"):
        with pytest.raises(NotReadyError, match="migrations are missing"):
            health.check_migrations()
        with pytest.raises(NotReadyError, match="tables"):
            health.check_writable()


@pytest.mark.django_db
def test_it_needs_a_database_that_takes_writes() -> None:
    with connecting("-c default_transaction_read_only=on"), pytest.raises(NotReadyError, match="read-only"):
        health.check_writable()


async def test_a_check_that_hangs_keeps_nobody_waiting() -> None:
    hanging = threading.Event()
    ready = Readiness({"slow": lambda: str(hanging.wait(5)), "fast": lambda: "Yes."}, limit=0.05)
    report = await ready.report()
    hanging.set()
    assert report["checks"]["slow"] == {"ok": False, "detail": "It did not answer within 0.05 s."}
    assert report["checks"]["fast"]["ok"]


async def test_a_report_is_used_again() -> None:
    numbers = count()
    ready = Readiness({"counted": lambda: str(next(numbers))})
    assert await ready.report() == await ready.report()
    assert next(numbers) == 1
