"""A creator's chat on another site, in a browser: it answers, fits, follows the look and keeps no cookie."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from tests.browser.conftest import OPTIONS, Opens, chromium_program, screenshot
from tests.chat.views.test_embed import allowing
from tests.site import Site

pytestmark = pytest.mark.browser

LINE = '<script src="{site}/embed.js" data-creator="mara-lindqvist" {options} async></script>'
HOST = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Host</title>
<style>body {{ margin: 0 auto; max-width: 40rem; padding: 1rem; background: #fff }}
.night {{ background: #101010; color: #eee }}</style>
<body><h1>A shop for microphones</h1><p>Above the chat.</p>{line}<p id="below">Below the chat.</p>"""


@contextmanager
def host(folder: Path, site: Site, options: str = "") -> Iterator[str]:
    """Serve a page of another site, on localhost, which is another site than 127.0.0.1 is."""
    (folder / "index.html").write_text(HOST.format(line=LINE.format(site=site.url, options=options)))
    server = ThreadingHTTPServer(("localhost", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it has there
        """Say nothing."""


@pytest.fixture
def shop(tmp_path: Path, site: Site) -> Iterator[str]:
    """The address of another site that may show the chat."""
    with host(tmp_path, site) as address, allowing(site, address):
        yield address


def chat(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


def ask(page: Page, query: str) -> None:
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    page.frames[1].wait_for_load_state()  # its modules have run by then
    chat(page).locator("#query").fill(query)
    chat(page).locator("#query").press("Enter")
    expect(chat(page).locator("article").last).to_have_attribute("data-finish", "complete")


def height(page: Page) -> float:
    box = page.locator("iframe").bounding_box()
    assert box
    return box["height"]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_answers_on_another_site_without_a_cookie(opens: Opens, shop: str, width: int) -> None:
    page = opens(shop, width=width)
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    expect(chat(page).get_by_role("link", name="The whole page")).to_be_visible()
    screenshot(page, f"embed-first-{width}")
    ask(page, "How much pre-delay should a vocal reverb have?")
    expect(chat(page).locator(".notes .note").first).to_be_visible()
    screenshot(page, f"embed-answered-{width}")
    assert page.context.cookies() == []


def test_it_is_as_high_as_what_is_in_it_up_to_a_limit(opens: Opens, shop: str) -> None:
    page = opens(shop)
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    before = height(page)
    inside = chat(page).locator("body").evaluate("body => body.getBoundingClientRect().height")
    assert abs(before - inside) <= 1
    ask(page, "How much pre-delay should a vocal reverb have?")
    ask(page, "Where does the de-esser go?")
    expect(chat(page).locator("#query")).to_be_in_viewport()
    assert before < height(page) <= 720


def test_it_follows_the_look_of_the_site(opens: Opens, shop: str) -> None:
    page = opens(shop, color_scheme="dark")
    root = chat(page).locator("html")
    expect(root).to_have_attribute("data-theme", "light")  # the site is white, whatever the system prefers
    page.evaluate("document.body.className = 'night'")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(chat(page).locator("body")).to_have_css("background-color", "rgb(20, 21, 24)")
    screenshot(page, "embed-dark")
    page.evaluate("document.documentElement.style.colorScheme = 'light'")
    expect(root).to_have_attribute("data-theme", "light")


def test_it_keeps_the_theme_that_was_chosen(opens: Opens, tmp_path: Path, site: Site) -> None:
    with host(tmp_path, site, 'data-theme="dark" data-height="300 400"') as address, allowing(site, address):
        page = opens(address)
        expect(chat(page).locator("html")).to_have_attribute("data-theme", "dark")
        expect(page.locator("iframe")).to_have_css("height", "400px")


@pytest.fixture
def lenient(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    """A browser that lets frames of other sites keep something, each under the site around it; not all do."""
    preferences = tmp_path / "profile" / "Default" / "Preferences"
    preferences.parent.mkdir(parents=True)
    preferences.write_text(json.dumps({"profile": {"cookie_controls_mode": 0}}))
    start = chromium.browser_type.launch_persistent_context
    with start(tmp_path / "profile", executable_path=chromium_program(), args=OPTIONS) as context:
        yield context.pages[0]


def test_it_restores_the_conversation(lenient: Page, shop: str) -> None:
    page = lenient
    page.goto(shop)
    ask(page, "How much pre-delay should a vocal reverb have?")
    page.reload()
    expect(chat(page).locator("article h2")).to_have_text("How much pre-delay should a vocal reverb have?")
    expect(chat(page).locator(".notes .note").first).to_be_visible()
    assert page.context.cookies() == []
    chat(page).locator("#new").click()
    expect(chat(page).locator("article")).to_have_count(0)


def test_a_site_that_is_not_on_the_list_gets_a_link(opens: Opens, tmp_path: Path, site: Site) -> None:
    with host(tmp_path, site) as address, allowing(site, "https://friend.example"):
        page = opens(address, watched=False)
        link = page.get_by_role("link", name=f"Open the chat on {urlsplit(site.url).netloc}")
        expect(link).to_be_visible(timeout=10_000)
        expect(link).to_have_attribute("href", f"{site.url}/c/mara-lindqvist")
        expect(page.locator("iframe")).to_be_hidden()
        screenshot(page, "embed-refused")


def test_it_takes_no_word_of_a_stranger(opens: Opens, shop: str) -> None:
    page = opens(shop)
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    page.evaluate("postMessage({ chrysopedia: 'size', height: 700, title: 'Taken over' }, '*')")
    page.wait_for_timeout(100)
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_the_example_works_out_of_the_box(opens: Opens, width: int) -> None:
    page = opens("/embed/mara-lindqvist/example", width=width)
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    page.get_by_label("Look").select_option("dark")
    expect(chat(page).locator("html")).to_have_attribute("data-theme", "dark")
    screenshot(page, f"embed-example-{width}")
    assert page.context.cookies() == []
