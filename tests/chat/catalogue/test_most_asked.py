"""What strangers have asked a creator most, on the creator's page."""

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from pytest_django import Settings

from chat.catalogue.people import home_of
from chat.conversations import delete_all
from chat.events.turn import Owner
from chat.models import Conversation
from tests.chat.conversations.rows import keep, new_owner

ASKED = "How much pre-delay should a vocal reverb have?"


@pytest.fixture(autouse=True)
def asked_by_three(corpus: None) -> None:
    cache.clear()  # another test's page may have worked them out already
    Conversation.objects.all().delete()  # what other tests' turns have left, for as long as this one goes on
    for _ in range(3):
        keep(ASKED, owner=new_owner())


def asked() -> list[str]:
    shown = home_of("mara-lindqvist")
    assert shown
    return [example.query for example in shown.asked]


def test_it_shows_what_three_have_asked_beside_examples() -> None:
    page = render_to_string("chat/home.html", {"home": home_of("mara-lindqvist"), "words": {}})
    assert f'value="mara-lindqvist {ASKED}"' in page.partition('id="asked-title"')[2]
    assert "For example" in page


def test_it_shows_no_strangers_question_where_conversations_are_not_kept(settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = False
    assert asked() == []


def test_it_leaves_out_examples_where_enough_is_asked() -> None:
    for question in ("Plate or hall?", "How loud?"):
        for _ in range(3):
            keep(question, owner=new_owner())
    shown = home_of("mara-lindqvist")
    assert shown
    assert len(shown.asked) >= 3
    assert shown.examples == ()


def test_it_works_them_out_once_in_ten_minutes() -> None:
    before = asked()
    for _ in range(3):
        keep("Newer?", owner=new_owner())
    assert asked() == before


def test_it_shows_no_question_any_more_of_whom_asked_to_be_forgotten() -> None:
    assert asked() == [ASKED]
    delete_all(Owner(Conversation.objects.filter(title=ASKED).values_list("owner", flat=True)[0]))
    assert asked() == []
