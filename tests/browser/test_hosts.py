"""Which hosts a browser talks to: ours, and no other before the reader starts a video."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens
from tests.site import Site

pytestmark = pytest.mark.browser


def hosts_of(page: Page) -> set[str]:
    """Return the set that the hosts of all later requests are put into."""
    hosts: set[str] = set()
    page.context.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    return hosts


def test_nobody_else_hears_of_a_question_and_its_answer(opens: Opens, site: Site) -> None:
    page = opens("/")
    hosts = hosts_of(page)
    page.reload()
    page.locator(".starters button").first.click()
    expect(page.locator("article").last).to_have_attribute("data-finish", "complete")
    page.goto("/w/compressing-a-lead-vocal")
    page.goto("/embed/mara-lindqvist/example")
    expect(page.locator("iframe")).to_have_attribute("title", "Ask Mara Lindqvist")
    assert hosts == {urlsplit(site.url).netloc}
