"""Playing in place: nothing foreign is asked for before the reader presses play, and then only the player."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Opens, screenshot
from tests.browser.judged import ask_judged, ask_on, record_foreign, rendered_stream
from tests.chat.sample_turns import judged_turn

pytestmark = pytest.mark.browser

PLAYERS = """async (urls) => {
  const { playerOf } = await import("/static/chrysopedia/player.js");
  return urls.map((url) => playerOf(url)?.src ?? null);
}"""
YOUTUBE = "https://www.youtube-nocookie.com/embed/abc_-123?start=73&autoplay=1"
PLAYER = "https://www.youtube-nocookie.com/**"
VIMEO = "https://player.vimeo.com/video/123?autoplay=1&dnt=1&h=0a1b2c#t=10s"
SHIFT = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
  const begun = performance.now();
  window.shift = 0;
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (entry.startTime > begun) window.shift += entry.value;
  }).observe({type: "layout-shift"});
  done();
})))"""


SWAP = """async (html) => {
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  const { swapArticle } = await import(files.find((name) => name.includes("/turn.")));
  const template = document.createElement("template");
  template.innerHTML = html;
  swapArticle(document.querySelector("article"), template.content.querySelector("article"));
}"""


def press_play(page: Page, number: int) -> None:
    page.locator(f".note[id$=note-{number}] .play-here").first.click()


def test_it_asks_for_nothing_foreign_before_the_press(opens: Opens) -> None:
    page = opens("/nowhere")
    asked = record_foreign(page)
    page.goto("/c/mara-lindqvist")
    ask_on(page)
    page.get_by_role("link", name="Source 1: Not in the source").hover()
    page.get_by_text("2 more consulted").click()
    page.wait_for_timeout(300)
    assert asked == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("number", "src"), [(1, YOUTUBE), (2, VIMEO)])
def test_it_plays_a_video_in_its_note(opens: Opens, number: int, src: str) -> None:
    page = ask_judged(opens)
    asked = record_foreign(page)
    press_play(page, number)
    frame = page.locator(".player iframe")
    expect(frame).to_have_attribute("src", src)
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
    expect(frame).to_have_attribute(
        "title", "Reverb and space · Mara Lindqvist" if number == 1 else "Fast songs · Dez Okafor"
    )
    expect(page.frame_locator(".player iframe").locator("html")).to_be_attached()
    assert asked == [src.partition("#")[0]]


def test_it_plays_a_file(opens: Opens) -> None:
    page = ask_judged(opens)
    asked = record_foreign(page)
    page.get_by_text("2 more consulted").click()
    press_play(page, 4)
    expect(page.locator(".player")).to_contain_text("can't be played here")  # what came back is no film
    assert {url.split("#")[0] for url in asked} == {"https://files.example/talk.mp4"}


def test_it_closes_what_plays_with_the_same_button_and_with_the_next(opens: Opens) -> None:
    page = ask_judged(opens)
    record_foreign(page)
    press_play(page, 1)
    press_play(page, 2)
    expect(page.locator(".player iframe")).to_have_attribute("src", VIMEO)
    page.get_by_role("button", name="Close the player").click()
    expect(page.locator(".player")).to_have_count(0)


def test_it_goes_on_playing_in_a_receipt_until_that_is_closed(opens: Opens) -> None:
    page = ask_judged(opens)
    record_foreign(page)
    page.get_by_role("link", name="Source 1: Not in the source").hover()
    page.get_by_role("note").get_by_role("button", name="Play here").click()
    page.get_by_role("heading", name="How much").click()
    expect(page.locator(".receipt iframe")).to_be_visible()
    screenshot(page, "player-1600")
    page.keyboard.press("Escape")
    expect(page.locator("iframe")).to_have_count(0)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("where", [".note", ".receipt"])
def test_it_plays_on_when_the_end_of_an_answer_takes_its_place(opens: Opens, where: str) -> None:
    page = ask_judged(opens)
    asked = record_foreign(page)
    page.get_by_role("link", name="Source 1: Not in the source").click()
    page.locator(f"{where} .play-here").first.click()
    expect(page.frame_locator(".player iframe").locator("html")).to_be_attached()
    page.evaluate(SWAP, json.loads(rendered_stream(judged_turn()).decode().rpartition("data: ")[2])["html"])
    expect(page.locator(f"{where} .player iframe")).to_have_attribute("src", YOUTUBE)
    page.locator(".play-here[aria-expanded=true]").click()
    expect(page.locator(".player")).to_have_count(0)
    assert len(asked) == 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_moves_no_text_once_the_player_comes(opens: Opens, width: int) -> None:
    page = ask_judged(opens, width=width)
    held: list[Route] = []
    page.route(PLAYER, lambda route: held.append(route))  # noqa: PLW0108 -- Playwright takes no built-in method
    with page.expect_request(PLAYER):
        press_play(page, 1)
    page.evaluate(SHIFT)
    held[0].fulfill(content_type="text/html", body="<title>a player</title>")
    expect(page.frame_locator(".player iframe").locator("title")).to_be_attached()
    page.wait_for_timeout(200)
    assert page.evaluate("window.shift") == 0


def test_it_knows_what_can_be_played(opens: Opens) -> None:
    players = {
        "https://youtu.be/abc?t=73s": "https://www.youtube-nocookie.com/embed/abc?start=73&autoplay=1",
        "https://www.youtube.com/watch?v=abc": "https://www.youtube-nocookie.com/embed/abc?start=0&autoplay=1",
        "https://youtu.be/abc?t=1h1m13s": "https://www.youtube-nocookie.com/embed/abc?start=3673&autoplay=1",
        "https://www.youtube.com/watch?v=a%22b": None,
        "https://www.youtube.com/@somebody": None,
        "https://vimeo.com/channels/staff/123#t=5s": "https://player.vimeo.com/video/123?autoplay=1&dnt=1#t=5s",
        "https://vimeo.com/about": None,
        "https://files.example/talk.mp3#t=5": "https://files.example/talk.mp3#t=5",
        "http://files.example/talk.mp3": None,
        "https://blog.example/post": None,
        "javascript:alert(1)//.mp4": None,
        "/w/work?at=1.000": None,
    }
    assert opens("/").evaluate(PLAYERS, list(players)) == list(players.values())
