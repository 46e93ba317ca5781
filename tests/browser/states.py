"""Every state that the page can be in, brought about as a reader would meet it."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from playwright.sync_api import Page, expect

from chat.events.events import Done, Failed
from tests.browser.conftest import Opens
from tests.browser.judged import ask_judged, ask_on
from tests.chat.sample_turns import TURN, judged_turn
from tests.model_server.server import ModelServer
from tests.site import Site

QUERY = "How much pre-delay should a vocal reverb have?"
DOWN = Failed(
    "model_unavailable", "No answer could be written at the moment. Try again in a few seconds.", True, TURN, TURN
)
SLOW_DOWN = '{"title": "Slow down", "detail": "You have asked a lot.", "errors": []}'


@dataclass(frozen=True)
class Stage:
    """What a state is brought about with."""

    opens: Opens
    model_site: Site
    model: ModelServer
    width: int

    def open(self, path: str = "/", **options: object) -> Page:
        """Open a page at this width."""
        return self.opens(path, width=self.width, **options)


def send(page: Page, query: str = QUERY) -> Page:
    """Ask."""
    page.get_by_label("Your question").fill(query)
    page.keyboard.press("Enter")
    return page


def answered(page: Page) -> Page:
    """Wait for the end of the answer."""
    expect(page.locator(".turn[data-finish]").last).to_be_visible()
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    return page


def writing(stage: Stage, said: str) -> Page:
    """An answer in the middle."""
    stage.model.forget()
    stage.model.hang_after(said)
    before = len(stage.model.requests)
    page = send(stage.open("/", on=stage.model_site))
    asked_by = time.monotonic() + 10
    while len(stage.model.requests) == before:  # else this page would be given the answer that the next one scripts
        assert time.monotonic() < asked_by
        page.wait_for_timeout(20)
    expect(page.locator(".standing")).not_to_be_empty()
    if said:
        expect(page.locator(".answer")).to_contain_text("Twenty")
    return page


def stopped(stage: Stage) -> Page:
    """An answer that the reader has stopped."""
    page = writing(stage, "Twenty is good [1]. ")
    page.keyboard.press("Escape")
    return answered(page)


def cut(stage: Stage) -> Page:
    """An answer that the model broke off."""
    *events, end = judged_turn()
    assert isinstance(end, Done)
    return ask_on(stage.open("/"), events=[*events, replace(end, finish="cut")], finish="cut")


def failed(stage: Stage) -> Page:
    """A question that could not be answered."""
    page = ask_on(stage.open("/"), events=[DOWN], finish="error")
    expect(page.locator(".remark.wrong")).to_be_visible()
    return page


def limited(stage: Stage) -> Page:
    """A reader who has asked too much."""
    page = stage.open("/")
    refusal = {"status": 429, "headers": {"Retry-After": "30"}, "body": SLOW_DOWN}
    page.route("**/chat/ask", lambda route: route.fulfill(**refusal))
    expect(send(page).get_by_role("alert")).to_contain_text("You have asked a lot")
    return page


def offline(stage: Stage) -> Page:
    """A reader without a network."""
    page = stage.open("/")
    page.context.set_offline(True)
    expect(send(page).get_by_role("alert")).to_contain_text("offline")
    return page


def too_long(stage: Stage) -> Page:
    """A question of more characters than it may have."""
    return send(stage.open("/"), "why " * 260)


def receipt(stage: Stage) -> Page:
    """A receipt that is open."""
    page = ask_judged(stage.opens, width=stage.width)
    page.locator(".mark a").first.click()
    expect(page.locator(".receipt")).to_be_visible()
    return page


def side(stage: Stage) -> Page:
    """The column of people and conversations, on a phone a sheet."""
    page = answered(send(stage.open("/c/mara-lindqvist")))
    if page.locator("#open-side").is_visible():
        page.locator("#open-side").click()
    expect(page.locator("#past a").first).to_be_visible()
    return page


def voice(stage: Stage) -> Page:
    """The voice being chosen."""
    page = stage.open("/c/dez-okafor")
    page.get_by_text("Voice: ").click()
    page.get_by_role("slider").press("End")
    return page


def sharing(stage: Stage) -> Page:
    """The link to a shared conversation."""
    page = answered(send(stage.open("/c/mara-lindqvist")))
    page.locator("#share-button").click()
    expect(page.get_by_label("The link")).not_to_have_value("")
    return page


def shared(stage: Stage) -> Page:
    """A shared conversation, as whoever has the link sees it."""
    page = sharing(stage)
    link = page.get_by_label("The link").input_value()
    return stage.open(link.removeprefix(page.url.split("/chat/")[0]))


STATES: Mapping[str, Callable[[Stage], Page]] = MappingProxyType(
    {
        "first": lambda stage: stage.open("/"),
        "creator": lambda stage: stage.open("/c/mara-lindqvist"),
        "work": lambda stage: stage.open("/w/compressing-a-lead-vocal"),
        "thinking": lambda stage: writing(stage, ""),
        "streaming": lambda stage: writing(stage, "**Twenty** is good [1]. And\n\n- ten\n- is *short"),
        "answered": lambda stage: ask_judged(stage.opens, width=stage.width),
        "quotes": lambda stage: answered(send(stage.open("/"))),
        "none": lambda stage: answered(send(stage.open("/"), "Who won the cup in 1998?")),
        "receipt": receipt,
        "side": side,
        "voice": voice,
        "sharing": sharing,
        "shared": shared,
        "stopped": stopped,
        "cut": cut,
        "error": failed,
        "limited": limited,
        "offline": offline,
        "too-long": too_long,
        "frame": lambda stage: stage.open("/embed/mara-lindqvist"),
        "example": lambda stage: stage.open("/embed/mara-lindqvist/example"),
        "gone": lambda stage: stage.open(f"/chat/{TURN}"),
        "nowhere": lambda stage: stage.open("/nowhere"),
        "no-script": lambda stage: stage.open("/c/mara-lindqvist", java_script_enabled=False),
    }
)
