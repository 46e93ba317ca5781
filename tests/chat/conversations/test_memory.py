import asyncio
from collections.abc import Callable
from contextlib import aclosing
from uuid import UUID, uuid4

import pytest

from chat import turns
from chat.conversations import memory
from chat.events.events import Token
from chat.events.turn import ANYONE, Owner, Question
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from tests.chat.asking import VOCAL, ask, last, new_conversation
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus", "either_cache")]


async def remembered(conversation: UUID, owner: Owner = ANYONE) -> list[str]:
    said = await in_one_hop(memory.recall, owner=owner, conversation_id=conversation)
    return [one.question for one in said]


async def test_it_remembers_a_turn() -> None:
    conversation = new_conversation()
    await ask(conversation_id=conversation)
    assert await remembered(conversation) == [VOCAL]


async def test_it_has_written_memory_before_the_last_event_goes_out() -> None:
    turn = await turns.begin(Question(VOCAL, conversation_id=new_conversation()), owner=ANYONE)
    async for event in turns.stream(turn):
        if event.type == "done":
            assert await remembered(turn.head.conversation_id) == [VOCAL]


async def test_it_serves_the_next_question_right_after_the_last_event() -> None:
    turn = await turns.begin(Question(VOCAL, conversation_id=new_conversation()), owner=ANYONE)
    async with aclosing(turns.stream(turn)) as events:
        async for event in events:
            if event.type == "done":
                assert last(await ask("And the release?", conversation_id=turn.head.conversation_id))


async def test_it_remembers_ten_turns() -> None:
    conversation = new_conversation()
    said = [memory.exchange(turn_id=uuid4(), question=str(n), answer="a") for n in range(12)]
    await in_one_hop(memory.remember, said, owner=ANYONE, conversation_id=conversation)
    assert await remembered(conversation) == [str(n) for n in range(2, 12)]


async def test_it_keeps_conversations_of_different_owners_apart() -> None:
    conversation = new_conversation()
    await ask(conversation_id=conversation, owner=Owner("one"))
    assert await remembered(conversation, Owner("other")) == []


async def test_it_answers_one_question_at_a_time() -> None:
    conversation = new_conversation()
    turn = await turns.begin(Question(VOCAL, conversation_id=conversation), owner=ANYONE)
    with pytest.raises(Problem) as caught:
        await ask(conversation_id=conversation)
    assert (caught.value.status, caught.value.extra["running_turn_id"]) == (409, str(turn.head.turn_id))
    await in_one_hop(turn.lock.release)


async def test_it_remembers_what_was_said_until_the_reader_left(
    model_server: ModelServer, use_model: Callable[..., None]
) -> None:
    use_model(model_server)
    model_server.hang_after("Three to one ")
    conversation = new_conversation()
    turn = await turns.begin(Question(VOCAL, conversation_id=conversation), owner=ANYONE)
    async with aclosing(turns.stream(turn)) as events:
        async for event in events:
            if isinstance(event, Token):
                break
    assert await remembered(conversation) == [VOCAL]
    assert await model_server.until_closed_early()


async def test_it_lets_the_next_question_in_after_a_reader_left() -> None:
    conversation = new_conversation()
    turn = await turns.begin(Question(VOCAL, conversation_id=conversation), owner=ANYONE)
    async with aclosing(turns.stream(turn)) as events:
        await anext(events)
    assert last(await ask(conversation_id=conversation))


async def test_it_asks_a_turn_anew_with_what_came_before_it() -> None:
    conversation = new_conversation()
    await ask(conversation_id=conversation)
    replaced = last(await ask("And on the bass?", conversation_id=conversation)).turn_id
    await ask("And on drums?", conversation_id=conversation)
    await ask("And on the mix bus?", conversation_id=conversation, replaces=replaced)
    assert await remembered(conversation) == [VOCAL, "And on the mix bus?"]


async def test_it_sends_what_was_said_to_the_model(model_server: ModelServer, use_model: Callable[..., None]) -> None:
    use_model(model_server)
    conversation = new_conversation()
    model_server.say("Three to one [1].")
    await ask(conversation_id=conversation)
    await ask("And the release?", conversation_id=conversation)
    said = [message["content"] for message in model_server.bodies[1]["messages"][1:]]
    assert said == [VOCAL, "Three to one.", "And the release?"]


async def test_it_understands_a_question_that_leans_on_the_last_one() -> None:
    conversation = new_conversation()
    first = "How does Mara set a de-esser on a lead vocal?"
    await ask(first, conversation_id=conversation)
    done = last(await ask("At which frequency?", conversation_id=conversation))
    assert any("kilohertz" in c.quote or "kHz" in c.quote for c in done.citations)


async def test_it_lets_only_one_of_several_questions_in() -> None:
    conversation = new_conversation()
    begun = await asyncio.gather(
        *(turns.begin(Question(VOCAL, conversation_id=conversation), owner=ANYONE) for _ in range(4)),
        return_exceptions=True,
    )
    accepted = [one for one in begun if not isinstance(one, BaseException)]
    assert len(accepted) == 1
    await in_one_hop(accepted[0].lock.release)
