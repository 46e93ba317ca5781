"""The picture in the README: starts the program on data of its own, asks a question in a browser: ``make picture``."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "page.png"
SIZE = {"width": 1280, "height": 900}
LARGEST = 300 * 1024  # bytes
QUESTION = "Where do you put the de-esser, before or after the compressor?"
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KEPT = ("PATH", "HOME", "LANG")


def main() -> None:
    """Write the picture and say how large it is."""
    with running_page() as url:
        take(url)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size // 1024} KB")  # noqa: T201 - a command speaks
    if size > LARGEST:
        raise SystemExit(f"The picture is larger than {LARGEST // 1024} KB.")


@contextmanager
def running_page() -> Iterator[str]:
    """Run the program with the demo creators until the block ends, and yield its address."""
    with tempfile.TemporaryDirectory(prefix="chrysopedia-picture-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL may run as another user and has to get through
        port = free_port()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run"],
            cwd=ROOT,
            env={**environment, "DATA_DIR": f"{folder}/data", "PORT": str(port)},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for_banner(process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def wait_for_banner(process: "subprocess.Popen[str]") -> None:
    """Return once the program listens."""
    assert process.stdout is not None  # noqa: S101 - it was given a pipe
    if not any(line.strip().startswith("Stop") for line in process.stdout):
        raise SystemExit("The program ended before it listened.")


def take(url: str) -> None:
    """Ask the question on the page, wait for the whole answer and write the picture."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        page.goto(url)
        page.fill("#query", QUESTION)
        page.keyboard.press("Enter")
        page.wait_for_selector(".turn .answer sup.mark")
        page.wait_for_function("document.querySelector('.send').textContent.trim() === 'Ask'")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        page.wait_for_timeout(500)  # the notes find their places
        page.screenshot(path=PICTURE)
        browser.close()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
