from uuid import uuid4

import pytest
from pytest_django import Settings

from chat import conversations
from chat.conversations import memory
from chat.conversations.stored import StoredConversation
from chat.models import Rating, Reason
from chrysopedia.core.errors import Problem
from tests.chat.conversations.rows import NOW, keep, new_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_off(settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = False


def test_it_lists_and_shows_nothing() -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    assert conversations.conversations(owner, limit=10) == []
    assert conversations.conversation(conversation.public_id, owner=owner) is None


def test_it_still_tells_which_turn_runs() -> None:
    owner, conversation, turn = new_owner(), uuid4(), uuid4()
    memory.lock(owner=owner, conversation_id=conversation, turn_id=turn)
    found = conversations.conversation(conversation, owner=owner)
    assert found == StoredConversation(conversation_id=conversation, running_turn_id=turn)


def test_it_says_that_there_is_nothing_to_share_or_to_rate() -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    turn = conversation.turns.get()
    for refused in (
        lambda: conversations.share(conversation.public_id, owner=owner, now=NOW),
        lambda: conversations.rate(turn.pk, Rating.UP, reason=Reason.NONE, comment="", owner=owner, now=NOW),
    ):
        with pytest.raises(Problem, match="409 Not kept"):
            refused()


def test_it_opens_no_link_that_was_given_before(settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = True
    conversation = keep("One?", owner=(owner := new_owner()))
    token = conversations.share(conversation.public_id, owner=owner, now=NOW).token
    settings.KEEP_CONVERSATIONS = False
    assert conversations.shared(token) is None


def test_it_still_removes_what_was_kept_before() -> None:
    conversation = keep("One?", owner=(owner := new_owner()))
    assert conversations.delete(conversation.public_id, owner=owner)
