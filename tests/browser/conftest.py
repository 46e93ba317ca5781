"""A real Chromium on the running program; these tests talk HTTP only and leave the ORM alone."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from django.conf import settings
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright

from tests.chrysopedia.running import manage
from tests.site import Site

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
expect.set_options(timeout=20_000)  # milliseconds: on a busy machine five seconds pass before a page has loaded
ARTEFACTS = Path(settings.BASE_DIR) / "artefacts"

# What is laid out differs with the fonts: such a test is run with those of either family alone.
in_each_font = pytest.mark.parametrize(
    "chromium", ["DejaVu", pytest.param("Liberation", marks=pytest.mark.soak)], indirect=True
)
FONTS_CONF = """<?xml version="1.0"?>
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <selectfont>
    <rejectfont><glob>*.*</glob></rejectfont>
    <acceptfont><glob>*/{family}S*</glob></acceptfont>
  </selectfont>
</fontconfig>
"""

# The next page of a window that was left begins with nothing. Its name outlives what it shows.
LEAVE = "() => { stop(); name = 'left'; }"
EMPTY = "if (name === 'left') { localStorage.clear(); sessionStorage.clear(); name = ''; }"

CURATORS_PASSWORD = "correct horse 9"
Opens = Callable[..., Page]
Scheme = Literal["light", "dark"]
Motion = Literal["reduce", "no-preference"]
Kind = tuple[str, tuple[tuple[str, object], ...]]
"""The address of a window's site, none for one of others, and the options that can't be changed any more."""


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


class Windows:
    """The windows of a browser, each with cookies of its own; what is given back is emptied and lent again.

    In a window that has shown the site before, a page takes a third of the processor time (0.14 against 0.42 s).
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[Kind, Page] = {}

    def lend(self, kind: Kind) -> Page:
        """Return a window that nobody has."""
        if kind in self._free:
            page = self._free.pop(kind)
            page.context.clear_cookies()
            return page
        base_url, options = kind
        context = self._browser.new_context(base_url=base_url or None, **dict(options))  # type: ignore[arg-type]  # passed through
        context.add_init_script(EMPTY)
        return context.new_page()

    def take_back(self, kind: Kind, page: Page) -> None:
        """Keep a window for the next test, or close it where it can't be emptied or there is one like it."""
        if kind in self._free or not leave(page, kind[0]):
            page.context.close()
        else:
            self._free[kind] = page


def leave(page: Page, url: str) -> bool:
    """Stop what a window does and let go of its site at ``url``; False where it is elsewhere, or not alone.

    What other sites embed is kept by the browser for a minute, with who may embed it: their windows are not lent again.
    """
    if not url or len(page.context.pages) > 1 or not page.url.startswith(url):
        return False
    try:
        page.context.set_offline(False)
        page.unroute_all()
        page.mouse.move(0, 0)
        page.evaluate(LEAVE)
    except Error:
        return False
    return True


@pytest.fixture(scope="package")
def windows(chromium: Browser) -> Windows:
    """The windows of the browser."""
    return Windows(chromium)


@pytest.fixture
def opens(windows: Windows, site: Site) -> Iterator[Opens]:
    """Open a page of the site in a window of its own.

    What the page's script throws fails the test, and so does anything that the Content-Security-Policy forbids.
    """
    lent: list[tuple[Kind, Page]] = []
    errors: list[str] = []

    def throw(error: Error) -> None:
        errors.append(str(error))

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            errors.append(message.text)

    def open_page(
        path: str = "/",
        *,
        on: Site = site,
        width: int = 1600,
        color_scheme: Scheme = "light",
        reduced_motion: Motion = "no-preference",
        watched: bool = True,
        **options: object,
    ) -> Page:
        kind = (
            on.url if path.startswith("/") else "",
            tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in options.items()),
        )
        page = windows.lend(kind)
        lent.append((kind, page))
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        page.on("pageerror", throw)
        if watched:
            page.on("console", hear)
        page.goto(path)
        return page

    yield open_page
    for kind, page in lent:
        page.remove_listener("pageerror", throw)
        with suppress(KeyError):
            page.remove_listener("console", hear)
        windows.take_back(kind, page)
    assert errors == []


@pytest.fixture
def desk(opens: Opens, site: Site) -> Page:
    """The admin, entered by its login page."""
    manage(
        "admin",
        "--username",
        "ada",
        "--password-stdin",
        data_dir=site.data_dir,
        DATABASE_URL=site.database_url,
        given=f"{CURATORS_PASSWORD}\n",
    )
    page = opens("/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(CURATORS_PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Your desk")).to_be_visible()
    return page


def screenshot(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody made a folder for it, and so wants to look at it."""
    if ARTEFACTS.is_dir():
        page.screenshot(path=ARTEFACTS / f"{name}.png")
