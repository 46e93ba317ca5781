"""The whole program as its users meet it: a real daphne on loopback with the demo creators, for tests over HTTP."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from django.conf import settings

from chrysopedia.embedded.folders import make_folder, socket_folder
from tests.chrysopedia.running import free_port
from tests.model_server.server import ModelServer


@dataclass(frozen=True)
class Site:
    """A running program: its address and where its data lies."""

    url: str
    data_dir: Path
    process: "subprocess.Popen[str] | None" = None

    def client(self, **options: Any) -> httpx2.Client:
        """Return an HTTP client for it; close it after use."""
        return httpx2.Client(base_url=self.url, timeout=30, **options)

    def end(self) -> None:
        """Have the process end, as an operator does, without waiting for it."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)

    def ask(self, query: str = "How much pre-delay should a vocal reverb have?", **more: object) -> httpx2.Response:
        """Ask over the API and return the whole response."""
        with self.client() as client:
            return client.post("/api/v1/chat", json={"query": query, **more})


@contextlib.contextmanager
def running_site(data_dir: Path, *, arguments: Sequence[str] = (), **environment: str) -> Iterator[Site]:
    """Run the program until the block ends."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "DATA_DIR": str(data_dir), "PORT": str(port), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_for_banner(process)
        # What it logs is read and dropped: a pipe that is full would have it wait in the middle of its work.
        threading.Thread(target=process.communicate, daemon=True).start()
        yield Site(url=f"http://127.0.0.1:{port}", data_dir=data_dir, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for_banner(process: "subprocess.Popen[str]") -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip().startswith("Stop"):
            return
    raise AssertionError(f"it ended before it listened: {''.join(said)}")


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """The program with nothing configured: it answers with quotes."""
    data_dir = settings.DATA_DIR / f"site-{uuid.uuid4().hex[:8]}"
    make_folder(data_dir)
    try:
        with running_site(data_dir) as site:
            yield site
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def site_model() -> Iterator[ModelServer]:
    """The model server behind ``model_site``."""
    with ModelServer() as server:
        yield server


@contextlib.contextmanager
def second_site(first: Site, model: ModelServer, **environment: str) -> Iterator[Site]:
    """A second process on the database of the first, with a language model."""
    socket = socket_folder(first.data_dir)
    data_dir = settings.DATA_DIR / f"site-{uuid.uuid4().hex[:8]}"
    make_folder(data_dir)
    try:
        with running_site(
            data_dir,
            DATABASE_URL=f"postgresql://chrysopedia@/chrysopedia?host={quote(str(socket))}",
            LLM_BASE_URL=model.base_url,
            LLM_MODEL="test-model",
            **environment,
        ) as second:
            yield second
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def model_site(site: Site, site_model: ModelServer) -> Iterator[Site]:
    """A second process on the database of the first, with a language model; it gives up answers soon."""
    with second_site(site, site_model, RUN_GRACE_SECONDS="1") as second:
        yield second


@contextlib.contextmanager
def uvicorn_site(first: Site, model: ModelServer, **environment: str) -> Iterator[Site]:
    """A process on the database of the first under uvicorn, as production has it."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    database = f"postgresql://chrysopedia@/chrysopedia?host={quote(str(socket_folder(first.data_dir)))}"
    more = {"DATA_DIR": str(first.data_dir), "DATABASE_URL": database, "LLM_BASE_URL": model.base_url, "LLM_MODEL": "m"}
    command = [sys.executable, "-m", "uvicorn", "tests.watched:application", "--port", str(port), "--no-access-log"]
    process = subprocess.Popen(
        [*command, "--timeout-graceful-shutdown", "1"],
        cwd=settings.BASE_DIR,
        env={**kept, **more, "DJANGO_SETTINGS_MODULE": "chrysopedia.settings", **environment},
        stderr=subprocess.DEVNULL,
    )
    try:
        site = Site(url=f"http://127.0.0.1:{port}", data_dir=first.data_dir)
        _wait_until_well(site)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_until_well(site: Site) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx2.TransportError), site.client() as client:
            if client.get("/healthz").status_code == 200:
                return
        time.sleep(0.1)
    raise TimeoutError("it does not answer")
