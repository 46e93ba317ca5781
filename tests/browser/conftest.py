"""A real Chromium on the running program; these tests talk HTTP only and leave the ORM alone."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.site import Site

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ARTEFACTS = Path(settings.BASE_DIR) / "artefacts"

# What is laid out differs with the fonts: such a test is run with those of either family alone.
in_each_font = pytest.mark.parametrize("chromium", ["DejaVu", "Liberation"], indirect=True)
FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <selectfont>
    <rejectfont><glob>*.*</glob></rejectfont>
    <acceptfont><glob>*/{family}S*</glob></acceptfont>
  </selectfont>
</fontconfig>
"""

Opens = Callable[..., Page]


def chromium_program() -> str | None:
    """Return the path of the browser, None where none is installed.

    Chromium without its own windows opens a page with a third of the processor time (0.12 against 0.35 s, Chromium
    156), so it is taken where it is installed (Debian: ``chromium-headless-shell``).
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def only_fonts_of(family: str, folder: Path) -> dict[str, str | float | bool]:
    """Return an environment in which fontconfig finds the fonts of one family only.

    Skips the test where they aren't installed (Debian: ``fonts-dejavu-core``, ``fonts-liberation``).
    """
    path = folder / "fonts.conf"
    path.write_text(FONTS_CONF.format(family=family))
    environment = {**os.environ, "FONTCONFIG_FILE": str(path)}
    matcher = shutil.which("fc-match")
    command = [matcher or "", "--format=%{family[0]}", f"{family} Serif"]
    if matcher is None or subprocess.check_output(command, env=environment, text=True) != f"{family} Serif":
        pytest.skip(f"the fonts of the family {family} are not installed")
    return {**environment}


@pytest.fixture(scope="package")
def chromium(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser, closed before the next package's tests: while it is open a loop runs, and the ORM refuses to.

    A parameter is the family whose fonts alone it has. Skips the test where no browser is installed.
    """
    program = chromium_program()
    if program is None:
        pytest.skip("no Chromium is installed")
    family = getattr(request, "param", None)
    environment = only_fonts_of(family, tmp_path_factory.mktemp("fonts")) if family else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=OPTIONS, env=environment)
        yield browser
        browser.close()


@pytest.fixture
def opens(chromium: Browser, site: Site) -> Iterator[Opens]:
    """Open a page of the site in a window of its own.

    What the page's script throws fails the test, and so does anything that the Content-Security-Policy forbids.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            errors.append(message.text)

    def open_page(
        path: str = "/", *, on: Site = site, width: int = 1600, watched: bool = True, **options: object
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, base_url=on.url, **options)  # type: ignore[arg-type]  # passed through
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if watched:
            page.on("console", hear)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the page for whoever wants to look at it."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")
