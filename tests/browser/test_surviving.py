"""The page where the line is lost, and where the reader has had enough."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, screenshot
from tests.browser.test_page import PRE_DELAY, ask
from tests.model_server.server import ModelServer
from tests.site import Site
from tests.tcp_proxy import TcpProxy

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def nothing_scripted(site_model: ModelServer) -> None:
    site_model.forget()


def begin(page: Page) -> None:
    """Ask, and wait for the first word."""
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.keyboard.press("Enter")
    expect(page.locator(".answer").last).to_contain_text("Twenty")


def test_it_goes_on_after_the_line_was_lost(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.say_slowly("Twenty ", "milli", "seconds [1].", seconds=1.2)
    with TcpProxy(model_site.url) as line:
        page = opens("/", on=replace(model_site, url=line.url))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        begin(page)
        line.cut()
        expect(page.locator(".turn")).to_have_attribute("data-finish", "complete", timeout=10_000)
    expect(page.locator(".answer")).to_contain_text("Twenty milliseconds")
    expect(page.locator(".remark")).to_have_count(0)
    assert any("/events?after=" in url for url in asked)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_stops_the_model(opens: Opens, model_site: Site, site_model: ModelServer, width: int) -> None:
    site_model.hang_after("Twenty milliseconds is a good beginning [1]. ")
    page = opens("/", on=model_site, width=width)
    begin(page)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".remark").last).to_have_text("The answer was stopped here.")
    expect(page.locator(".turn .note").first).to_be_visible()
    assert site_model.closed_early.wait(2)
    screenshot(page, f"stopped-{width}")


def test_it_takes_the_next_question_after_a_stop(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    page = opens("/", on=model_site)
    begin(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    site_model.say("Twenty, as I said [1].")
    begin(page)
    expect(page.locator(".answer").last).to_contain_text("as I said")


def test_it_goes_on_after_a_reload_and_still_stops(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty milliseconds is a good beginning [1]. ")
    page = opens("/", on=model_site)
    begin(page)
    page.reload()
    expect(page.locator(".answer")).to_contain_text("Twenty milliseconds")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".remark").last).to_have_text("The answer was stopped here.")
    assert site_model.closed_early.wait(2)


def test_it_goes_on_after_the_way_back(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.say_slowly("Twenty ", "milli", "seconds [1].", seconds=0.5)
    page = opens("/", on=model_site)
    begin(page)
    page.goto("/w/reverb-and-space")
    page.go_back()
    expect(page.locator(".turn")).to_have_attribute("data-finish", "complete")
    expect(page.locator(".answer")).to_contain_text("Twenty milliseconds")


def test_it_waits_for_the_line_as_long_as_it_takes(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.say_slowly("Twenty ", "milli", "seconds [1].", seconds=0.6)
    page = opens("/", on=model_site)
    page.route("**/events?after=*", lambda route: route.abort())
    with TcpProxy(model_site.url) as line:
        page.goto(line.url)
        begin(page)
        line.cut()
        expect(page.locator(".standing")).to_contain_text("The connection is lost.")
        page.unroute("**/events?after=*")
        expect(page.locator(".turn")).to_have_attribute("data-finish", "complete", timeout=10_000)


def test_it_leads_back_and_forth_between_the_front_and_the_conversation(opens: Opens) -> None:
    page = opens("/")
    ask(page)
    expect(page).to_have_url(re.compile("/chat/[0-9a-f-]{36}$"))
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.locator(".turn")).to_have_count(0)
    page.go_forward()
    expect(page.locator(".turn")).to_have_attribute("data-finish", "complete")
