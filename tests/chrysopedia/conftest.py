"""Folders for servers of a test's own."""

import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.folders import make_folder
from chrysopedia.embedded.server import stop
from tests.chrysopedia.running import manage
from tests.seed import DEMO, digest, ensure, once

MIGRATIONS = ("creators/migrations", "chat/migrations")
MEMORY = Path("/dev/shm")
ROOM = 1024**3
SMALL = {"shared_buffers": "8MB", "fsync": "off", "max_connections": "20"}


@contextmanager
def new_folder() -> Iterator[Path]:
    """Lend a new DATA_DIR with a long name that no shell likes, reachable for the account of PostgreSQL."""
    # ext4 without a journal looks at all that was deleted within five minutes for each file it makes: a cluster, which
    # has 1,400, then takes a second to copy, ten times what it takes in memory.
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    outer = (MEMORY if is_roomy else settings.DATA_DIR) / f"chrysopedia-try-{uuid.uuid4().hex[:8]}"
    inner = outer / f'it\'s a "long" $HOME `name` {"of many letters " * 6}'.strip()
    make_folder(inner)
    yield inner
    config = PostgresConfig(inner)
    stop(config)
    shutil.rmtree(config.socket_dir, ignore_errors=True)
    shutil.rmtree(outer)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A new DATA_DIR."""
    with new_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster() -> Path:
    """PostgreSQL's folder after the migrations, to copy: making it takes most of a first start."""
    folder = settings.DATA_DIR / "seeds" / f"cluster_{digest(('chrysopedia', *MIGRATIONS, 'requirements.txt'))}"
    return once(folder, migrate) / "postgres"


@pytest.fixture
def used_dir(used_config: PostgresConfig, postgres_server: PostgresConfig) -> Path:
    """A folder of data as the first start leaves it: tables, the page's files, and the model."""
    return furnish(used_config.data_dir, postgres_server)


def furnish(folder: Path, server: PostgresConfig) -> Path:
    """Put the page's files and the model into a folder."""
    copy(ensure(DEMO, server) / "static", folder)
    (folder / "models").symlink_to(settings.DATA_DIR / "models")
    return folder


@pytest.fixture
def config(data_dir: Path) -> PostgresConfig:
    """An embedded PostgreSQL that nobody has made yet."""
    return PostgresConfig(data_dir, settings=SMALL)


@pytest.fixture
def used_config(config: PostgresConfig, cluster: Path) -> PostgresConfig:
    """An embedded PostgreSQL that ran before and was stopped."""
    copy(cluster, config.data_dir)
    return config


def copy(folder: Path, into: Path) -> None:
    """Copy a folder with its owner."""
    subprocess.run(["cp", "-a", folder, into], check=True)


def migrate(data_dir: Path) -> None:
    """Make a database with tables."""
    manage("migrate", "--verbosity", "0", data_dir=data_dir).check_returncode()


def user_of(config: PostgresConfig, then: str) -> subprocess.Popen[str]:
    """Start a process that uses the server, says "running" and then does what the code says."""
    code = (
        "import os, signal, sys, time; from pathlib import Path\n"
        "from chrysopedia.embedded.cluster import PostgresConfig\n"
        "from chrysopedia.embedded.server import embedded_postgres\n"
        f"with embedded_postgres(PostgresConfig(Path(sys.argv[1]), settings={SMALL!r})):\n"
        f"    print('running', flush=True); {then}\n"
    )
    arguments = [sys.executable, "-c", code, str(config.data_dir)]
    return subprocess.Popen(arguments, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
