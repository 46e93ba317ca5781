"""The Content-Security-Policy in a browser: nothing of ours breaks it, and it does hold.

Each page that ``opens`` has opened fails its test where the browser reports a violation.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, screenshot

pytestmark = pytest.mark.browser

INLINE = """() => {
  const heard = [];
  document.addEventListener("securitypolicyviolation", (event) => heard.push(event.effectiveDirective));
  const script = document.createElement("script");
  script.textContent = "window.wasRun = true";
  document.body.append(script);
  document.body.setAttribute("style", "color: red");
  return new Promise((resolve) => setTimeout(() => resolve([heard.sort(), window.wasRun ?? false]), 100));
}"""


def test_it_refuses_inline_scripts_and_styles(opens: Opens) -> None:
    assert opens("/", watched=False).evaluate(INLINE) == [["script-src-elem", "style-src-attr"], False]


def test_it_allows_all_of_an_answer(opens: Opens) -> None:
    page = opens("/")
    page.locator(".starters button").first.click()
    expect(page.locator(".turn")).to_have_attribute("data-finish", "complete")
    page.goto("/w/compressing-a-lead-vocal#t-61")
    expect(page.locator(".transcript .at, .transcript span:target")).to_be_in_viewport()


def test_it_allows_the_admin(desk: Page) -> None:
    for address in ("work/", "work/upload/", "creator/", "creator/add/"):
        desk.goto(f"/admin/creators/{address}")
        expect(desk.locator("#content h1")).to_be_visible()
    desk.goto("/admin/creators/work/")
    desk.locator("#result_list tbody th a").first.click()
    expect(desk.get_by_role("heading", name="Change work")).to_be_visible()
    desk.get_by_role("link", name="Today").click()
    screenshot(desk, "admin-work")


def test_it_allows_the_docs_of_the_api(opens: Opens) -> None:
    page = opens("/api/v1/docs")
    page.get_by_text("List creators").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".responses-table.live-responses-table")).to_contain_text("mara-lindqvist")
    screenshot(page, "api-docs")
