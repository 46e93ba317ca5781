"""Where the page stands while an answer grows: with the question, with a reader at the end, and never against one."""

from zlib import crc32

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.test_page import PRE_DELAY
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

THINGS = "kick bass vocal snare reverb delay chorus fader meter tape room plate".split()
# Lines that differ: a model that says the same over and over is stopped.
LINES = [
    f"Line {place} of: {' '.join(THINGS[crc32(b'%d/%d' % (place, word)) % 12] for word in range(9))}.\n\n"
    for place in range(40)
]
BELOW = "document.querySelector('.answer').getBoundingClientRect().bottom - innerHeight"
"""Pixels of the answer that lie below the window."""
TOP = "document.querySelector('.turn').getBoundingClientRect().top"


@pytest.fixture
def page(opens: Opens, model_site: Site, site_model: ModelServer) -> Page:
    """A phone on which a long answer is being written."""
    site_model.forget()
    site_model.say_slowly(*LINES, seconds=0.05)
    page = opens("/", on=model_site, width=360)
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("Line 3 of")
    return page


def wait_for_end(page: Page) -> None:
    expect(page.locator(".turn[data-finish]")).to_be_visible(timeout=15_000)


def test_it_keeps_the_question_in_sight(page: Page) -> None:
    wait_for_end(page)
    assert page.evaluate(TOP) >= -2


def test_it_goes_on_with_a_reader_who_is_at_the_end(page: Page) -> None:
    expect(page.locator(".answer")).to_contain_text("Line 20 of")
    for _ in range(5):  # as a wheel goes on turning: a line may come between a scroll and its event
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_timeout(40)
    expect(page.locator(".answer")).to_contain_text("Line 35 of")
    wait_for_end(page)
    assert page.evaluate(BELOW) < 60


def test_it_leaves_a_reader_alone_who_scrolls_up(page: Page) -> None:
    expect(page.locator(".answer")).to_contain_text("Line 20 of")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(page.locator(".answer")).to_contain_text("Line 22 of")
    page.mouse.wheel(0, -300)
    page.wait_for_timeout(100)
    at = page.evaluate("scrollY")
    wait_for_end(page)
    assert abs(page.evaluate("scrollY") - at) <= 1
