"""Clients and front ends from npm, unmodified: what the documents say in TypeScript is checked, built and run."""

import json
import re
import shlex
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import chromium, opens, windows
from tests.model_server.server import ModelServer
from tests.program import CHECKOUT
from tests.site import Site, second_site

__all__ = ["chromium", "opens", "windows"]

FOLDER = Path(__file__).parent
DOCUMENTS = CHECKOUT / "docs/how-to"
FENCED = re.compile(r"```(tsx?)\n(.*?)```", re.DOTALL)
DOCUMENTED = "127.0.0.1:8000"
PAGES = {
    "use-chat": "ai-sdk-0",
    "assistant-ui": "ai-sdk-1",
    "assistant-transport": "transport",
    "copilotkit": "agui-1",
}
FONTS = [f"--loader:.{kind}=empty" for kind in ("ttf", "woff", "woff2")]
TRANSPORT = "ChatTransport({"
HEADERS = f"{TRANSPORT} headers: Object.fromEntries(new URLSearchParams(location.search)),"
"""What has a page send the headers that its address names, such as a key."""
HTML = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><body><script src="page.js"></script>'


@dataclass(frozen=True)
class Workshop:
    """A folder with the documents' TypeScript, named by page and number, beside this folder's own."""

    folder: Path

    def tool(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a program of a package to its end."""
        program = self.folder / "node_modules/.bin" / command[0]
        return subprocess.run(
            [program, *command[1:]], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False
        )

    def start(self, name: str, site: Site | str) -> subprocess.Popen[str]:
        """Start a program against a site, in place of the one that documents name."""
        url = site if isinstance(site, str) else site.url
        folder = self.folder / "running"
        folder.mkdir(exist_ok=True)
        source = (self.folder / f"{name}.ts").read_text().replace(DOCUMENTED, urlsplit(url).netloc)
        (folder / f"{name}.ts").write_text(source)
        made = self.tool("esbuild", f"running/{name}.ts", "--format=esm", f"--outfile=running/{name}.mjs")
        assert made.returncode == 0, made.stderr
        command = ["node", *_options(), f"running/{name}.mjs"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, stdout=pipe, stderr=pipe, text=True)

    def run(self, name: str, site: Site) -> str:
        """Return what a program prints; one that fails, or complains, fails the test."""
        return ended(self.start(name, site))

    def build(self, source: str, page: Path, site: Site) -> None:
        """Build the page that shows a component, for a site."""
        page.mkdir(parents=True)
        component = (self.folder / f"{source}.tsx").read_text()
        component = component.replace(DOCUMENTED, urlsplit(site.url).netloc).replace(TRANSPORT, HEADERS)
        folder = self.folder / "pages"
        folder.mkdir(exist_ok=True)
        (folder / f"{source}.tsx").write_text(component)
        options = [
            "--bundle",
            "--jsx=automatic",
            f"--alias:chat=./pages/{source}.tsx",
            f"--outfile={page}/page.js",
            *FONTS,
        ]
        made = self.tool("esbuild", "main.tsx", *options, "--log-level=warning")
        assert (made.returncode, made.stderr) == (0, "")
        (page / "index.html").write_text(HTML)


def ended(process: "subprocess.Popen[str]") -> str:
    """Return what a program has printed at its end."""
    try:
        printed, complaints = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, complaints) == (0, "")
    return printed


def _options() -> list[str]:
    version = subprocess.check_output(["node", "--version"], text=True)
    return ["--experimental-websocket", "--no-warnings"] if int(version[1:].partition(".")[0]) < 22 else []


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The folder; passes over where the packages are not installed."""
    if shutil.which("node") is None:
        pytest.skip("no Node is installed")
    if not (FOLDER / "node_modules/.package-lock.json").is_file():  # written when all are there
        pytest.skip("the packages are not installed: npm ci --prefix tests/frontends")
    folder = tmp_path_factory.mktemp("workshop")
    (folder / "node_modules").symlink_to(FOLDER / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}')
    for document in DOCUMENTS.glob("*.md"):
        for number, (kind, code) in enumerate(FENCED.findall(document.read_text())):
            (folder / f"{document.stem}-{number}.{kind}").write_text(code)
    for path in [*FOLDER.glob("pages/*"), *FOLDER.glob("programs/*"), FOLDER / "tsconfig.json"]:
        shutil.copy(path, folder)
    return Workshop(folder)


@pytest.fixture(scope="session")
def generated(workshop: Workshop, site: Site) -> Workshop:
    """The folder with the types that the documented command writes."""
    (command,) = re.findall(r"^npx (.*)$", (DOCUMENTS / "generated-clients.md").read_text(), re.MULTILINE)
    made = workshop.tool(*shlex.split(command.replace(DOCUMENTED, urlsplit(site.url).netloc)))
    assert made.returncode == 0, made.stderr
    return workshop


@pytest.fixture(scope="session")
def front_model() -> Iterator[ModelServer]:
    """The model server behind ``front``."""
    with ModelServer() as server:
        yield server


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has there
        """Say nothing."""


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of another site, and the folder that it serves."""
    folder = tmp_path_factory.mktemp("served")
    server = ThreadingHTTPServer(("localhost", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def front(site: Site, front_model: ModelServer, origin: tuple[str, Path]) -> Iterator[Site]:
    """The program with a language model, whose API pages of that site may call."""
    with second_site(site, front_model, CORS_ALLOWED_ORIGINS=origin[0]) as second:
        yield second


@pytest.fixture(scope="session")
def pages(workshop: Workshop, front: Site, origin: tuple[str, Path]) -> dict[str, str]:
    """The addresses of the pages by name, each with an unmodified front end."""
    for name, source in PAGES.items():
        workshop.build(source, origin[1] / name, front)
    return {name: f"{origin[0]}/{name}/" for name in PAGES}


def printed_object(text: str) -> Any:
    """Return the object that a program prints."""
    return json.loads(text)
