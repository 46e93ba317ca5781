from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from chat import conversations, streams, turns
from chat.conversations import memory
from chat.conversations.stored import State, StoredConversation
from chat.events.events import Span
from chat.events.serialize import payload
from chat.events.turn import Owner, Question
from chat.models import Conversation, Turn
from chrysopedia.core.database import in_one_hop
from chrysopedia.core.errors import Problem
from tests.chat.asking import VOCAL, ask, failure, joined, last, new_conversation, sources
from tests.chat.conversations.rows import keep
from tests.chat.sample_turns import ANSWER, BARE, CITATIONS, done
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


@pytest.fixture
def owner() -> Owner:
    return Owner(f"session-{uuid4()}")


async def kept(conversation: UUID, owner: Owner) -> StoredConversation:
    found = await in_one_hop(conversations.conversation, conversation, owner=owner)
    assert found is not None
    return found


async def questions(conversation: UUID, owner: Owner) -> list[str]:
    return [turn.head.query for turn in (await kept(conversation, owner)).turns]


async def forget_memory(conversation: UUID, owner: Owner) -> None:
    """As an hour does."""
    await in_one_hop(memory.forget, [(owner, conversation)])


async def test_it_keeps_what_a_turn_said_as_its_events_said_it(owner: Owner) -> None:
    events = await ask(owner=owner, conversation_id=(conversation := new_conversation()))
    (turn,) = (await kept(conversation, owner)).turns
    assert (turn.answer, turn.sources, turn.done) == (joined(events), sources(events).sources, last(events))
    assert (turn.head.query, turn.head.creator_name, turn.state) == (VOCAL, "Mara Lindqvist", State.ANSWERED)


async def test_it_keeps_beside_it_what_rows_are_chosen_by(owner: Owner) -> None:
    done = last(await ask(owner=owner))
    row = await in_one_hop(Turn.objects.of(owner.key).get)
    assert (row.tier, row.answered_by, row.finish) == (done.cascade_tier, done.answered_by, done.finish)


async def test_it_keeps_a_question_from_its_acceptance_on(owner: Owner) -> None:
    turn = await turns.begin(Question(VOCAL), owner=owner)
    found = await kept(turn.head.conversation_id, owner)
    assert (found.running_turn_id, [one.state for one in found.turns]) == (turn.head.turn_id, [State.RUNNING])
    await in_one_hop(turn.lock.release)


async def test_it_calls_a_turn_lost_that_neither_runs_nor_ended(owner: Owner) -> None:
    turn = await turns.begin(Question(VOCAL), owner=owner)
    await in_one_hop(turn.lock.release)
    found = await kept(turn.head.conversation_id, owner)
    assert (found.running_turn_id, [one.state for one in found.turns]) == (None, [State.LOST])


async def test_it_keeps_the_question_of_a_turn_that_failed(owner: Owner, settings: Settings) -> None:
    settings.EMBEDDER = {
        "BACKEND": "creators.embeddings.remote.OpenAICompatible",
        "OPTIONS": {"base_url": "http://127.0.0.1:9/v1", "model": "none"},
    }
    failed = failure(await ask(owner=owner))
    (turn,) = (await kept(failed.conversation_id, owner)).turns
    assert (turn.head.query, turn.state, turn.done) == (VOCAL, State.FAILED, None)
    assert turn.ended is not None


async def test_it_has_kept_the_answer_before_the_last_event_goes_out(owner: Owner) -> None:
    turn = await turns.begin(Question(VOCAL), owner=owner)
    async for event in turns.stream(turn):
        if event.type == "done":
            assert (await kept(turn.head.conversation_id, owner)).turns[0].done == event


async def test_it_removes_a_replaced_turn_and_all_after_it(owner: Owner) -> None:
    conversation = new_conversation()
    await ask(owner=owner, conversation_id=conversation)
    replaced = last(await ask("And on the bass?", owner=owner, conversation_id=conversation)).turn_id
    await ask("And on drums?", owner=owner, conversation_id=conversation)
    await ask("And on the mix bus?", owner=owner, conversation_id=conversation, replaces=replaced)
    assert await questions(conversation, owner) == [VOCAL, "And on the mix bus?"]


async def test_it_replaces_a_turn_that_memory_has_forgotten(owner: Owner) -> None:
    conversation = new_conversation()
    await ask("How does she pan?", owner=owner, conversation_id=conversation)
    replaced = last(await ask(owner=owner, conversation_id=conversation)).turn_id
    await forget_memory(conversation, owner)
    turn = await turns.begin(Question("Why?", conversation_id=conversation, replaces=replaced), owner=owner)
    assert await questions(conversation, owner) == ["How does she pan?", "Why?"]
    assert [one.question for one in turn.history] == ["How does she pan?"]
    await in_one_hop(turn.lock.release)


async def test_it_replaces_a_turn_that_never_came_to_be_remembered(owner: Owner) -> None:
    conversation = new_conversation()
    await ask(owner=owner, conversation_id=conversation)
    lost = await turns.begin(Question("And?", conversation_id=conversation), owner=owner)
    await in_one_hop(lost.lock.release)
    turn = await turns.begin(
        Question("And then?", conversation_id=conversation, replaces=lost.head.turn_id), owner=owner
    )
    assert [one.question for one in turn.history] == [VOCAL]
    assert await questions(conversation, owner) == [VOCAL, "And then?"]
    await in_one_hop(turn.lock.release)


