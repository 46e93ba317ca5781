"""Two tabs on one conversation agree."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.browser.test_page import PRE_DELAY, ask
from tests.browser.test_surviving import begin
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser


def second(page: Page) -> Page:
    """Another tab on the same conversation."""
    expect(page).to_have_url(re.compile("/chat/"))
    other = page.context.new_page()
    other.goto(page.url)
    return other


def test_it_takes_up_what_is_answered_in_the_other_tab(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    page = opens("/", on=model_site)
    ask(page)
    other = second(page)
    site_model.say_slowly("Twenty ", "milli", "seconds [1].", seconds=0.3)
    begin(page)
    expect(other.locator(".answer").last).to_contain_text("Twenty")
    expect(other.locator(".turn")).to_have_count(2)
    expect(other.locator(".turn").last).to_have_attribute("data-finish", "complete")


def test_it_joins_the_answer_that_is_in_the_way_and_keeps_the_question(
    opens: Opens, model_site: Site, site_model: ModelServer
) -> None:
    page = opens("/", on=model_site)
    ask(page)
    other = second(page)
    site_model.hang_after("Twenty ")
    other.evaluate("BroadcastChannel.prototype.postMessage = () => {}")
    begin(other)
    page.get_by_label("Your question").fill("And for strings?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("still answering")
    expect(page.get_by_label("Your question")).to_have_value("And for strings?")
    expect(page.locator(".answer").last).to_contain_text("Twenty")
    page.get_by_role("button", name="Stop").click()
    expect(other.locator(".turn").last).to_have_attribute("data-finish", "stopped")


def test_it_shows_what_has_been_replaced_elsewhere(opens: Opens) -> None:
    page = opens("/")
    ask(page)
    other = second(page)
    turn = other.locator(".turn").get_attribute("data-turn")
    page.get_by_role("button", name="Ask again").click()
    expect(other.locator(f".turn[data-finish=complete]:not([data-turn='{turn}'])")).to_be_visible()
    expect(other.locator(".turn")).to_have_count(1)


def test_it_leaves_what_was_deleted_elsewhere(opens: Opens) -> None:
    page = opens("/")
    ask(page, PRE_DELAY)
    other = second(page)
    page.get_by_role("button", name="Forget everything of this browser").dblclick()
    expect(other).to_have_url(re.compile(r"\d/$"))
    expect(other.locator(".turn")).to_have_count(0)
