"""An answer while it grows: nothing that the reader holds on to is taken from them, and the page keeps still."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, screenshot
from tests.browser.test_page import PRE_DELAY
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

FIRST = "Pre-delay is the gap between the dry sound and the first reflection of the reverb [1].\n\n"
THINGS = "kick bass vocal snare reverb delay chorus fader meter tape room plate".split()


def steps(first: int) -> str:
    """Return thirty items that differ: a model that says the same over and over is stopped."""
    said = (" ".join(THINGS[number * step // 5 % 12] for step in (1, 3, 7, 11)) for number in range(first, first + 30))
    return "".join(f"- Step {number}: {words} [1].\n" for number, words in enumerate(said, start=first))


LONG = steps(1)
BOTTOM = "document.querySelector('.answer').getBoundingClientRect().bottom"
TEXTS = """() => {
  window.texts = [];
  new MutationObserver(() => window.texts.push(document.querySelector("#status").textContent))
    .observe(document.querySelector("#status"), {childList: true});
}"""


def begin(page: Page) -> None:
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .answer p").first).to_contain_text("Pre-delay")


def ended(page: Page) -> None:
    expect(page.locator(".turn")).to_have_attribute("data-finish", "complete", timeout=10_000)


@pytest.fixture
def slow(site_model: ModelServer) -> ModelServer:
    """A model that settles a paragraph with a marker, and takes a moment for the next."""
    site_model.forget()
    site_model.say_slowly(FIRST, "It keeps the words ", "clear [1].", seconds=0.6)
    return site_model


@pytest.mark.usefixtures("slow")
def test_it_keeps_an_open_receipt_and_the_focus(opens: Opens, model_site: Site) -> None:
    page = opens("/", on=model_site)
    begin(page)
    marker = page.locator(".answer .mark > a").first
    marker.click()
    expect(page.get_by_role("note")).to_contain_text("Mara Lindqvist")
    ended(page)
    expect(page.get_by_role("note")).to_contain_text("Stands in the source")
    expect(marker).to_be_focused()
    expect(marker).to_have_attribute("aria-expanded", "true")


@pytest.mark.usefixtures("slow")
def test_it_brings_a_note_out_as_soon_as_it_is_cited(opens: Opens, model_site: Site) -> None:
    page = opens("/", on=model_site)
    begin(page)
    expect(page.locator(".notes > ol > .note")).to_have_count(1)
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "true")
    screenshot(page, "streaming-1600-light")
    ended(page)


@pytest.mark.soak
@pytest.mark.parametrize("width", [360, 1600])
def test_it_shows_what_was_found_while_the_model_thinks(
    opens: Opens, model_site: Site, site_model: ModelServer, width: int
) -> None:
    site_model.forget()
    site_model.say_after(3.0, "Pre-delay is the gap before the reverb [1].")
    page = opens("/", on=model_site, width=width)
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.keyboard.press("Enter")
    expect(page.locator(".turn .consulted q").first).to_be_visible(timeout=2900)
    assert page.locator(".turn .answer").inner_text() == ""
    ended(page)
    expect(page.locator(".turn .consulted q").first).to_be_hidden()


@pytest.mark.usefixtures("slow")
def test_it_announces_the_beginning_and_the_end_alone(opens: Opens, model_site: Site) -> None:
    page = opens("/", on=model_site)
    page.evaluate(TEXTS)
    begin(page)
    ended(page)
    assert page.evaluate("window.texts") == ["Answering.", "The answer is complete. Sources: 1."]


def test_it_follows_a_reader_at_the_end_until_they_scroll_up(
    opens: Opens, model_site: Site, site_model: ModelServer
) -> None:
    site_model.forget()
    site_model.say_slowly("Pre-delay:\n\n" + LONG, steps(31), steps(61), seconds=0.7)
    page = opens("/", on=model_site, width=360)
    begin(page)
    expect(page.get_by_role("heading", name=PRE_DELAY)).to_be_in_viewport()
    page.mouse.move(180, 300)
    page.mouse.wheel(0, 9000)
    expect(page.locator(".answer li").nth(55)).to_be_in_viewport()
    page.mouse.wheel(0, -600)
    page.wait_for_timeout(150)
    before = page.evaluate("scrollY")
    ended(page)
    assert page.evaluate("scrollY") == before
    assert page.evaluate(BOTTOM) > 900
