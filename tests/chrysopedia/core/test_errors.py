"""What callers see when storage is down: a program whose database was stopped behind its back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.server import stop
from tests.chrysopedia.conftest import copy
from tests.seed import DEMO, copied_files, ensure
from tests.site import Site, running_site


@pytest.fixture(scope="module")
def broken_site(postgres_server: PostgresConfig, cluster: Path) -> Iterator[Site]:
    """A running program without its database."""
    with copied_files(ensure(DEMO, postgres_server)) as folder:
        copy(cluster, folder)
        with running_site(folder, arguments=["--no-demo"], DJANGO_SETTINGS_MODULE="tests.impatient_settings") as site:
            stop(PostgresConfig(folder))
            yield site


def test_it_answers_503_over_the_api(broken_site: Site) -> None:
    response = broken_site.ask()
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert int(response.headers["Retry-After"]) > 0


def test_it_says_so_on_the_page(broken_site: Site) -> None:
    with broken_site.client() as client:
        response = client.get("/")
    assert response.status_code == 503
    assert "can't be reached" in response.text or "can&#x27;t be reached" in response.text


def test_it_lists_no_creators(broken_site: Site) -> None:
    with broken_site.client() as client:
        assert client.get("/api/v1/creators").status_code == 503


def test_it_lives_and_is_not_ready(broken_site: Site) -> None:
    with broken_site.client() as client:
        alive, ready = client.get("/healthz"), client.get("/readyz")
    assert (alive.status_code, ready.status_code) == (200, 503)
    failing = {name for name, check in ready.json()["checks"].items() if not check["ok"]}
    assert failing >= {"database", "migrations", "writable", "cache"}


def test_it_keeps_the_inside_to_itself(broken_site: Site) -> None:
    with broken_site.client() as client:
        pages = [client.get(path).text for path in ("/", "/api/v1/creators", "/readyz")]
    assert not any(word in page for page in pages for word in ("Traceback", "psycopg", "socket"))
