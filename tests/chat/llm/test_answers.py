"""Answers that go well, in every form that servers give them."""

import inspect
from contextlib import AsyncExitStack

import aiohttp
import pytest

from chat.events.events import Usage
from chat.llm.base import Delta
from chat.llm.requests import Completions
from tests.chat.llm.asking import PROMPT, QUESTION, SECRET, ask, model_of, text_of
from tests.model_server import ModelServer, wire


async def test_it_streams_texts_then_the_finish_with_the_usage(model_server: ModelServer) -> None:
    model_server.say("Hello ", "world [1].")
    end = Delta(finish="complete", usage=Usage(prompt_tokens=12, completion_tokens=5))
    *deltas, last = await ask(model_of(model_server))
    assert ("".join(delta.text for delta in deltas), sum(delta.tokens for delta in deltas)) == ("Hello world [1].", 2)
    assert last == end


async def test_it_says_when_the_answer_was_too_long(model_server: ModelServer) -> None:
    model_server.say("As I was say", finish="length")
    assert (await ask(model_of(model_server)))[-1].finish == "length"


async def test_it_sends_the_prompt_as_it_is(model_server: ModelServer) -> None:
    await ask(model_of(model_server))
    body = model_server.bodies[0]
    assert body["messages"] == [{"role": "system", "content": "Cite."}, {"role": "user", "content": QUESTION}]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("test-model", 0.25, PROMPT.max_tokens)
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})


async def test_it_sends_the_key_as_a_bearer_token(model_server: ModelServer) -> None:
    await ask(model_of(model_server))
    assert model_server.requests[0].headers["authorization"] == f"Bearer {SECRET}"


async def test_it_keeps_its_connection_for_the_next_answer(model_server: ModelServer) -> None:
    model = model_of(model_server)
    for _ in range(2):
        assert [delta async for delta in model.stream(PROMPT)]
    await model.aclose()
    assert model_server.connections == 1


async def test_it_does_not_take_reasoning_for_text(model_server: ModelServer) -> None:
    model_server.reasoning("Let me think", "Louder.")
    assert text_of(await ask(model_of(model_server))) == "Louder."


@pytest.mark.parametrize("text", ["naïve – 日本", "🥁", "a\u2028b\u0085c"])
async def test_it_puts_split_characters_together(model_server: ModelServer, text: str) -> None:
    model_server.split_bytes(text)
    assert text_of(await ask(model_of(model_server))) == text


async def test_it_reads_lines_that_end_in_crlf(model_server: ModelServer) -> None:
    model_server.crlf("One, ", "two.")
    assert text_of(await ask(model_of(model_server))) == "One, two."


async def test_it_reads_many_events_in_one_packet(model_server: ModelServer) -> None:
    model_server.many_in_one_packet("One, ", "two, ", "three.")
    assert text_of(await ask(model_of(model_server))) == "One, two, three."


async def test_it_takes_done_for_a_finish_reason(model_server: ModelServer) -> None:
    model_server.send(wire.text("Enough."), wire.DONE)
    assert await ask(model_of(model_server)) == [Delta("Enough.", 1), Delta(finish="complete")]


async def test_it_takes_a_finish_reason_without_done(model_server: ModelServer) -> None:
    model_server.send(wire.text("Enough."), wire.finish())
    assert await ask(model_of(model_server)) == [Delta("Enough.", 1), Delta(finish="complete")]


async def test_it_gives_usage_without_text(model_server: ModelServer) -> None:
    model_server.usage_only()
    assert await ask(model_of(model_server)) == [Delta(finish="complete", usage=Usage(12, 5))]


async def test_it_does_not_wait_for_the_end_of_a_finished_answer(model_server: ModelServer) -> None:
    model_server.hang_after_finish("Enough.")
    assert await ask(model_of(model_server, idle_timeout=600)) == [Delta("Enough.", 1), Delta(finish="complete")]


async def test_it_is_not_spoilt_by_what_follows_the_finish(model_server: ModelServer) -> None:
    model_server.send(wire.text("Enough."), wire.finish(), b"data: <html>\n\n")
    assert (await ask(model_of(model_server)))[-1].finish == "complete"


async def test_it_reads_the_stream_of_aiohttp_itself(model_server: ModelServer) -> None:
    # Found through private attributes of the client: where they are gone, each token costs more.
    completions = Completions(base_url=model_server.base_url, model="m", api_key="", connect_timeout=5.0)
    async with AsyncExitStack() as stack:
        read = await completions.open(PROMPT, stack)
        assert inspect.ismethod(read)
        assert isinstance(read.__self__, aiohttp.StreamReader)
    await completions.aclose()
