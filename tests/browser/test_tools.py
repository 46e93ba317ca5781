"""What one can do with an answer and with a conversation."""

import re

import pytest
from playwright.sync_api import Page, expect

from chat.events.events import Done, Verdict
from tests.browser.conftest import Opens, screenshot
from tests.browser.judged import ask_judged, ask_on
from tests.browser.test_page import PRE_DELAY, ask
from tests.chat.sample_turns import judged_turn

pytestmark = pytest.mark.browser

CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def page(opens: Opens) -> Page:
    """A conversation with one answer."""
    page = opens("/c/mara-lindqvist", permissions=CLIPBOARD)
    ask(page)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def test_it_copies_the_answer_with_its_sources(opens: Opens) -> None:
    page = ask_judged(opens, permissions=CLIPBOARD)
    press(page, "Copy")
    expect(page.locator(".tools .said")).to_have_text("Copied.")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("Keep the pre-delay between 20 and 40 ms.\u00a0[1] Shorten it")
    assert "\n[1] Mara Lindqvist, Reverb and space: https://www.youtube.com/watch?v=abc_-123&t=73s" in text
    assert "cites no source" not in text


def test_it_asks_again_in_place_of_the_answer(page: Page) -> None:
    turn = page.locator(".turn").get_attribute("data-turn")
    with page.expect_request("**/chat/ask") as asked:
        press(page, "Ask again")
    sent = asked.value.post_data_json or {}
    assert (sent["replaces"], sent["creator"]) == (turn, "mara-lindqvist")
    expect(page.locator(f".turn[data-finish=complete]:not([data-turn='{turn}'])")).to_be_visible()
    page.reload()
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("width", [360, 1600])
def test_it_edits_a_question_with_all_after_it(opens: Opens, width: int) -> None:
    page = opens("/", width=width)
    ask(page)
    ask(page, "And for a string pad?")
    page.get_by_role("button", name="Edit").first.click()
    expect(page.get_by_label("Your question")).to_have_value(PRE_DELAY)
    screenshot(page, f"editing-{width}-light")
    ask(page, "How do I sidechain the kick?")
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator("#editing")).to_be_hidden()


def test_it_leaves_the_question_as_it_was(page: Page) -> None:
    press(page, "Edit")
    page.keyboard.press("Escape")
    expect(page.get_by_label("Your question")).to_have_value("")
    expect(page.locator("#editing")).to_be_hidden()
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1600, "light")])
def test_it_takes_a_thumb_down_with_a_reason(opens: Opens, width: int, scheme: str) -> None:
    page = opens("/", width=width, color_scheme=scheme)
    ask(page)
    press(page, "Not a good answer")
    expect(page.get_by_role("radio", name="It is wrong")).to_be_in_viewport()
    screenshot(page, f"reasons-{width}-{scheme}")
    page.get_by_role("radio", name="It is too long").check()
    with page.expect_response("**/feedback") as sent:
        press(page, "Send")
    assert sent.value.json()["reason"] == "too_long"
    page.reload()
    expect(page.get_by_role("button", name="Not a good answer")).to_have_attribute("aria-pressed", "true")


def test_it_takes_a_thumb_back(page: Page) -> None:
    press(page, "A good answer")
    expect(page.locator(".tools .said")).to_have_text("Thank you.")
    press(page, "A good answer")
    expect(page.locator(".tools .said")).to_have_text("Taken back.")
    expect(page.get_by_role("button", name="A good answer", exact=True)).to_have_attribute("aria-pressed", "false")


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1600, "light")])
def test_it_shares_by_a_link_and_takes_it_back(opens: Opens, width: int, scheme: str) -> None:
    page = opens("/", width=width, color_scheme=scheme, permissions=CLIPBOARD)
    ask(page)
    press(page, "Share")
    expect(page.locator(".share .said")).to_contain_text("copied")
    screenshot(page, f"share-{width}-{scheme}")
    link = page.get_by_label("The link").input_value()
    reader = opens(link, width=width, color_scheme=scheme)
    expect(reader.get_by_role("heading", name=PRE_DELAY)).to_be_visible()
    screenshot(reader, f"shared-{width}-{scheme}")
    expect(reader.get_by_role("textbox")).to_have_count(0)
    press(page, "Stop sharing")
    expect(page.locator(".share .said")).to_have_text("The link no longer works.")
    reader.reload()
    expect(reader.locator(".turn")).to_have_count(0)


