"""One's conversations in the column beside the page: searched and renamed."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.test_page import PRE_DELAY

pytestmark = pytest.mark.browser
LOUD = "How loud should a master be?"


@pytest.fixture
def page(opens: Opens) -> Page:
    """The page of somebody with three conversations."""
    page = opens("/")
    token = next(one["value"] for one in page.context.cookies() if one.get("name") == "csrftoken")
    for question in (PRE_DELAY, "How do I sidechain the kick?", LOUD):
        headers = {"X-CSRFToken": token or "", "Accept": "application/json"}
        assert page.request.post("/api/v1/chat", data={"query": question}, headers=headers).ok
    page.reload()
    expect(page.locator("#past li")).to_have_count(3)
    return page


def test_it_finds_and_renames_a_conversation(page: Page) -> None:
    page.get_by_label("Search your conversations").fill("pre-delay")
    expect(page.locator("#past a")).to_have_text([PRE_DELAY])
    expect(page.locator("#found")).to_have_text("Conversations found: 1.")
    page.get_by_label("Search your conversations").fill("sourdough")
    expect(page.locator("#found")).to_have_text("None of your conversations says that.")
    page.get_by_label("Search your conversations").fill("")
    expect(page.locator("#past a")).to_have_count(3)
    rename(page, "Loudness", key="Escape")
    expect(page.locator("#past a").first).to_have_text(LOUD)
    rename(page, "Loudness", key="Enter")
    expect(page.locator("#past a").first).to_have_text("Loudness")
    expect(page.get_by_role("button", name="Rename: Loudness")).to_be_focused()


def rename(page: Page, title: str, *, key: str) -> None:
    page.get_by_role("button", name=f"Rename: {LOUD}").click()
    page.get_by_label("New name of this conversation").fill(title)
    page.keyboard.press(key)
