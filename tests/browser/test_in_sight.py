"""What stays in sight while one reads, in windows of any size, and in the colours of the reader's system."""

import pytest
from playwright.sync_api import Locator

from chat.events.events import Event, Grounding, Sources, Token
from tests.browser.conftest import Opens, screenshot
from tests.browser.judged import ask_judged
from tests.browser.test_page import PRE_DELAY, ask
from tests.chat.sample_turns import SOURCES, done

pytestmark = pytest.mark.browser
MARKED = (
    "Keep it short [1]. Shorten it on fast songs [2]. It must never pass 500 ms [1][2][3].\n\n"
    "- A longer tail fills the chorus [3].\n- Roll off the lows [4][5].\n\n"
    "| a | b |\n|--|--|\n| x [1] | y [2] |\n\n> Said so [4]. And so [5].\n"
)
COVERED = """() => [...document.querySelectorAll('.answer .mark > a')].filter((link) => {
  link.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { x, y, width, height } = link.getBoundingClientRect();
  return !link.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}).length"""


def marked() -> list[Event]:
    return [Sources(SOURCES), Token(MARKED), done(citations=(), grounding=Grounding(), disagreements=())]


def is_in_sight(part: Locator, *, below: float, above: float) -> bool:
    box = part.bounding_box()
    return box is not None and below <= box["y"] + 1 and box["y"] + box["height"] <= above + 1


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_brings_each_question_to_the_top_with_bar_box_and_tools_in_sight(opens: Opens, width: int) -> None:
    page = opens("/c/mara-lindqvist", width=width, reduced_motion="reduce")
    ask(page, PRE_DELAY)
    ask(page, "How loud should a master be?")
    bar, box = page.locator(".top").bounding_box(), page.locator(".box").bounding_box()
    assert bar and box
    assert (bar["y"], box["y"] + box["height"] <= 900) == (0, True)
    heading = page.locator(".turn h2").last.bounding_box()
    assert heading and bar["height"] <= heading["y"] <= bar["height"] + 100
    assert is_in_sight(page.locator(".tools").last, below=bar["height"], above=box["y"])
    screenshot(page, f"second-question-{width}")


def test_it_takes_the_box_out_of_the_way_at_a_zoom_of_400_percent(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist", width=320)
    page.set_viewport_size({"width": 320, "height": 225})
    ask(page, PRE_DELAY)
    page.locator(".answer").evaluate("one => one.scrollIntoView({ block: 'start', behavior: 'instant' })")
    answer, box = page.locator(".answer").bounding_box(), page.locator(".box").bounding_box()
    assert answer and box
    assert box["y"] >= answer["y"] + answer["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1100, 1600])
def test_it_covers_no_other_marker_by_a_receipt(opens: Opens, width: int) -> None:
    page = ask_judged(opens, events=marked(), width=width, reduced_motion="reduce")
    for link in page.locator(".answer .mark > a").all():
        link.click()
        assert page.evaluate(COVERED) == 0


def test_it_keeps_verdicts_apart_in_the_colours_of_the_system(opens: Opens) -> None:
    page = ask_judged(opens, forced_colors="active")
    screenshot(page, "forced-colours")
    signs = "one => { const s = getComputedStyle(one, '::before'); return s.backgroundImage + s.backgroundColor; }"
    drawn = [one.evaluate(signs) for one in page.locator(".note .verdict").all()]
    assert len(set(drawn)) == 3


def test_it_hides_what_lies_under_the_box_in_the_colours_of_the_system(opens: Opens) -> None:
    page = ask_judged(opens, forced_colors="active")
    background = page.locator("#ask").evaluate("box => getComputedStyle(box).backgroundColor")
    assert background == page.evaluate("getComputedStyle(document.body).backgroundColor")
