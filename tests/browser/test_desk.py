"""The curator's desk, at both widths, by day and by night: nobody is kept out, nothing runs over the edge."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import screenshot
from tests.browser.test_states import SCHEMES, barriers
from tests.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.soak]

PAGES = {
    "desk": "/admin/",
    "questions": "/admin/chat/turn/",
    "groups": "/admin/chat/turn/groups/asked/",
    "overview": "/admin/chat/turn/overview/",
    "cases": "/admin/chat/evaluationcase/",
    "creators": "/admin/creators/creator/",
    "new-creator": "/admin/creators/creator/add/",
    "upload": "/admin/creators/work/upload/",
    "pinned": "/admin/chat/pinnedanswer/",
    "misheard": "/admin/creators/personalitydraft/misheard/",
}


def judged(desk: Page, name: str) -> None:
    """Look at a page at both widths, by day and by night."""
    desk.evaluate(Axe().axe_script)
    for width in (1600, 360):
        desk.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            desk.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            screenshot(desk, f"desk-{name}-{width}-{scheme}")
            assert (name, barriers(desk, preload=False)) == (name, [])
        assert desk.evaluate("document.documentElement.scrollWidth") <= width, name


def test_it_keeps_nobody_out(desk: Page, site: Site) -> None:
    site.ask()
    for name, address in PAGES.items():
        desk.goto(address)
        judged(desk, name)


def test_it_compares_two_answers(desk: Page, site: Site) -> None:
    site.ask()
    desk.goto("/admin/chat/turn/")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("link", name="Step by step").click()
    judged(desk, "replay-before")
    desk.get_by_label("Passages").fill("3")
    desk.get_by_role("button", name="Ask again").click()
    judged(desk, "replay")
    desk.get_by_role("button", name="Keep as a test case").click()
    assert desk.get_by_text("Kept as a test case").is_visible()


def test_it_shows_the_shape_of_a_work(desk: Page) -> None:
    desk.goto("/admin/creators/work/")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("link", name="Shape", exact=True).click()
    judged(desk, "shape")
    desk.get_by_role("button", name="Hide passage 1", exact=True).click()
    desk.get_by_role("link", name="Its page", exact=True).click()
    assert desk.get_by_text("A part is left out here.").is_visible()
    desk.go_back()
    desk.get_by_role("link", name="Change passage 1", exact=True).click()
    desk.get_by_label("Sentence 1", exact=True).fill("It begins.")
    desk.get_by_role("button", name="Save the words").click()
    assert desk.get_by_text("It was said:").is_visible()
    judged(desk, "passage")
    desk.get_by_role("button", name="Have it as it was said again").click()
    desk.get_by_role("link", name="Shape", exact=True).click()
    desk.get_by_role("button", name="Show again: passage 1", exact=True).click()
    desk.get_by_role("link", name="Change passage 1", exact=True).click()
    desk.get_by_label("Begin a new passage with").select_option(index=2)
    desk.get_by_role("button", name="Split it there").click()
    assert desk.get_by_text("Passage 1: split before sentence 3").first.is_visible()
    desk.get_by_role("link", name="Change passage 1", exact=True).click()
    judged(desk, "passage-cut")
    desk.get_by_role("button", name="Have it cut as it was").click()


@pytest.mark.parametrize("act", ["Withdraw", "Move to another creator", "Set who is the creator", "Read again"])
def test_it_says_what_is_done_to_many_works(desk: Page, act: str) -> None:
    desk.goto("/admin/creators/work/")
    desk.locator("#action-toggle").check()
    choice = desk.locator("select[name=action] option", has_text=act).first.get_attribute("value")
    desk.locator("select[name=action]").select_option(choice)
    desk.get_by_role("button", name="Go", exact=True).click()
    if desk.locator("#choice").count():
        desk.locator("#choice").select_option(index=1)
        desk.get_by_role("button", name="See what that comes to").click()
    judged(desk, f"bulk-{act.split(maxsplit=1)[0].lower()}")


def test_it_says_what_a_merge_comes_to(desk: Page) -> None:
    desk.goto("/admin/creators/creator/")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("link", name="Merge", exact=True).click()
    desk.locator("#into").select_option(index=1)
    desk.get_by_role("button", name="See what that comes to").click()
    judged(desk, "merge")


def test_it_tries_and_refuses_what_was_misheard(desk: Page) -> None:
    desk.goto("/admin/creators/personalitydraft/misheard/")
    desk.get_by_role("link", name="Dez Okafor").click()
    desk.get_by_label("Terms you expect").fill("Kickstart\nSidechain\nGraph\nSwingset")
    desk.get_by_role("button", name="Go through the transcripts").click()
    judged(desk, "misheard-of")
    desk.get_by_role("checkbox").first.check()
    desk.get_by_role("button", name="Try the ticked ones").click()
    assert desk.get_by_text("These 1 would change").is_visible()
    judged(desk, "misheard-tried")
    desk.get_by_role("button", name="Refuse them").click()
    assert desk.get_by_text("1 proposal refused").is_visible()


def test_it_says_what_a_takedown_takes(desk: Page) -> None:
    desk.goto("/admin/creators/work/")
    desk.locator("#result_list tbody th a").first.click()
    desk.get_by_role("link", name="Take down").click()
    judged(desk, "takedown")
