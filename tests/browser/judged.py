"""A page that gets one scripted answer, with every verdict in it, and lets nothing out to other hosts."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page, Route, expect

from chat.events.events import Event, NumberedEvent
from chat.events.turn import ANYONE, TurnHead
from chat.rendering import html_stream
from tests.browser.conftest import Opens
from tests.chat.sample_turns import TURN, judged_turn

QUESTION = "How much pre-delay?"
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Turn-Id": str(TURN), "X-Conversation-Id": str(TURN)}
HEAD = TurnHead(TURN, TURN, ANYONE, QUESTION, creator="mara-lindqvist", creator_name="Mara Lindqvist")


def ask_judged(opens: Opens, *, events: list[Event] | None = None, **options: object) -> Page:
    """Open a creator's page, ask, and return the page with the whole scripted answer on it."""
    return ask_on(opens("/c/mara-lindqvist", **options), events=events)


def ask_on(page: Page, *, events: list[Event] | None = None, finish: str = "complete") -> Page:
    """Ask on a page that is open."""
    body = rendered_stream(events or judged_turn())
    page.route("**/chat/ask", lambda route: route.fulfill(status=200, headers=HEADERS, body=body))
    page.route("**/chat/turns/*/events**", lambda route: route.fulfill(status=200, headers=HEADERS, body=body))
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(f".turn[data-finish={finish}]")).to_be_visible()
    return page


def rendered_stream(events: list[Event]) -> bytes:
    """The events as the page gets them, rendered by the server's own renderer, in a thread without a running loop."""

    async def rendered() -> bytes:
        async def batches() -> AsyncGenerator[Sequence[NumberedEvent], None]:
            for numbered in enumerate(events, start=1):
                yield [numbered]

        return b"".join([part async for part in html_stream.render(batches(), head=HEAD)])

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(rendered())).result()


def record_foreign(page: Page) -> list[str]:
    """Answer whatever the page asks of other hosts with an empty document, and return the list of it as it grows."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<title>a player</title>")

    page.route(lambda url: not url.startswith("http://127.0.0.1:"), answer)
    return asked
