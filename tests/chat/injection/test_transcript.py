"""Attacks on the page of a work: all that was planted is read there as text."""

import re

import pytest
from django.utils.text import slugify

from chrysopedia.core.text import without_unseen
from tests.chat.injection.attacks import ATTACKS, Attack, each
from tests.chat.injection.reading import read_page
from tests.site import Site

READ = [attack for attack in ATTACKS if attack.place in {"text", "heading", "term"}]


@pytest.fixture(scope="module", params=each(READ))
def page(request: pytest.FixtureRequest, hostile: Site) -> str:
    """The transcript of the work that an attack is planted in."""
    attack: Attack = request.param
    with hostile.client() as client:
        works = client.get(f"/api/v1/creators/{slugify(attack.name)}").json()["catalogue"]
        return client.get(works[0]["page"]).text


def test_it_is_text_and_nothing_else(page: str) -> None:
    found = read_page(page).within("transcript")
    assert {tag for tag, _ in found} <= {"h2", "p", "a", "span"}
    assert all(re.fullmatch(r"#t-\d+", attributes["href"]) for tag, attributes in found if tag == "a")


def test_it_shows_nothing_that_nobody_sees(page: str) -> None:
    assert without_unseen(page) == page
