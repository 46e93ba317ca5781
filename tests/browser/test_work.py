"""The page of a work: a citation opens it at its sentence, and it plays beside its words."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opens, screenshot
from tests.browser.judged import record_foreign

pytestmark = pytest.mark.browser

PRE_DELAY = "How much pre-delay should a vocal reverb have?"
WORK = "/w/compressing-a-lead-vocal"
CITED = f"{WORK}?at=61.5&say=Never+said#cited"
YOUTUBE = "https://www.youtube.com/watch?v=abc"
FILE = "https://files.example/talk.mp4"
COVERED = """() => {
  const stage = document.querySelector(".stage").getBoundingClientRect();
  const cited = document.getElementById("cited").getBoundingClientRect();
  return cited.top < stage.bottom && cited.bottom > stage.top && cited.left < stage.right && cited.right > stage.left;
}"""
SHIFT = """() => new Promise((resolve) => new PerformanceObserver((list) => resolve(
  list.getEntries().filter((entry) => !entry.hadRecentInput).reduce((sum, entry) => sum + entry.value, 0),
)).observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => resolve(0), 300))"""


def open_film(opens: Opens, path: str, *, address: str = YOUTUBE, **options: object) -> Page:
    """Open a work as one that has an address of its own, which those of the demo have not."""
    page = opens("/nowhere", **options)
    original = f' · <a class="original" href="{address}">The original</a>'

    def film(route: Route) -> None:
        html = re.sub(r'(<p class="facts">.*?)</p>', rf'\1{original}</p><p class="listen"></p>', route.fetch().text())
        route.fulfill(status=200, content_type="text/html", body=html)

    page.route("**/w/**", film)
    page.goto(path)
    return page


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scripted"), [(360, False), (360, True), (1600, True), (1600, False)])
def test_a_citation_opens_its_sentence_marked_and_in_view(opens: Opens, width: int, scripted: bool) -> None:
    page = opens("/c/mara-lindqvist", width=width, java_script_enabled=scripted)
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.get_by_role("button", name="Ask", exact=True).click()
    link = page.locator(".notes .spot a[href*='say=']").first
    page.goto(str(link.get_attribute("href")))
    expect(page.locator("mark#cited")).to_be_in_viewport()
    expect(page.locator("mark", has_text="20 to 40 ms")).to_be_in_viewport()
    screenshot(page, f"work-cited-{width}-{'script' if scripted else 'no-script'}")


def test_it_scrolls_to_the_sentence_of_an_address_without_its_end(opens: Opens) -> None:
    page = opens("/w/reverb-and-space?say=Above+60+ms+or&say=as+a+separate+echo.")
    expect(page.locator("mark#cited")).to_be_in_viewport()


def test_it_asks_nothing_of_other_hosts_before_the_press(opens: Opens) -> None:
    page = opens("/nowhere")
    asked = record_foreign(page)
    page.close()
    page = open_film(opens, CITED)
    expect(page.get_by_role("button", name="Play from 0:59")).to_be_attached()
    assert asked == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_plays_from_the_sentence_without_covering_it(opens: Opens, width: int) -> None:
    page = open_film(opens, CITED, width=width, color_scheme="dark")
    record_foreign(page)
    page.get_by_role("button", name="Play from 0:59").click()
    src = "https://www.youtube-nocookie.com/embed/abc?start=59&autoplay=1"
    expect(page.locator(".player iframe")).to_have_attribute("src", src)
    page.evaluate("document.getElementById('cited').scrollIntoView()")
    expect(page.locator(".player")).to_be_in_viewport(ratio=1)
    assert not page.evaluate(COVERED)
    screenshot(page, f"work-playing-{width}")


def test_a_time_plays_there_and_stands_in_the_address(opens: Opens) -> None:
    page = open_film(opens, WORK)
    record_foreign(page)
    page.get_by_role("button", name="Play here").click()
    time = page.locator(".transcript .time").nth(2)
    time.click()
    second = str(time.get_attribute("href")).removeprefix("#t-")
    expect(page.locator(".player iframe")).to_have_attribute("src", re.compile(rf"start={second}&"))
    assert page.url.endswith(f"#t-{second}")
    page.get_by_role("button", name="Close the player").click()
    expect(page.locator(".player")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Play"))).to_be_focused()


def test_a_file_goes_to_the_second_by_itself(opens: Opens) -> None:
    page = open_film(opens, f"{WORK}#t-61", address=FILE)
    page.route("https://files.example/**", lambda route: route.fulfill(status=200, content_type="video/mp4", body=""))
    page.evaluate("HTMLMediaElement.prototype.play = () => Promise.resolve()")
    page.evaluate("document.addEventListener('error', (event) => event.stopPropagation(), true)")
    page.get_by_role("button", name="Play from 1:01").click()
    expect(page.locator(".player video")).to_have_attribute("src", f"{FILE}#t=61")
    page.locator(".transcript .time").nth(2).click()
    assert page.locator(".player video").evaluate("(video) => video.currentTime") > 0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_leads_to_its_chapters(opens: Opens, width: int) -> None:
    page = opens("/w/reverb-and-space", width=width)
    if width == 360:
        page.get_by_text("Contents").click()
    page.get_by_role("link", name="Ducking").click()
    expect(page.get_by_role("heading", name="Ducking")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Ducking")).to_have_attribute("aria-current", "location")
    screenshot(page, f"work-chapters-{width}")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_nothing_moves_when_it_has_loaded(opens: Opens, width: int) -> None:
    page = open_film(opens, CITED, width=width)
    assert page.evaluate(SHIFT) < 0.01
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
