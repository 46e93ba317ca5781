"""Leaving early: the connection to the model closes at once, however the reader leaves."""

import asyncio
import gc
from contextlib import aclosing

import pytest

from chat.llm.openai import OpenAICompatible
from tests.chat.llm.asking import PROMPT, model_of, streaming, text_of
from tests.model_server import ModelServer


async def test_it_closes_the_connection_when_the_stream_is_closed(model_server: ModelServer) -> None:
    model_server.hang_after("Well, ")
    model = model_of(model_server)
    async with aclosing(model.stream(PROMPT)) as deltas:
        assert (await anext(deltas)).text == "Well, "
    assert await model_server.until_closed_early()


async def test_it_closes_the_connection_when_its_reader_is_cancelled(model_server: ModelServer) -> None:
    model_server.hang_after("Well, ")
    first = asyncio.Event()

    async def read() -> None:
        async for _ in model_of(model_server).stream(PROMPT):
            first.set()

    reading = asyncio.create_task(read())
    await first.wait()
    reading.cancel()
    assert await model_server.until_closed_early()


async def test_it_closes_the_connection_when_it_gives_up(model_server: ModelServer) -> None:
    model_server.hang_after("Well, ")
    async with streaming(model_of(model_server, idle_timeout=0.05)) as deltas:
        await asyncio.gather(anext(deltas))
        await asyncio.gather(anext(deltas), return_exceptions=True)
        assert await model_server.until_closed_early()


async def answer(model: OpenAICompatible) -> str:
    return text_of([delta async for delta in model.stream(PROMPT)])


def test_it_serves_one_loop_after_another(model_server: ModelServer) -> None:
    model = model_of(model_server)
    model_server.say("One.")
    model_server.say("Two.")
    assert [asyncio.run(answer(model)), asyncio.run(answer(model))] == ["One.", "Two."]


async def test_it_serves_many_readers_at_once(model_server: ModelServer) -> None:
    for _ in range(20):
        model_server.say("Yes, ", "all of you.")
    model = model_of(model_server)
    answers = await asyncio.gather(*(answer(model) for _ in range(20)))
    await model.aclose()
    assert set(answers) == {"Yes, all of you."}


def test_it_closes_its_connections_with_the_loop(model_server: ModelServer, caplog: pytest.LogCaptureFixture) -> None:
    model_server.say("One.")
    asyncio.run(answer(model_of(model_server)))
    gc.collect()
    assert "Unclosed" not in caplog.text
