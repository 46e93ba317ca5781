"""Asking once more: only before the first token, only once, and only where it may help soon."""

import pytest

from tests.chat.llm.asking import ask, ask_in_vain, model_of, text_of
from tests.model_server import ModelServer


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_it_asks_once_more(model_server: ModelServer, status: int) -> None:
    model_server.fail(status, retry_after="0")
    model_server.say("Yes.")
    assert text_of(await ask(model_of(model_server))) == "Yes."


async def test_it_asks_no_third_time(model_server: ModelServer) -> None:
    for _ in range(3):
        model_server.fail(500, retry_after="0")
    await ask_in_vain(model_of(model_server))
    assert len(model_server.requests) == 2


async def test_it_asks_once_more_when_the_connection_was_stale(model_server: ModelServer) -> None:
    model_server.cut_before_headers()
    model_server.say("Yes.")
    assert text_of(await ask(model_of(model_server))) == "Yes."


async def test_it_leaves_a_long_wait_to_the_fallback(model_server: ModelServer) -> None:
    model_server.rate_limit(retry_after=20)
    _, error = await ask_in_vain(model_of(model_server))
    assert (len(model_server.requests), error.retryable) == (1, True)


async def test_it_does_not_repeat_what_was_refused(model_server: ModelServer) -> None:
    model_server.unauthorised()
    await ask_in_vain(model_of(model_server))
    assert len(model_server.requests) == 1


async def test_it_waits_no_longer_than_for_the_first_token(model_server: ModelServer) -> None:
    model_server.rate_limit(retry_after=1.9)
    _, error = await ask_in_vain(model_of(model_server, first_token_timeout=0.3))
    assert error.reason == "no token from the model within 0.3 s"


async def test_it_does_not_repeat_an_answer_that_has_begun(model_server: ModelServer) -> None:
    model_server.cut_after("")
    await ask_in_vain(model_of(model_server))
    assert len(model_server.requests) == 1


async def test_it_does_without_stream_options_and_remembers(model_server: ModelServer) -> None:
    model = model_of(model_server)
    model_server.reject("stream_options")
    await ask(model)
    await ask(model)
    assert ["stream_options" in body for body in model_server.bodies] == [True, False, False]


async def test_it_does_without_a_temperature(model_server: ModelServer) -> None:
    model_server.reject("temperature")
    await ask(model_of(model_server))
    assert ["temperature" in body for body in model_server.bodies] == [True, False]


async def test_it_limits_the_answer_by_the_other_name(model_server: ModelServer) -> None:
    model_server.reject("max_tokens", "Unsupported: 'max_tokens'. Use 'max_completion_tokens' instead.")
    await ask(model_of(model_server))
    last = model_server.bodies[-1]
    assert ("max_tokens" in last, last["max_completion_tokens"]) == (False, 200)


async def test_it_learns_more_than_one_thing_at_once(model_server: ModelServer) -> None:
    model_server.reject("temperature")
    model_server.reject("stream_options")
    model_server.say("Yes.")
    assert text_of(await ask(model_of(model_server))) == "Yes."


async def test_it_does_not_take_a_prompt_that_is_too_long_for_a_wrong_name(model_server: ModelServer) -> None:
    model_server.reject("max_tokens", "maximum context length is 4096, you asked for 5000 with max_tokens")
    _, error = await ask_in_vain(model_of(model_server))
    assert (len(model_server.requests), error.retryable) == (1, False)
