"""Receipts on the page: each marker shows what its own sentence rests on, and how well, to eyes, ears and fingers."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opens, in_each_font, screenshot
from tests.browser.judged import ask_judged
from tests.chat.sample_turns import judged_turn

pytestmark = pytest.mark.browser

WRONG = "Source 1: Not in the source"
COVERED = """markers => markers.filter(marker => {
  marker.scrollIntoView({ block: "center", behavior: "instant" });
  const { left, right, top, bottom } = marker.getBoundingClientRect();
  return !marker.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
}).map(marker => marker.textContent)"""
MEETING = """article => {
  const receipt = article.querySelector(".receipt").getBoundingClientRect();
  const boxes = [...article.querySelectorAll(".notes .note, .consulted")].map(one => one.getBoundingClientRect());
  return boxes.filter(({ top, bottom }) => top < receipt.bottom && bottom > receipt.top).length;
}"""
TOP = "element => Math.round(element.getBoundingClientRect().top + scrollY)"


def marker(page: Page, name: str = WRONG) -> Locator:
    return page.get_by_role("link", name=name, exact=True)


def test_it_shows_the_receipt_of_the_sentence_on_hover(opens: Opens) -> None:
    page = ask_judged(opens)
    marker(page).hover()
    receipt = page.get_by_role("note")
    expect(receipt).to_contain_text("Mara Lindqvist · Reverb and space")
    expect(receipt).to_contain_text("Not in the source")
    expect(receipt).to_contain_text("The source does not say 500 ms.")
    expect(receipt).to_contain_text("Past 100 milliseconds it becomes an echo.")
    expect(receipt.get_by_role("link", name="1:15")).to_have_attribute(
        "href", "https://www.youtube.com/watch?v=abc_-123&t=73s"
    )


def test_it_lights_the_sentence_and_its_own_spot(opens: Opens) -> None:
    page = ask_judged(opens)
    marker(page).hover()
    expect(page.locator(".note .spot.lit")).to_have_count(1)
    expect(page.locator(".note .spot.lit")).to_contain_text("Past 100 milliseconds")
    expect(page.locator(".answer .lit")).to_have_text("It must never pass 500 ms.")


def test_it_keeps_the_receipt_while_the_pointer_is_in_it_and_no_longer(opens: Opens) -> None:
    page = ask_judged(opens)
    marker(page).hover()
    page.get_by_role("note").hover()
    page.wait_for_timeout(400)
    expect(page.get_by_role("note")).to_be_visible()
    page.get_by_role("heading", name="How much").hover()
    expect(page.get_by_role("note")).to_have_count(0)


def test_it_closes_when_the_pointer_has_only_brushed_the_next_marker(opens: Opens) -> None:
    page = ask_judged(opens)
    marker(page).hover()
    expect(page.get_by_role("note")).to_be_visible()
    marker(page, "Source 2: Only partly in the source").hover()
    page.get_by_role("heading", name="How much").hover()
    expect(page.get_by_role("note")).to_have_count(0)


def test_it_is_reached_by_the_keyboard_and_left_with_escape(opens: Opens) -> None:
    page = ask_judged(opens)
    page.get_by_label("Your question").focus()
    for _ in range(40):
        if marker(page).evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Shift+Tab")
    receipt = page.get_by_role("note")
    expect(marker(page)).to_have_attribute("aria-describedby", receipt.get_attribute("id") or "")
    page.keyboard.press("Tab")
    expect(receipt.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(receipt).to_have_count(0)
    expect(marker(page)).to_be_focused()


def test_it_stays_after_a_click_until_one_elsewhere(opens: Opens) -> None:
    page = ask_judged(opens)
    marker(page).click()
    page.get_by_role("heading", name="How much").hover()
    page.wait_for_timeout(400)
    expect(marker(page)).to_have_attribute("aria-expanded", "true")
    page.get_by_role("heading", name="How much").click()
    expect(marker(page)).to_have_attribute("aria-expanded", "false")


def test_it_opens_under_its_line_on_a_phone_and_moves_nothing_before(opens: Opens) -> None:
    page = ask_judged(opens, width=360, has_touch=True)
    before = marker(page).evaluate(TOP)
    marker(page).tap()
    receipt = page.get_by_role("note")
    assert marker(page).evaluate(TOP) == before < receipt.evaluate(TOP)
    expect(receipt).to_contain_text("The source does not say 500 ms.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.keyboard.press("Escape")
    expect(receipt).to_have_count(0)


def test_it_underlines_what_is_not_in_the_source_and_what_cites_none(opens: Opens) -> None:
    page = ask_judged(opens)
    expect(page.locator(".answer span.unsupported")).to_have_text("It must never pass 500 ms.")
    expect(page.locator(".answer span.bare")).to_have_text("A longer tail fills the chorus.")
    expect(page.locator(".answer")).to_contain_text("A longer tail fills the chorus. (cites no source)")


def test_it_says_under_the_answer_how_it_stands(opens: Opens) -> None:
    page = ask_judged(opens)
    findings = page.locator(".grounding .verdict")
    expect(findings).to_have_text(
        [
            "1 of 4 citations is not in its source.",
            "1 of 4 citations is only partly in its source.",
            "1 of 5 sentences cites no source.",
        ]
    )


def test_it_shows_both_sides_of_a_disagreement(opens: Opens) -> None:
    page = ask_judged(opens)
    block = page.locator(".differ")
    expect(block.get_by_role("heading")).to_have_text("They disagree about pre-delay")
    expect(block.locator("li").first).to_contain_text(
        "Mara Lindqvist: 20 to 40 ms Between 20 and 40. Reverb and space, 1 May 2024"
    )
    expect(block.get_by_role("link", name="Fast songs")).to_have_attribute("href", "/w/fast-songs?at=12.000")


def test_it_puts_the_servers_words_on_the_voice_before_its_own(opens: Opens) -> None:
    page = ask_judged(opens)
    expect(page.locator(".remark")).to_have_text("Mara's voice was left out of what Dez says.")


def test_it_dims_what_was_only_consulted(opens: Opens) -> None:
    page = ask_judged(opens)
    page.get_by_text("2 more consulted").click()
    expect(page.locator(".consulted .note")).to_have_count(2)
    colour = page.locator(".consulted b").first.evaluate("element => getComputedStyle(element).color")
    assert colour == page.locator(".asked").evaluate("element => getComputedStyle(element).color")


def test_it_shows_old_answers_without_verdicts(opens: Opens) -> None:
    page = ask_judged(opens, events=judged_turn(citations=()))
    page.locator(".mark > a").first.hover()
    expect(page.get_by_role("note")).to_contain_text("Mara Lindqvist")


@pytest.mark.sampled(2)
@in_each_font
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (800, "light"), (1600, "dark")])
def test_it_fits_the_window(opens: Opens, width: int, scheme: str) -> None:
    page = ask_judged(opens, width=width, color_scheme=scheme)
    for name in (WRONG, "Source 3: Stands in the source"):
        marker(page, name).click()
        expect(page.get_by_role("note").last).to_be_in_viewport(ratio=1)
    screenshot(page, f"receipt-{width}-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.sampled(2)
@in_each_font
@pytest.mark.parametrize("width", [360, 800, 1100, 1600])
def test_it_covers_no_marker(opens: Opens, width: int) -> None:
    page = ask_judged(opens, width=width)
    markers = page.locator(".answer .mark > a")
    assert markers.count() > 3
    for opened in range(markers.count()):
        markers.nth(opened).click()
        assert markers.evaluate_all(COVERED) == []
        page.keyboard.press("Escape")


@pytest.mark.sampled(2)
@in_each_font
@pytest.mark.parametrize("width", [1100, 1600])
def test_it_has_the_notes_make_way(opens: Opens, width: int) -> None:
    page = ask_judged(opens, width=width, reduced_motion="reduce")
    before = page.locator(".notes .note").first.bounding_box()
    marker(page).click()
    expect(page.get_by_role("note")).to_be_visible()
    assert page.locator(".turn").evaluate(MEETING) == 0
    page.keyboard.press("Escape")
    assert page.locator(".notes .note").first.bounding_box() == before


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 800, 1600])
def test_it_opens_for_the_keyboard_at_any_width(opens: Opens, width: int) -> None:
    page = ask_judged(opens, width=width)
    page.get_by_role("heading", name="How much").click()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("note")).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("note")).to_have_count(1)
    expect(page.locator(":focus ~ .receipt")).to_be_visible()
