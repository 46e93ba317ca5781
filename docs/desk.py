"""From a folder to a creator, as a curator does it, with a clock: the pictures of the how-to, ``make picture``.

``docs/desk.py`` starts the program with an empty corpus on data of its own, makes an account, and does in Chromium what
the page describes, with the transcripts of a demo creator. It prints the seconds of each step. Given a folder, it
brings that in and takes no pictures: ``docs/desk.py FOLDER --name NAME --question QUESTION``.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from picture import ARGUMENTS, CHROMIUM, KEPT, LARGEST, ROOT, free_port, wait_for_banner
from playwright.sync_api import Page, sync_playwright

PICTURES = ROOT / "docs" / "how-to" / "desk"
DEMO = ROOT / "creators" / "demo" / "mara-lindqvist"
SIZE = {"width": 1100, "height": 780}
ACCOUNT, PASSWORD = "ada", "correct-horse-battery"
QUESTION = "Where do you put the de-esser, before or after the compressor?"
PATIENCE = 120_000  # milliseconds for anything else, on a machine that is busy
LONGEST = 600_000  # milliseconds that an ingest may take


class Clock:
    """Prints what each step took, in seconds."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def step(self, name: str) -> None:
        """Say that a step is over."""
        now = time.monotonic()
        print(f"{now - self._last:6.1f} s  {name}", flush=True)  # noqa: T201 - a command speaks
        self._last = now

    def total(self) -> None:
        """Say what all of it took."""
        print(f"{time.monotonic() - self._began:6.1f} s  in all")  # noqa: T201 - a command speaks


@contextmanager
def empty_site(clock: Clock) -> Iterator[str]:
    """Run the program without any creator until the block ends, with an account, and yield its address."""
    with tempfile.TemporaryDirectory(prefix="chrysopedia-desk-") as folder:
        Path(folder).chmod(0o711)  # PostgreSQL may run as another user and has to get through
        port = free_port()
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment |= {"DATA_DIR": f"{folder}/data", "PORT": str(port)}
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--no-demo"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            wait_for_banner(process)
            clock.step("make run, for the first time")
            make_account(environment)
            clock.step("make admin")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def make_account(environment: Mapping[str, str]) -> None:
    """Make the curator's account."""
    command = [sys.executable, "manage.py", "admin", "--username", ACCOUNT, "--password-stdin"]
    subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env=dict(environment), input=f"{PASSWORD}\n", text=True, check=True, capture_output=True
    )


class Curator:
    """Goes through the steps in a browser, and takes a picture of each where there is somewhere to put it."""

    def __init__(self, page: Page, *, clock: Clock, pictures: Path | None) -> None:
        self._page, self._clock, self._pictures = page, clock, pictures

    def log_in(self, site: str) -> None:
        """Come to the desk."""
        self._page.goto(f"{site}/admin/")
        self._page.fill("#id_username", ACCOUNT)
        self._page.fill("#id_password", PASSWORD)
        self._page.click("[type=submit]")
        self._page.wait_for_selector(".needs")
        self._done("1-desk", "log in")

    def add_creator(self, name: str) -> None:
        """Add a creator, of whom the name is enough."""
        self._page.get_by_role("link", name="Add a creator").click()
        self._page.locator("#id_name").press_sequentially(name, delay=20)
        self._picture("2-creator")
        self._page.get_by_role("button", name="Save and continue editing").click()
        self._page.wait_for_selector(".why-not")
        self._done("3-why-not", "add a creator")

    def upload(self, folder: Path) -> None:
        """Choose a folder, and see what it would become."""
        self._page.locator(".why-not").get_by_role("link", name="Upload works").click()
        self._page.set_input_files("#id_folder", folder)
        self._picture("4-upload")
        self._page.get_by_role("button", name="Look at it").click()
        self._page.get_by_role("button", name="Bring it in").wait_for(timeout=LONGEST)
        self._done("5-preview", "choose the folder, and the preview of all files")

    def ingest(self) -> None:
        """Bring it in."""
        self._page.get_by_role("button", name="Bring it in").click()
        self._page.get_by_role("link", name="Ask ").wait_for(timeout=LONGEST)
        self._done("6-done", "bring it in")

    def ask(self, question: str) -> None:
        """Ask as visitors do."""
        self._page.get_by_role("link", name="Ask ").click()
        self._page.fill("#query", question)
        self._page.keyboard.press("Enter")
        self._page.wait_for_selector(".turn .answer sup.mark")
        self._clock.step("ask: the first words")
        self._page.wait_for_function("document.querySelector('.send').textContent.trim() === 'Ask'")
        self._page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        self._done("7-answer", "the whole answer")

    def _done(self, picture: str, step: str) -> None:
        self._clock.step(step)
        self._picture(picture)

    def _picture(self, name: str) -> None:
        if self._pictures is None:
            return
        self._page.wait_for_timeout(400)  # fonts and notes find their places
        self._page.screenshot(path=self._pictures / f"{name}.png")


def main() -> None:
    """Go through it once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--name", default="Mara Lindqvist")
    parser.add_argument("--question", default=QUESTION)
    given = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, empty_site(clock) as site, sync_playwright() as playwright:
        talks = given.folder or demo_in(Path(folder))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_default_timeout(PATIENCE)
        curator = Curator(page, clock=clock, pictures=None if given.folder else PICTURES)
        curator.log_in(site)
        curator.add_creator(given.name)
        curator.upload(talks)
        curator.ingest()
        curator.ask(given.question)
        clock.total()
        browser.close()
    if large := [one.name for one in PICTURES.glob("*.png") if one.stat().st_size > LARGEST]:
        raise SystemExit(f"Larger than {LARGEST // 1024} KB: {', '.join(large)}.")


def demo_in(folder: Path) -> Path:
    """Copy the transcripts of a demo creator, and what stands beside them, into a folder of theirs."""
    talks = folder / "talks"
    talks.mkdir()
    for file in DEMO.iterdir():
        if file.name not in {"creator.toml", "questions.jsonl"}:
            shutil.copy(file, talks)
    return talks


if __name__ == "__main__":
    main()