async def test_it_remembers_nothing_after_an_hour_though_it_is_kept(owner: Owner) -> None:
    conversation = new_conversation()
    await ask(owner=owner, conversation_id=conversation)
    await forget_memory(conversation, owner)
    await in_one_hop(
        Conversation.objects.filter(public_id=conversation).update, updated=timezone.now() - timedelta(hours=2)
    )
    turn = await turns.begin(Question("And the release?", conversation_id=conversation), owner=owner)
    assert turn.history == ()
    await in_one_hop(turn.lock.release)


async def test_it_makes_memory_of_what_is_kept_where_the_cache_lost_it(owner: Owner) -> None:
    conversation = new_conversation()
    await ask(owner=owner, conversation_id=conversation)
    await forget_memory(conversation, owner)
    turn = await turns.begin(Question("And the release?", conversation_id=conversation), owner=owner)
    assert [one.question for one in turn.history] == [VOCAL]
    assert "[1]" not in turn.history[0].answer
    await in_one_hop(turn.lock.release)


async def test_it_never_replaces_a_turn_of_somebody_else(owner: Owner) -> None:
    done = last(await ask(owner=owner))
    with pytest.raises(Problem) as caught:
        await ask(owner=Owner("other"), conversation_id=done.conversation_id, replaces=done.turn_id)
    assert caught.value.status == 404
    assert await questions(done.conversation_id, owner) == [VOCAL]


async def test_it_calls_a_conversation_by_its_first_question(owner: Owner) -> None:
    done = last(await ask("How\n much?" + " Really?" * 40, owner=owner))
    found = await kept(done.conversation_id, owner)
    assert found.title.startswith("How much? Really?")
    assert found.title.endswith("…")
    assert len(found.title) <= 200


async def test_it_calls_a_conversation_anew_whose_first_question_is_edited(owner: Owner) -> None:
    done = last(await ask(owner=owner))
    await ask("How does she pan?", owner=owner, conversation_id=done.conversation_id, replaces=done.turn_id)
    assert (await kept(done.conversation_id, owner)).title == "How does she pan?"


async def test_it_answers_although_nothing_can_be_kept(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(Conversation.objects, "take", refuse)
    monkeypatch.setattr(Turn.objects, "filter", refuse)
    done = last(await ask(owner=owner))
    assert await in_one_hop(conversations.conversation, done.conversation_id, owner=owner) is None


async def test_it_keeps_an_answer_when_the_database_is_back(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        monkeypatch.undo()
        raise DatabaseError

    turn = await turns.begin(Question(VOCAL), owner=owner)
    monkeypatch.setattr(Turn.objects, "filter", refuse)
    done = last([event async for event in turns.stream(turn)])
    await streams.runs_here().settled(within=10)
    assert (await kept(done.conversation_id, owner)).turns[0].answer


@pytest.mark.parametrize("removing", [None, conversations.delete])
async def test_it_keeps_anew_what_a_crash_took_and_nothing_that_was_removed(
    owner: Owner, removing: Callable[..., object] | None
) -> None:
    turn = await turns.begin(Question(VOCAL), owner=owner)
    if removing:
        await in_one_hop(removing, turn.head.conversation_id, owner=owner)
    else:
        await in_one_hop(lambda: Conversation.objects.of(owner.key).delete())
    assert [event async for event in turns.stream(turn)]
    found = await in_one_hop(conversations.conversations, owner, limit=9)
    assert [one.turn_count for one in found or []] == ([] if removing else [1])


async def test_it_keeps_nothing_where_that_is_switched_off(owner: Owner, settings: Settings) -> None:
    settings.KEEP_CONVERSATIONS = False
    done = last(await ask(owner=owner))
    settings.KEEP_CONVERSATIONS = True
    assert await in_one_hop(conversations.conversation, done.conversation_id, owner=owner) is None


async def test_it_keeps_what_was_said_until_the_model_broke_off(
    owner: Owner, model_server: ModelServer, use_model: Callable[..., None]
) -> None:
    use_model(model_server)
    model_server.cut_after("Three to one ")
    done = last(await ask(owner=owner))
    (turn,) = (await kept(done.conversation_id, owner)).turns
    assert (turn.answer.strip(), turn.done and turn.done.finish) == ("Three to one", "cut")


async def test_it_moves_the_offsets_of_an_answer_that_was_stored_with_what_nobody_sees(owner: Owner) -> None:
    def keep_spoilt() -> UUID:
        later = [replace(one, start=one.start + 2, end=one.end + 2) for one in CITATIONS]
        bare = Span(BARE.start + 2, BARE.end + 2)
        ending = done(citations=tuple(later), grounding=replace(done().grounding, bare=(bare,)))
        row = keep("How much?", owner=owner)
        row.turns.update(answer=f"\u202e\u200b{ANSWER}", ending=payload(ending))
        return row.public_id

    (turn,) = (await kept(await in_one_hop(keep_spoilt), owner)).turns
    assert (turn.answer, turn.done and turn.done.citations) == (ANSWER, CITATIONS)
    assert turn.done
    assert turn.done.grounding.bare == (BARE,)
