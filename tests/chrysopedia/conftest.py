"""Folders for servers of a test's own."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.folders import make_folder
from chrysopedia.embedded.server import stop
from tests.seed import DEMO, ensure

SMALL = {"shared_buffers": "8MB", "fsync": "off", "max_connections": "20"}


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A new DATA_DIR with a long name that no shell likes, reachable for the account of PostgreSQL."""
    outer = settings.DATA_DIR / f"try-{uuid.uuid4().hex[:8]}"
    inner = outer / f'it\'s a "long" $HOME `name` {"of many letters " * 6}'.strip()
    make_folder(inner)
    yield inner
    config = PostgresConfig(inner)
    stop(config)
    shutil.rmtree(config.socket_dir, ignore_errors=True)
    shutil.rmtree(outer)


@pytest.fixture
def used_dir(data_dir: Path, postgres_server: PostgresConfig) -> Path:
    """The same with the page's files collected, which takes longer than all else of a first start."""
    shutil.copytree(ensure(DEMO, postgres_server) / "static", data_dir / "static", copy_function=os.link)
    return data_dir


@pytest.fixture
def config(data_dir: Path) -> PostgresConfig:
    """An embedded PostgreSQL that nobody has made yet."""
    return PostgresConfig(data_dir, settings=SMALL)


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
