"""The page in a real browser: asking, reading, stopping, and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opens, in_each_font, screenshot
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

PRE_DELAY = "How much pre-delay should a vocal reverb have?"
SHIFT = """new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift = (window.shift ?? 0) + entry.value;
}).observe({type: "layout-shift", buffered: true})"""


def ask(page: Page, query: str = PRE_DELAY) -> None:
    page.get_by_label("Your question").fill(query)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name=query)).to_be_visible()
    expect(page.locator(".turn").last).to_have_attribute("data-finish", re.compile(r"\w"))


def test_it_answers_with_quotes_and_notes(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist")
    ask(page)
    fits = "From this creator's own works. These words come closest to what you ask."
    expect(page.locator(".standing")).to_have_text(fits)
    expect(page.locator(".answer")).to_contain_text("20 to 40 ms")
    expect(page.locator(".remark")).to_have_text("No language model wrote this: these are the creators' own words.")
    expect(page.locator(".turn .note").first).to_contain_text("Reverb and space")
    expect(page.get_by_role("status")).to_contain_text("The answer is complete.")


@pytest.mark.sampled(2)
@in_each_font
@pytest.mark.parametrize("width", [360, 1600])
def test_it_fits_the_window(opens: Opens, width: int) -> None:
    page = opens("/c/mara-lindqvist", width=width)
    ask(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        screenshot(page, f"answer-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.sampled(2)
@in_each_font
@pytest.mark.parametrize("width", [360, 1600])
def test_it_moves_nothing_while_it_answers(opens: Opens, width: int) -> None:
    page = opens("/c/mara-lindqvist", width=width)
    page.evaluate(SHIFT)
    ask(page)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift ?? 0") < 0.05


def test_it_opens_a_note_under_its_sentence_on_a_phone(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist", width=360)
    ask(page)
    marker = page.locator(".mark a").first
    marker.click()
    expect(page.locator(".answer .receipt")).to_contain_text("Mara Lindqvist")
    marker.click()
    expect(page.locator(".answer .receipt")).to_have_count(0)


def test_it_goes_on_below_and_begins_anew(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist")
    ask(page)
    ask(page, "And for a string pad?")
    expect(page.locator(".turn")).to_have_count(2)
    page.reload()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("link", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(page.get_by_label("Your question")).to_be_focused()


def test_it_asks_an_example_at_a_click(opens: Opens) -> None:
    page = opens("/")
    example = page.locator(".starters button").first
    query = example.inner_text()
    example.click()
    expect(page.get_by_role("heading", level=2, name=query)).to_be_visible()
    expect(page.locator(".turn .note").first).to_be_visible()


def test_it_lets_one_hear_the_voice_before_asking(opens: Opens) -> None:
    page = opens("/")
    page.get_by_text("Voice: Neutral").click()
    expect(page.locator("#voice-line")).to_contain_text("Choose a creator")
    page.get_by_role("combobox").select_option("dez-okafor")
    slider = page.get_by_role("slider")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "Full voice")
    expect(page.locator("#voice-line")).to_contain_text("“")


def test_it_focuses_the_box_with_a_slash_and_breaks_lines_with_shift(opens: Opens) -> None:
    page = opens("/")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("/")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_label("Your question")).to_have_value("one\n")
    expect(page.locator(".turn")).to_have_count(0)


def test_it_formats_what_a_model_writes(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.say("**Pre-", "delay** is a gap [", "1]:\n\n- 20 ms\n- <b>40</b>", " ms [1][2]\n\n> slow")
    page = opens("/c/mara-lindqvist", on=model_site)
    ask(page)
    answer = page.locator(".answer")
    expect(answer.locator("strong")).to_have_text("Pre-delay")
    expect(answer.locator("li").last).to_contain_text("<b>40</b> ms")
    expect(answer.locator("li").last.locator("sup a")).to_have_count(2)
    expect(answer.locator("blockquote")).to_have_text("slow")


def test_it_stops_and_keeps_what_came(opens: Opens, model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Pre-delay is the gap. ")
    page = opens("/c/mara-lindqvist", on=model_site)
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_contain_text("is the gap")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".remark")).to_have_text("The answer was stopped here.")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator(".answer")).to_contain_text("is the gap")


def test_it_works_without_script(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist", java_script_enabled=False)
    page.get_by_label("Your question").fill(PRE_DELAY)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".answer")).to_contain_text("20 to 40 ms")
    page.locator(".answer .mark a").first.click()
    assert re.search(r"#t\w{8}-note-\d+(-\d+)?$", page.url)
    screenshot(page, "no-script-1600")


def test_it_shows_the_place_in_the_transcript(opens: Opens) -> None:
    page = opens("/w/compressing-a-lead-vocal#t-61")
    expect(page.locator(".transcript .at, .transcript span:target")).to_be_in_viewport()


def test_it_offers_questions_to_go_on_with_and_asks_them(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist")
    ask(page)
    offered = page.locator(".next button").first
    question = offered.inner_text()
    offered.click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    expect(page.locator(".turn[data-finish]")).to_have_count(2)
    expect(page.locator(".next:visible")).to_have_count(1)
    expect(page.locator(".next:visible")).not_to_contain_text(question)
