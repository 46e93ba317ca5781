"""What becomes of conversations whose process, or whose memory, is gone."""

from dataclasses import asdict
from uuid import uuid4

import pytest
from django.core.cache import cache
from pytest_django import Settings

from chat import conversations, turns
from chat.conversations import memory
from chat.conversations.stored import State
from chat.events.events import Event, Sources, Token
from chat.events.serialize import encode
from chat.events.turn import Owner, Question, TurnHead
from chat.streams import store
from chat.turns.open import Busy
from chat.turns.state import Turn
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL, ask, last, new_conversation
from tests.program import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def owner() -> Owner:
    return Owner(f"session-{uuid4()}")


def die(head: TurnHead, *said: str) -> None:
    """Leave behind what a process leaves that is killed while it answers."""
    gone = store.StoredRun(head, process="gone")
    events: list[Event] = [Sources(()), *map(Token, said)]
    log = b"".join(encode(event, number=number) for number, event in enumerate(events, start=1))
    cache.set(store.run_key(head.turn_id), asdict(gone))
    cache.set(store.row_key("gone", 0, head.turn_id), {head.turn_id.hex: (0, log)})
    cache.set("runs-of:gone:last", 0)


async def left(owner: Owner, *said: str) -> Turn:
    turn = await turns.begin(Question(VOCAL, conversation_id=new_conversation()), owner=owner)
    await in_one_hop(die, turn.head, *said)
    return turn


async def test_it_takes_a_question_where_the_process_before_is_gone(owner: Owner) -> None:
    turn = await left(owner, "Twenty ")
    done = last(await ask("And on bass?", owner=owner, conversation_id=turn.head.conversation_id))
    assert done.finish == "complete"


async def test_it_keeps_what_readers_had_been_shown(owner: Owner) -> None:
    turn = await left(owner, "Twenty ", "milliseconds")
    kept = await in_one_hop(conversations.conversation, turn.head.conversation_id, owner=owner)
    assert kept is not None
    assert (kept.turns[0].state, kept.turns[0].answer) == (State.LOST, "Twenty milliseconds")
    await in_one_hop(cache.clear)
    again = await in_one_hop(conversations.turn, turn.head.turn_id, owner=owner)
    assert again is not None
    assert again.answer == "Twenty milliseconds"


async def test_it_says_when_to_ask_again_where_another_turn_runs(owner: Owner) -> None:
    turn = await turns.begin(Question(VOCAL, conversation_id=new_conversation()), owner=owner)
    problem = Busy(turn.head.turn_id).problem()
    await in_one_hop(turn.lock.release)
    assert int(problem.headers["Retry-After"]) > 0


def test_it_takes_the_lock_from_nobody_else(owner: Owner, db: None) -> None:
    conversation, turn_id = uuid4(), uuid4()
    memory.lock(owner=owner, conversation_id=conversation, turn_id=turn_id)
    memory.free(TurnHead(uuid4(), conversation, owner, "Why?"))
    assert memory.running_turn(owner=owner, conversation_id=conversation) == turn_id


async def test_it_answers_without_its_cache_and_says_that_it_cannot_remember(owner: Owner, settings: Settings) -> None:
    gone = {"BACKEND": "chrysopedia.core.cache.RedisCache", "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {"default": gone}
    conversation = new_conversation()
    done = last(await ask(owner=owner, conversation_id=conversation))
    kept = await in_one_hop(conversations.conversation, conversation, owner=owner)
    assert done.memory_note
    assert kept is not None
    assert [turn.head.query for turn in kept.turns] == [VOCAL]
