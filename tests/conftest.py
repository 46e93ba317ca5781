"""What every test may ask for: the database of the tests, and Redis where it is installed."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.conf import settings

from chrysopedia.embedded.config import PostgresConfig
from chrysopedia.embedded.postgres import close_connections, embedded_postgres

pytest_plugins = ["tests.model_server.fixtures"] if find_spec("tests.model_server") else []


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresConfig]:
    """The embedded PostgreSQL, one for all workers of pytest-xdist; the last worker stops it."""
    # Losing a test database in a power cut harms nobody, and not waiting for the disk halves the run.
    durability = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with embedded_postgres(PostgresConfig(settings.DATA_DIR, settings=durability)) as config:
        yield config
        close_connections()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    postgres_server: PostgresConfig, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Have the server running before pytest-django makes its databases, and until after it has dropped them."""
