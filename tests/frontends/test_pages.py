"""Pages with useChat and assistant-ui from npm, in Chromium: they talk, come back, stop, and show what went wrong."""

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opens, screenshot
from tests.chrysopedia.running import manage
from tests.frontends.conftest import PAGES
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = [pytest.mark.soak, pytest.mark.browser]
QUESTION = "What ratio on a lead vocal?"
OWN = ["use-chat", "assistant-ui"]
STAYING = [name for name in PAGES if name != "copilotkit"]
"""Whose protocol comes back to an answer."""
each_page = pytest.mark.parametrize("name", STAYING)


@pytest.fixture(autouse=True)
def _nothing_scripted(front_model: ModelServer) -> None:
    front_model.forget()


@pytest.fixture(scope="session")
def secret(front: Site) -> str:
    """A key of the sandbox, which gives errors to order."""
    made = manage("key", "add", "pages", "--sandbox", data_dir=front.data_dir, DATABASE_URL=front.database_url)
    return next(word for word in made.stdout.split() if word.startswith("cp_"))


def ask(page: Page, query: str = QUESTION) -> None:
    page.get_by_label("Question").fill(query)
    page.get_by_role("button", name="Ask").click()


def said(page: Page, text: str) -> Locator:
    return page.locator("body").get_by_text(text, exact=False)


@each_page
def test_it_talks_and_shows_sources(opens: Opens, pages: dict[str, str], front_model: ModelServer, name: str) -> None:
    front_model.say("Four to ", "one [1].")
    page = opens(pages[name])
    ask(page)
    expect(said(page, "Four to one [1].")).to_be_visible()
    if name in OWN:
        link = page.get_by_role("link", name="[1] ")
        expect(link).to_have_attribute("href", re.compile("^http"))
    screenshot(page, f"npm-{name}")


@each_page
def test_it_goes_on_after_a_reload(opens: Opens, pages: dict[str, str], front_model: ModelServer, name: str) -> None:
    front_model.say_slowly("Four to one, ", "then ", "ten ", "milliseconds.", seconds=0.7)
    page = opens(pages[name])
    ask(page)
    expect(said(page, "Four to one,")).to_be_visible()
    page.reload()
    expect(said(page, "Four to one, then ten milliseconds.")).to_have_count(1)
    expect(said(page, "Four to one")).to_have_count(1)


@each_page
def test_it_has_what_was_said_while_it_was_away(
    opens: Opens, pages: dict[str, str], front_model: ModelServer, name: str
) -> None:
    front_model.say_slowly("Four to one, ", "then ten ", "milliseconds.", seconds=0.7)
    page = opens(pages[name])
    ask(page)
    expect(said(page, "Four to one,")).to_be_visible()
    page.goto("about:blank")
    page.wait_for_timeout(2000)
    page.goto(pages[name])
    expect(said(page, "Four to one, then ten milliseconds.")).to_have_count(1)


@each_page
def test_it_stops_the_model(opens: Opens, pages: dict[str, str], front_model: ModelServer, name: str) -> None:
    front_model.hang_after("Four to one, ")
    page = opens(pages[name])
    ask(page)
    expect(said(page, "Four to one,")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    assert front_model.closed_early.wait(1.0)
    front_model.say("Two to one.")
    ask(page, "And on a choir?")
    expect(said(page, "Two to one.")).to_be_visible()


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize(
    ("query", "told"),
    [("sandbox:error", "asked for an error"), ("sandbox:unavailable", "asked"), ("What? " * 300, "Correct the fields")],
)
def test_it_shows_an_error(opens: Opens, pages: dict[str, str], secret: str, name: str, query: str, told: str) -> None:
    page = opens(f"{pages[name]}?{urlencode({'Authorization': f'Bearer {secret}'})}")
    ask(page, query)
    expect(page.get_by_role("alert")).to_contain_text(told)
    screenshot(page, f"npm-{name}-{query[:9].strip()}")


def test_it_asks_anew_in_place_of_an_answer(
    opens: Opens, pages: dict[str, str], front: Site, front_model: ModelServer
) -> None:
    front_model.say("Four to one.")
    front_model.say("Six to one.")
    page = opens(pages["use-chat"])
    ask(page)
    expect(said(page, "Four to one.")).to_be_visible()
    page.get_by_role("button", name="Again").click()
    expect(said(page, "Six to one.")).to_be_visible()
    expect(said(page, "Four to one.")).to_have_count(0)
    with front.client() as client:
        kept = client.get(f"/api/v1/conversations/{page.evaluate('sessionStorage.id')}").json()
    assert [turn["question"] for turn in kept["turns"]] == [QUESTION]


def chat_with_copilotkit(page: Page, query: str = QUESTION) -> None:
    box = page.get_by_role("textbox")
    box.fill(query)
    box.press("Enter")


def test_copilotkit_talks_shows_sources_and_goes_on(
    opens: Opens, pages: dict[str, str], front_model: ModelServer
) -> None:
    front_model.say("Four to ", "one [1].")
    front_model.say("Because of the peaks [1].")
    page = opens(pages["copilotkit"])
    chat_with_copilotkit(page)
    expect(said(page, "Four to one [1].")).to_be_visible()
    expect(page.get_by_role("link", name="[1] ").first).to_have_attribute("href", re.compile("^http"))
    chat_with_copilotkit(page, "And why?")
    expect(said(page, "Because of the peaks [1].")).to_be_visible()
    assert "Four to one" in str(front_model.requests[-1])
    screenshot(page, "npm-copilotkit")


def test_copilotkit_stops_the_model(opens: Opens, pages: dict[str, str], front_model: ModelServer) -> None:
    front_model.hang_after("Four to one, ")
    page = opens(pages["copilotkit"])
    chat_with_copilotkit(page)
    expect(said(page, "Four to one,")).to_be_visible()
    page.get_by_test_id("copilot-send-button").click()
    assert front_model.closed_early.wait(1.0)
