"""Why the voice that was asked for is not in the answer: a sentence at the end of the turn."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chat import turns
from chat.events.serialize import payload
from chat.events.turn import ANYONE, Question
from chat.prompts import Voice
from tests.chat.asking import VOCAL, ask, last
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
Use = Callable[..., None]
SIDEBANDS = "How many pairs of sidebands matter at a modulation index of 5?"


@pytest.fixture
def use_server(model_server: ModelServer, use_model: Use) -> ModelServer:
    use_model(model_server)
    return model_server


async def test_it_says_nothing_where_the_voice_is_in_the_answer(use_server: ModelServer) -> None:
    done = last(await ask(personality_weight=0.5))
    assert (done.voice_applied, done.voice_note) == (0.5, None)


async def test_it_says_nothing_where_no_voice_was_asked_for() -> None:
    assert last(await ask()).voice_note is None


async def test_it_says_that_others_answered(use_server: ModelServer) -> None:
    done = last(await ask(SIDEBANDS, personality_weight=1.0))
    assert done.voice_note == "Answered from other creators, so not in Mara Lindqvist's voice."


async def test_it_says_that_quotations_stay() -> None:
    assert last(await ask(personality_weight=1.0)).voice_note == "Quotations stay as they were said."


async def test_it_says_that_everyone_together_has_no_voice(use_server: ModelServer) -> None:
    done = last(await ask(creator=None, personality_weight=1.0))
    assert done.voice_note == "Choose a creator to hear their voice; everyone together has none."


async def test_it_says_that_nobody_wrote_the_voice_down(use_server: ModelServer) -> None:
    question = Question(query=VOCAL, creator="mara-lindqvist", personality_weight=1.0)
    turn = await turns.begin(question, owner=ANYONE)
    assert turn.asked
    unknown = replace(turn, asked=replace(turn.asked, voice=Voice(name="Mara")))
    done = last([event async for event in turns.stream(unknown)])
    assert done.voice_note == "How Mara Lindqvist sounds has not been written down yet."


async def test_it_says_nothing_where_nobody_answers() -> None:
    done = last(await ask("Which visa does a chef need for Japan?", personality_weight=1.0))
    assert (done.answered_by, done.voice_note) == ("none", None)


async def test_it_is_a_member_of_done_at_every_door() -> None:
    assert payload(last(await ask(personality_weight=1.0)))["voice_note"] == "Quotations stay as they were said."
