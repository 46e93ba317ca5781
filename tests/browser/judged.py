"""A page that gets one scripted answer, with every verdict in it, and lets nothing out to other hosts."""

from playwright.sync_api import Page, Route, expect

from chat.events import Event
from tests.browser.conftest import Opens
from tests.chat.turns import TURN, judged_turn, stream_of

QUESTION = "How much pre-delay?"
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Turn-Id": str(TURN), "X-Conversation-Id": str(TURN)}


def ask_judged(opens: Opens, *, events: list[Event] | None = None, **options: object) -> Page:
    """Open a creator's page, ask, and return the page with the whole scripted answer on it."""
    return ask_on(opens("/c/mara-lindqvist", **options), events=events)


def ask_on(page: Page, *, events: list[Event] | None = None) -> Page:
    """Ask on a page that is open."""
    body = stream_of(events or judged_turn())
    page.route("**/api/v1/chat", lambda route: route.fulfill(status=200, headers=HEADERS, body=body))
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
    return page


def record_foreign(page: Page) -> list[str]:
    """Answer whatever the page asks of other hosts with an empty document, and return the list of it as it grows."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>a player</title>")

    page.route(lambda url: not url.startswith("http://127.0.0.1:"), answer)
    return asked
