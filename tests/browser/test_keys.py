"""The keyboard: everything can be reached, and the arrows walk from citation to citation."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.judged import ask_judged

pytestmark = pytest.mark.browser

COMPOSED = (
    """box => box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true}))"""
)
OUTLINE = "() => getComputedStyle(document.activeElement).outlineStyle"


@pytest.fixture
def page(opens: Opens) -> Page:
    """A page with an answer of four citations, and nothing in focus."""
    page = ask_judged(opens)
    page.get_by_label("Your question").blur()
    return page


def test_it_walks_the_citations_with_the_arrows(page: Page) -> None:
    markers = page.locator(".answer .mark > a")
    page.keyboard.press("ArrowRight")
    expect(markers.nth(0)).to_be_focused()
    expect(page.get_by_role("note")).to_contain_text("Stands in the source")
    page.keyboard.press("ArrowRight")
    expect(markers.nth(1)).to_be_focused()
    expect(page.get_by_role("note")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    expect(markers.nth(0)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(markers.nth(0)).to_be_focused()


def test_it_begins_at_the_end_when_it_walks_back(page: Page) -> None:
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".answer .mark > a").last).to_be_focused()


def test_it_leaves_the_arrows_to_the_box(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("ab")
    box.press("ArrowLeft")
    page.keyboard.type("x")
    expect(box).to_have_value("axb")


def test_it_asks_nothing_while_a_word_is_being_composed(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("こんに")
    box.evaluate(COMPOSED)
    expect(page.locator(".turn")).to_have_count(1)


def test_it_shows_where_the_focus_is(page: Page) -> None:
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        name = page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")
        seen.add(name)
        assert name == "query" or page.evaluate(OUTLINE) != "none", name
    assert {"Copy", "Ask again", "Edit", "creator"} <= seen


def test_it_goes_past_everything_to_the_text(opens: Opens) -> None:
    page = opens("/w/reverb-and-space")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the text")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
