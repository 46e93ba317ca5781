"""What was asked: found, filtered, and opened as its reader saw it, without who that was."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chat.models import Feedback, Turn
from tests.chat.conversations.rows import keep, new_owner

pytestmark = pytest.mark.django_db
LIST = "admin:chat_turn_changelist"


def listed(client: Client, **chosen: str) -> str:
    return unescape(client.get(reverse(LIST), chosen).content.decode())


def opened(client: Client, turn: Turn) -> str:
    turn.refresh_from_db()
    return client.get(reverse("admin:chat_turn_change", args=[turn.desk_id])).content.decode()


@pytest.fixture
def turn() -> Turn:
    return keep("How much pre-delay?", owner=new_owner()).turns.get()


def test_it_finds_words_of_the_question_and_of_the_answer(admin_client: Client, turn: Turn) -> None:
    keep("Why?", owner=new_owner())
    assert "How much pre-delay?" in listed(admin_client, q="pre-delay")
    assert "How much pre-delay?" not in listed(admin_client, q="visa")


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"coverage": "full"}, True),
        ({"coverage": "none"}, False),
        ({"trouble": "weak"}, True),
        ({"trouble": "slow"}, False),
        ({"creator": "mara-lindqvist"}, True),
        ({"creator": "-"}, False),
        ({"by": "model"}, True),
        ({"by": "quotes"}, False),
        ({"tier": "creator"}, True),
        ({"thumb": "down"}, False),
        ({"thumb": "none"}, True),
        ({"created__year": "2026"}, True),
    ],
)
@pytest.mark.usefixtures("corpus")
def test_it_filters(admin_client: Client, turn: Turn, chosen: dict[str, str], found: bool) -> None:
    assert ("How much pre-delay?" in listed(admin_client, **chosen)) == found


def test_it_shows_the_answer_with_its_receipts(admin_client: Client, turn: Turn) -> None:
    page = unescape(opened(admin_client, turn))
    for shown in ("It must never pass 500 ms.", "Not in the source", "Reverb and space", "The source does not say 500"):
        assert shown in page


def test_it_says_what_came_of_it_in_words(admin_client: Client, turn: Turn) -> None:
    page = unescape(opened(admin_client, turn))
    assert "<dd>The language model</dd>" in page
    assert "<dd>In full</dd>" in page


def test_it_says_what_an_empty_list_is_for(admin_client: Client) -> None:
    assert "Nothing was asked yet" in listed(admin_client)
    assert "Nothing here matches." in listed(admin_client, q="visa")


def test_it_shows_nothing_by_which_a_reader_could_be_known(admin_client: Client, turn: Turn) -> None:
    Feedback.objects.create(turn=turn, rating="down", created=turn.created, updated=turn.created)
    private = {turn.conversation.owner.removeprefix("session-"), str(turn.pk), str(turn.conversation.public_id)}
    for page in (listed(admin_client), opened(admin_client, turn)):
        assert not private & set(re.findall(r"[0-9a-f-]{36}", page))
        assert str(turn.pk)[:8] not in page


def test_it_is_not_there_under_the_id_that_its_reader_has(admin_client: Client, turn: Turn) -> None:
    assert admin_client.get(reverse("admin:chat_turn_change", args=[turn.pk])).status_code == 302


def test_it_lets_nobody_write_or_remove_any(admin_client: Client, turn: Turn) -> None:
    turn.refresh_from_db()
    assert admin_client.get(reverse("admin:chat_turn_add")).status_code == 403
    assert admin_client.post(reverse("admin:chat_turn_delete", args=[turn.desk_id])).status_code == 403


def test_it_shows_one_that_is_still_being_answered(admin_client: Client, turn: Turn) -> None:
    Turn.objects.filter(pk=turn.pk).update(ending=None, ended=None, answer="", tier="")
    assert "How much pre-delay?" in opened(admin_client, turn)
    assert "Not yet" in listed(admin_client)


@pytest.mark.parametrize(
    "name", ["admin:chat_turn_changelist", "admin:chat_feedback_changelist", "admin:creators_creator_changelist"]
)
def test_it_asks_the_database_no_more_for_more_rows(admin_client: Client, name: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            admin_client.get(reverse(name))
        return len(asked)

    few = (keep("Why?", owner=new_owner()), queries(), queries())[-1]
    now = timezone.now() - timedelta(days=1)
    for turn in keep("How?", "When?", "Where?", owner=new_owner()).turns.all():
        Feedback.objects.create(turn=turn, rating="up", created=now, updated=now)
    assert queries() == few
