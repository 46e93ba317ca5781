"""A question begun before it is known: nothing goes out until it is asked, and nothing is left of one that isn't."""

import asyncio

import pytest

from chat.llm.base import ModelError
from chat.llm.openai import OpenAICompatible
from chat.llm.requests import Completions
from tests.chat.llm.asking import PROMPT, QUESTION, model_of, text_of
from tests.model_server import ModelServer

A_MOMENT = 0.05


async def test_it_sends_nothing_before_it_is_asked(model_server: ModelServer) -> None:
    model_server.say("One.")
    model = model_of(model_server)
    ready = model.ready()
    await asyncio.sleep(A_MOMENT)
    assert not model_server.requests
    assert text_of([delta async for delta in ready.stream(PROMPT)]) == "One."
    assert model_server.bodies[0]["messages"][-1]["content"] == QUESTION
    await model.aclose()


async def test_it_asks_again_as_any_model_does(model_server: ModelServer) -> None:
    model_server.say("One.")
    model_server.say("Two.")
    model = model_of(model_server)
    ready = model.ready()
    said = [text_of([delta async for delta in ready.stream(PROMPT)]) for _ in range(2)]
    assert said == ["One.", "Two."]
    await model.aclose()


async def test_it_leaves_nothing_behind_where_nothing_is_asked(model_server: ModelServer) -> None:
    model = model_of(model_server)
    ready = model.ready()
    await asyncio.sleep(A_MOMENT)
    ready.close()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1
    assert not model_server.requests
    await model.aclose()


async def test_it_says_only_when_asked_that_no_request_can_be_made() -> None:
    ready = OpenAICompatible(base_url="http://[", model="m").ready()
    await asyncio.sleep(A_MOMENT)
    with pytest.raises(ModelError):
        await anext(ready.stream(PROMPT))


async def test_it_hangs_up_where_it_is_stopped_as_the_answer_begins(model_server: ModelServer) -> None:
    model_server.say(*["word "] * 100)
    completions = Completions(base_url=model_server.base_url, model="m", api_key="", connect_timeout=5.0)
    begun = completions.begin()
    asking = asyncio.current_task()
    assert asking
    begun._task.add_done_callback(lambda _: asking.cancel())
    with pytest.raises(asyncio.CancelledError):
        await begun.send({"model": "m", "messages": [], "stream": True})
    asking.uncancel()
    assert begun._task.result().is_closed
    await completions.aclose()
