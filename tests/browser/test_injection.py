"""Attacks in a browser: with script too, nothing planted or said runs, loads, leads away, or passes for a source."""

import re
from collections.abc import Callable

import pytest
from django.utils.text import slugify
from playwright.sync_api import Page, expect

from chrysopedia.core.text import without_unseen
from tests.browser.conftest import Opens
from tests.browser.judged import record_foreign
from tests.chat.injection.attacks import ATTACKS, Attack, each
from tests.chat.injection.hostile import QUESTION
from tests.chat.injection.plant import TITLE
from tests.model_server.obedience import Order
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = pytest.mark.browser

CHOSEN = """script;image handler;vector handler;frame;style;image;script link;data link;mutation;entities for brackets;
forged list of sources;override in a title;name as markup;title as markup;nested brackets;nested stars;long line;
events in the text;summary as markup""".replace("\n", "").split(";")
FORMATTING = "p, br, ul, ol, li, strong, em, code, pre, blockquote, h3, sup, a, span"
ELEMENTS = f"answer => [...answer.querySelectorAll('*')].filter(one => !one.matches('{FORMATTING}')).map(String)"
ADDRESSES = "all => all.map(one => one.getAttribute('href') ?? one.src)"

Asks = Callable[[Attack], tuple[Page, list[str]]]


@pytest.fixture
def asks(opens: Opens, hostile: Site, obedient: ModelServer) -> Asks:
    """Ask what an attack is planted in on its page; give the page, and all that it asked of others or ran."""

    def ask(attack: Attack) -> tuple[Page, list[str]]:
        obedient.obey(Order(attack.planted, attack.says))
        page = opens(f"/c/{slugify(attack.name)}", on=hostile)
        heard = record_foreign(page)
        page.on("dialog", lambda dialog: dialog.dismiss())
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.get_by_label("Your question").fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator(".turn")).to_have_attribute("data-finish", re.compile(r"\w"))
        return page, heard

    return ask


@pytest.mark.sampled(2)
@pytest.mark.parametrize("attack", each(attack for attack in ATTACKS if attack.name in CHOSEN))
def test_it_runs_nothing_and_shows_no_forged_source(asks: Asks, attack: Attack) -> None:
    page, heard = asks(attack)
    for link in page.locator(".mark a").all()[:2]:
        link.hover()
    assert page.locator(".answer").evaluate(ELEMENTS.replace("'*'", "':not(.receipt *, .receipt)'")) == []
    marks = page.locator(".answer .mark > a").evaluate_all(ADDRESSES)
    assert all(re.fullmatch(r"#t[0-9a-f]{8}-note-\d+(-\d+)?", address) for address in marks)
    notes = page.locator(".turn .note .places a").evaluate_all(ADDRESSES)
    assert all(address.startswith(("/w/", "https://youtu.be/abc_-123")) for address in notes)
    titles = set(page.locator(".turn .note cite").all_text_contents())
    assert titles == {without_unseen(attack.planted) if attack.place == "title" else TITLE}
    assert page.evaluate("window.__pwned") is None
    assert heard == []


def test_it_chooses_attacks_that_there_are() -> None:
    assert set(CHOSEN) <= {attack.name for attack in ATTACKS}
