"""What goes wrong is said in words, the question stays, and one key asks again."""

import pytest
from playwright.sync_api import Page, expect

from chat.events.events import Failed
from tests.browser.conftest import Opens, screenshot
from tests.browser.judged import HEADERS, rendered_stream
from tests.browser.test_page import PRE_DELAY
from tests.chat.sample_turns import TURN

pytestmark = pytest.mark.browser

ASK = "**/chat/ask"
PROBLEM = '{"title": "Slow down", "detail": "You have asked a lot.", "errors": []}'
DOWN = Failed("model_unavailable", "The language model does not answer. Ask again in a moment.", True, TURN, TURN)


def send(page: Page, query: str = PRE_DELAY) -> None:
    page.get_by_label("Your question").fill(query)
    page.keyboard.press("Enter")


def ask_again(page: Page) -> None:
    """One key, and the answer comes."""
    page.unroute(ASK)
    page.keyboard.press("Enter")
    expect(page.locator(".turn[data-finish=complete]")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.get_by_role("alert")).to_have_text("")


def refused(page: Page, words: str) -> None:
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_label("Your question")).to_have_value(PRE_DELAY)
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(page.locator(".turn")).to_have_count(0)


def test_it_keeps_the_question_when_the_server_is_gone(opens: Opens) -> None:
    page = opens("/")
    page.route(ASK, lambda route: route.abort())
    send(page)
    refused(page, "can't be reached")
    expect(page.locator("#wait")).to_have_text("Press Enter to ask again.")
    ask_again(page)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_says_how_long_to_wait(opens: Opens, width: int) -> None:
    page = opens("/", width=width)
    page.route(ASK, lambda route: route.fulfill(status=429, headers={"Retry-After": "2"}, body=PROBLEM))
    send(page)
    refused(page, "You have asked a lot.")
    expect(page.locator("#wait")).to_have_text("You can ask again in 2 seconds.")
    screenshot(page, f"limited-{width}-light")
    expect(page.locator("#wait")).to_have_text("You can ask again in 1 second.")
    expect(page.locator("#wait")).to_have_text("Press Enter to ask again.")
    ask_again(page)


def test_it_keeps_the_question_after_an_error_of_the_server(opens: Opens) -> None:
    page = opens("/")
    page.route(ASK, lambda route: route.fulfill(status=500, body="<h1>Oh</h1>"))
    send(page)
    refused(page, "doesn't understand")
    ask_again(page)


def test_it_says_that_the_reader_is_offline_and_back(opens: Opens) -> None:
    page = opens("/")
    page.context.set_offline(True)
    send(page)
    refused(page, "You are offline")
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_have_text("The connection is back.")
    ask_again(page)


def test_it_gets_a_new_token_by_itself(opens: Opens) -> None:
    page = opens("/")
    page.context.clear_cookies(name="csrftoken")
    send(page)
    expect(page.locator(".turn[data-finish=complete]")).to_have_count(1)


def test_it_says_when_even_that_is_refused(opens: Opens) -> None:
    page = opens("/")
    page.route(ASK, lambda route: route.fulfill(status=403, body="{}"))
    send(page)
    refused(page, "no longer knows this page")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1600, "light")])
def test_it_asks_again_with_one_key_when_the_model_is_down(opens: Opens, width: int, scheme: str) -> None:
    page = opens("/", width=width, color_scheme=scheme)
    page.route(ASK, lambda route: route.fulfill(status=200, headers=HEADERS, body=rendered_stream([DOWN])))
    send(page)
    expect(page.locator(".remark.wrong")).to_contain_text("The language model does not answer.")
    expect(page.get_by_role("button", name="Ask again")).to_be_focused()
    screenshot(page, f"error-{width}-{scheme}")


def test_it_counts_near_the_end_and_sends_nothing_too_long(opens: Opens) -> None:
    page = opens("/")
    page.get_by_label("Your question").fill("x" * 700)
    expect(page.locator("#count")).to_have_text("")
    send(page, "x" * 1001)
    expect(page.locator("#count")).to_have_text("1 characters too many")
    expect(page.locator(".turn")).to_have_count(0)
    screenshot(page, "too-long-1600-light")


def test_it_keeps_what_is_typed_through_a_reload(opens: Opens) -> None:
    page = opens("/")
    page.get_by_label("Your question").fill("Half a quest")
    page.reload()
    expect(page.get_by_label("Your question")).to_have_value("Half a quest")