def test_it_lists_the_conversations_of_this_browser_and_deletes_one(page: Page) -> None:
    page.goto("/")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=PRE_DELAY))
    row.get_by_role("link").click()
    expect(page.locator(".turn")).to_have_count(1)
    row.hover()
    row.locator("[data-do=delete]").click()
    expect(row.locator("[data-do=delete]")).to_have_text("Really delete?")
    row.locator("[data-do=delete]").click()
    expect(page).to_have_url(re.compile(r"\d/$"))
    expect(page.get_by_text("Your conversations")).to_be_hidden()


def test_it_forgets_everything_of_this_browser(page: Page) -> None:
    page.get_by_role("button", name="Forget everything").dblclick()
    expect(page).to_have_url(re.compile(r"\d/$"))
    assert page.request.get("/api/v1/conversations").json() == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_the_people_and_conversations_as_a_sheet_on_a_phone(opens: Opens, scheme: str) -> None:
    page = opens("/", width=360, color_scheme=scheme)
    ask(page)
    page.get_by_role("link", name="Browse").click()
    expect(page.get_by_role("link", name=PRE_DELAY)).to_be_visible()
    screenshot(page, f"side-360-{scheme}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=PRE_DELAY)).to_be_hidden()
    expect(page.get_by_role("link", name="Browse")).to_be_focused()


def test_it_puts_the_column_away_for_good(opens: Opens) -> None:
    page = opens("/")
    page.get_by_role("link", name="Put this column away").click()
    expect(page.get_by_role("heading", name="Who is here")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", name="Who is here")).to_be_hidden()
    screenshot(page, "no-column-1600-light")
    page.get_by_role("link", name="Browse").click()
    expect(page.get_by_role("heading", name="Who is here")).to_be_visible()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("width", "scheme"), [(360, "dark"), (1600, "light")])
def test_it_has_a_model_look_at_the_doubtful_sentences(opens: Opens, width: int, scheme: str) -> None:
    page = opens("/c/mara-lindqvist", width=width, color_scheme=scheme)
    page.route("**/chat/*/receipts", lambda route: route.fulfill(status=200, json=looked_at()))
    page.evaluate("document.body.dataset.looks = ''")  # as where a model is configured
    ask_on(page)
    press(page, "Check again")
    expect(page.locator(".tools .said")).to_have_text(re.compile("^A language model looked at 1 of the"))
    expect(page.locator(".note .second")).to_have_text("A language model: the source doesn't say it. It says 100.")
    expect(page.get_by_role("button", name="Check again")).to_be_hidden()
    page.locator(".note .second").scroll_into_view_if_needed()
    screenshot(page, f"second-look-{width}-{scheme}")


def test_it_says_where_the_model_gave_no_usable_reply(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist")
    note = "The language model gave no usable reply; the verdicts are by rule."
    page.route("**/chat/*/receipts", lambda route: route.fulfill(status=200, json={"note": note, "citations": []}))
    page.evaluate("document.body.dataset.looks = ''")
    ask_on(page)
    press(page, "Check again")
    expect(page.locator(".tools .said")).to_have_text(note)
    expect(page.get_by_role("button", name="Check again")).to_be_hidden()


def test_it_keeps_both_thumbs_on_one_line_beside_checking_again(opens: Opens) -> None:
    page = opens("/c/mara-lindqvist", width=360)
    page.evaluate("document.body.dataset.looks = ''")  # as where a model is configured
    ask_on(page)
    expect(page.get_by_role("button", name="Check again")).to_be_visible()
    tops = page.locator(".tools .thumb").evaluate_all("all => all.map(one => one.getBoundingClientRect().top)")
    assert len(tops) == 2 and tops[0] == tops[1]


def looked_at() -> dict[str, object]:
    """The receipts of the judged turn, as the API gives them, with a second look at the one that is wrong."""
    done = next(event for event in judged_turn() if isinstance(event, Done))
    wrong = next(one for one in done.citations if one.verdict == Verdict.UNSUPPORTED)
    look = {"verdict": "unsupported", "reason": "It says 100."}
    return {"note": "", "citations": [{"number": wrong.number, "start": wrong.start, "second_look": look}]}
