from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from chat import conversations, turns
from chat.conversations import memory
from chat.conversations.repository import HANDFUL
from chat.events.events import Token
from chat.events.turn import ANYONE, Owner, Question
from chat.models import Conversation, Feedback, Share, Turn
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL
from tests.chat.conversations.rows import NOW, keep, new_owner
from tests.model_server.server import ModelServer

pytestmark = pytest.mark.django_db


def forget(*arguments: str) -> str:
    out = StringIO()
    call_command("forget", *arguments, stdout=out)
    return out.getvalue()


def test_it_forgets_all_of_the_person_whose_conversation_it_is() -> None:
    owner, other = new_owner(), new_owner()
    first, _, spared = keep("One?", owner=owner), keep("Two?", owner=owner), keep("Three?", owner=other)
    assert forget(str(first.public_id)) == "Removed 2 conversations and 0 sessions.\n"
    assert [turn.conversation for turn in Turn.objects.filter(conversation__owner__in=[owner.key, other.key])] == [
        spared
    ]


@pytest.mark.parametrize("called", ["id", "token", "key"])
def test_it_finds_the_person_by_whatever_they_can_name(called: str) -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    token = conversations.share(conversation.public_id, owner=owner, now=NOW).token
    forget({"id": str(conversation.public_id), "token": token, "key": owner.key}[called])
    assert not Conversation.objects.of(owner.key).exists()


def test_it_forgets_shares_feedback_and_what_is_remembered() -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    said = memory.exchange(turn_id=uuid4(), question="One?", answer="Yes.")
    memory.remember([said], owner=owner, conversation_id=conversation.public_id)
    conversations.share(conversation.public_id, owner=owner, now=NOW)
    Feedback.objects.create(turn=conversation.turns.get(), rating="up", created=NOW, updated=NOW)
    forget(owner.key)
    assert (Share.objects.count(), Feedback.objects.count()) == (0, 0)
    assert memory.recall(owner=owner, conversation_id=conversation.public_id) == ()


def test_it_ends_the_sessions_of_the_person_alone() -> None:
    sessions = {name: SessionStore() for name in ("theirs", "other")}
    for name, session in sessions.items():
        session["owner"] = name
        session.create()
    assert forget("session-theirs") == "Removed 0 conversations and 1 session.\n"
    assert Session.objects.filter(pk=sessions["other"].session_key).exists()
    assert not Session.objects.filter(pk=sessions["theirs"].session_key).exists()


def test_it_forgets_one_conversation_alone_where_many_are_one_owner() -> None:
    conversation, spared = keep("One?", owner=ANYONE), keep("Two?", owner=ANYONE)
    forget(str(conversation.public_id))
    assert Conversation.objects.filter(pk__in=[conversation.pk, spared.pk]).get() == spared
    with pytest.raises(CommandError, match="name one conversation"):
        forget(ANYONE.key)


def test_it_says_that_there_is_nothing_of_that_name() -> None:
    with pytest.raises(CommandError, match='Nothing is kept under "nobody"'):
        forget("nobody")


def test_it_wants_to_know_what_to_remove() -> None:
    for arguments in ([], ["somebody", "--expired"]):
        with pytest.raises(CommandError, match="Say whose"):
            forget(*arguments)


def test_it_removes_what_is_past_its_time() -> None:
    owner, now = new_owner(), timezone.now()
    conversations.expire(now)  # what other tests have left
    keep("Old?", owner=owner, now=now - timedelta(days=91))
    kept = keep("Young?", owner=owner, now=now - timedelta(days=89))
    ended = SessionStore()
    ended.set_expiry(-1)
    ended.create()
    assert "1 conversation without a turn for 90 days" in forget("--expired")
    assert list(Conversation.objects.of(owner.key)) == [kept]
    assert not Session.objects.filter(pk=ended.session_key).exists()


def test_it_removes_no_more_than_a_handful_with_each_turn() -> None:
    owner = new_owner()
    for _ in range(HANDFUL + 2):
        keep("Old?", owner=owner, now=NOW - timedelta(days=2000))
    assert conversations.expire(NOW, most=HANDFUL) == HANDFUL
    assert Conversation.objects.of(owner.key).count() == 2


def test_it_leaves_the_same_id_of_another_owner() -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    keep("Two?", owner=(other := Owner("session-other")), conversation_id=conversation.public_id)
    assert conversations.delete(conversation.public_id, owner=owner)
    assert Conversation.objects.of(other.key).get().title == "Two?"


async def test_it_stops_a_turn_that_runs_so_that_nothing_of_it_stays(
    corpus: None, model_server: ModelServer, use_model: Callable[..., None]
) -> None:
    use_model(model_server)
    model_server.hang_after("Three to one ")
    run = await turns.ask(Question(VOCAL, creator="mara-lindqvist"), owner=(owner := new_owner()))
    async with aclosing(run.events()) as events:
        while not isinstance(await anext(events), Token):
            pass
        assert await in_one_hop(conversations.forget, str(run.head.conversation_id)) == conversations.Removed(
            conversations=1
        )
    said = await in_one_hop(memory.recall, owner=owner, conversation_id=run.head.conversation_id)
    assert (run.ended.is_set(), said) == (True, ())
