"""Answers that fail: each ends in a ModelError that says whether asking again may help."""

import socket

import pytest

from chat.llm.openai import OpenAICompatible
from tests.chat.llm.asking import QUESTION, SECRET, ask_in_vain, model_of
from tests.model_server import ModelServer, wire


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


async def test_it_fails_where_nobody_listens() -> None:
    model = OpenAICompatible(base_url=f"http://127.0.0.1:{free_port()}/v1", model="m")
    _, error = await ask_in_vain(model)
    assert error.retryable
    assert "no connection" in error.reason


@pytest.mark.parametrize("base_url", ["nonsense", "ftp://127.0.0.1/v1", "http://[oops"])
async def test_it_fails_on_an_address_that_is_none(base_url: str) -> None:
    await ask_in_vain(OpenAICompatible(base_url=base_url, model="m"))


@pytest.mark.parametrize("key", ["sk-clé", "sk-a\nb"])
async def test_it_fails_on_a_key_that_no_header_can_hold(model_server: ModelServer, key: str) -> None:
    _, error = await ask_in_vain(OpenAICompatible(base_url=model_server.base_url, model="m", api_key=key))
    assert "sk-" not in error.reason


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(400, False), (401, False), (403, False), (404, False), (429, True), (500, True), (503, True)],
)
async def test_it_knows_which_refusals_may_pass(model_server: ModelServer, status: int, retryable: bool) -> None:
    for _ in range(2):
        model_server.fail(status, retry_after="0")
    _, error = await ask_in_vain(model_of(model_server))
    assert (str(status) in error.reason, error.retryable) == (True, retryable)


async def test_it_names_the_code_of_a_refusal(model_server: ModelServer) -> None:
    model_server.unauthorised()
    _, error = await ask_in_vain(model_of(model_server))
    assert error.reason == "the model server answered 401 invalid_api_key"


async def test_it_never_repeats_the_key_or_the_prompt(model_server: ModelServer) -> None:
    model_server.fail(400, f"{SECRET} asked: {QUESTION}", code=f"{SECRET} {QUESTION}")
    _, error = await ask_in_vain(model_of(model_server))
    assert SECRET not in error.reason
    assert QUESTION not in error.reason


async def test_it_does_not_wait_for_ever_for_the_first_token(model_server: ModelServer) -> None:
    model_server.hang_before_first()
    text, error = await ask_in_vain(model_of(model_server, first_token_timeout=0.3))
    assert (text, error.retryable) == ("", True)
    assert error.reason == "no token from the model within 0.3 s"


async def test_it_does_not_take_comments_for_signs_of_life(model_server: ModelServer) -> None:
    model_server.hang_with_comments()
    _, error = await ask_in_vain(model_of(model_server, first_token_timeout=0.3))
    assert error.reason == "no token from the model within 0.3 s"


async def test_it_does_not_wait_for_ever_between_pieces(model_server: ModelServer) -> None:
    model_server.hang_after("Well, ")
    text, error = await ask_in_vain(model_of(model_server, idle_timeout=0.05))
    assert (text, error.retryable) == ("Well, ", True)
    assert error.reason == "the model fell silent for 0.05 s"


async def test_it_takes_reasoning_for_a_sign_of_life(model_server: ModelServer) -> None:
    model_server.hang_after_reasoning("Let me think")
    _, error = await ask_in_vain(model_of(model_server, idle_timeout=0.05))
    assert error.reason == "the model fell silent for 0.05 s"


async def test_it_fails_when_the_connection_is_cut(model_server: ModelServer) -> None:
    model_server.cut_after("Well, ")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.retryable) == ("Well, ", True)


async def test_it_fails_on_garbage(model_server: ModelServer) -> None:
    model_server.garbage()
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.retryable) == ("", False)


async def test_it_fails_on_a_page_that_is_no_stream(model_server: ModelServer) -> None:
    model_server.send(b"<html>Welcome</html>")
    _, error = await ask_in_vain(model_of(model_server))
    assert error.reason == "the answer ended without a finish reason"


async def test_it_fails_on_a_malformed_piece(model_server: ModelServer) -> None:
    model_server.malformed_chunk_after("Well, ")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.reason) == ("Well, ", "a piece of the answer is not JSON")


async def test_it_fails_on_a_piece_of_the_wrong_shape(model_server: ModelServer) -> None:
    model_server.wrong_shape_after("Well, ")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.reason) == ("Well, ", "a piece of the answer has the wrong shape")


async def test_it_fails_on_an_error_in_mid_stream(model_server: ModelServer) -> None:
    model_server.error_midstream("Well, ")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.reason) == ("Well, ", "the model reported an error server_error: out of memory")


async def test_it_fails_when_there_is_no_finish(model_server: ModelServer) -> None:
    model_server.no_finish("Well, ")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.retryable) == ("Well, ", True)


async def test_it_does_not_call_a_filtered_answer_complete(model_server: ModelServer) -> None:
    model_server.say("Well, ", finish="content_filter")
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.retryable) == ("Well, ", False)


async def test_it_holds_no_more_than_a_mebibyte_of_a_line(model_server: ModelServer) -> None:
    model_server.send(wire.text("Well, "), b"data: ", *[b"x" * 65536] * 17)
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, "more than" in error.reason) == ("Well, ", True)
