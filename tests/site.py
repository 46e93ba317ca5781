"""The whole program as its users meet it: a real daphne on loopback with the demo creators, for tests over HTTP."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from chrysopedia.embedded.cluster import PostgresConfig
from tests.model_server.server import ModelServer
from tests.program import CHECKOUT, Process, bound, end, free_port, inherited, running
from tests.seed import DEMO, QUICK, copied_database, copied_files, ensure


@dataclass(frozen=True)
class Site:
    """A running program: its address, where its data lies, and its process."""

    url: str
    data_dir: Path
    database_url: str
    process: "Process | None" = None

    @property
    def environ(self) -> dict[str, str]:
        """The environment of other programs on the same data."""
        return {"DATA_DIR": str(self.data_dir), "DATABASE_URL": self.database_url}

    def client(self, **options: Any) -> httpx2.Client:
        """Return an HTTP client for it; close it after use."""
        # The certificates of the system, which take 20 ms to load, are of no use here.
        return httpx2.Client(base_url=self.url, timeout=30, verify=False, **options)

    def end(self) -> None:
        """Have the process end, as an operator does, without waiting for it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def ask(self, query: str = "How much pre-delay should a vocal reverb have?", **more: object) -> httpx2.Response:
        """Ask over the API and return the whole response."""
        with self.client() as client:
            return client.post("/api/v1/chat", json={"query": query, **more})


@contextlib.contextmanager
def running_site(
    folder: Path, database_url: str = "", *, arguments: Sequence[str] = (), **environment: str
) -> Iterator[Site]:
    """Run the program until the block ends, without a URL on a PostgreSQL of its own."""
    port = free_port()
    environ = {"DATA_DIR": str(folder), "DATABASE_URL": database_url, "PORT": str(port), **environment}
    with running(environ, arguments=arguments) as process:
        yield Site(f"http://127.0.0.1:{port}", folder, database_url, process)


@pytest.fixture(scope="session")
def site(postgres_server: PostgresConfig) -> Iterator[Site]:
    """The program with nothing configured: it answers with quotes."""
    with (
        copied_database(DEMO, postgres_server) as url,
        copied_files(ensure(DEMO, postgres_server)) as folder,
        running_site(folder, url, **QUICK) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def site_model() -> Iterator[ModelServer]:
    """The model server behind ``model_site``."""
    with ModelServer() as server:
        yield server


@contextlib.contextmanager
def second_site(first: Site, model: ModelServer, **environment: str) -> Iterator[Site]:
    """A second process on the database of the first, with a language model."""
    named = {**QUICK, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "test-model", **environment}
    with copied_files(first.data_dir) as folder, running_site(folder, first.database_url, **named) as second:
        yield second


@pytest.fixture(scope="session")
def model_site(site: Site, site_model: ModelServer) -> Iterator[Site]:
    """A second process on the database of the first, with a language model; it gives up answers soon."""
    with second_site(site, site_model, RUN_GRACE_SECONDS="1") as second:
        yield second


@contextlib.contextmanager
def uvicorn_site(first: Site, model: ModelServer, **environment: str) -> Iterator[Site]:
    """A process on the database of the first under uvicorn, with the shipped settings, as production has it."""
    port = free_port()
    more = {"LLM_BASE_URL": model.base_url, "LLM_MODEL": "m", "DJANGO_SETTINGS_MODULE": "chrysopedia.settings"}
    command = [sys.executable, "-m", "uvicorn", "tests.watched:application", "--port", str(port), "--no-access-log"]
    production = ("--timeout-graceful-shutdown", "1", "--ws-per-message-deflate", "false")
    process = subprocess.Popen(
        bound(*command, *production),
        cwd=CHECKOUT,
        env={**inherited(), **first.environ, **more, **environment},
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        site = Site(f"http://127.0.0.1:{port}", first.data_dir, first.database_url, process)
        _wait_until_well(site)
        yield site
    finally:
        end(process)


@pytest.fixture(scope="session")
def under_uvicorn(site: Site, site_model: ModelServer) -> Iterator[Site]:
    """The program under the server for production, on the database of the first."""
    with uvicorn_site(site, site_model) as served:
        yield served


def _wait_until_well(site: Site) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.TransportError), site.client() as client:
            if client.get("/readyz").status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("it does not answer")
