"""Models that lie: what they claim is checked, what never ends is ended, and what they say of a failure is cleaned."""

import tracemalloc

import pytest

from chat.events.events import Usage
from tests.chat.llm.asking import QUESTION, SECRET, ask, ask_in_vain, model_of, text_of
from tests.model_server import ModelServer, wire

FULL = {
    "code": 400,
    "message": "the request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it",
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_it_follows_no_redirect(model_server: ModelServer, status: int) -> None:
    with ModelServer() as elsewhere:
        model_server.redirect(f"{elsewhere.base_url}/chat/completions", status)
        _, error = await ask_in_vain(model_of(model_server))
        assert elsewhere.connections == 0
    assert f"sends elsewhere ({status})" in error.reason
    assert not error.retryable


@pytest.mark.parametrize(
    "claim",
    [(-1, 5), (12, -5), (12, 10**9), (10**12, 5), (12, 5.0), (12, "5"), (True, 5), (12, None), (None, None), ([], {})],
)
async def test_it_believes_no_cost_that_cannot_be(model_server: ModelServer, claim: tuple[object, object]) -> None:
    model_server.cost({"prompt_tokens": claim[0], "completion_tokens": claim[1]}, "Hello.")
    assert (await ask(model_of(model_server)))[-1].usage is None


@pytest.mark.parametrize("claim", [7, "12", [12, 5], {"prompt_tokens": 12}, True])
async def test_it_takes_a_cost_of_another_shape_for_none(model_server: ModelServer, claim: object) -> None:
    model_server.cost(claim, "Hello.")
    assert (await ask(model_of(model_server)))[-1].usage is None


async def test_it_keeps_a_cost_that_can_be(model_server: ModelServer) -> None:
    model_server.send(wire.text("Hello."), wire.usage(12, 5), wire.usage(-1, 5), wire.finish())
    assert (await ask(model_of(model_server)))[-1].usage == Usage(12, 5)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": {**FULL, "type": "exceed_context_size_error"}}, "exceeds the available context size"),
        ({"error": FULL}, "exceeds the available context size"),
        ({"error": FULL["message"]}, "exceeds the available context size"),
        ({"object": "error", **FULL}, "exceeds the available context size"),
        ({"detail": FULL["message"]}, "exceeds the available context size"),
        ({"error": {"code": "context_length_exceeded", "message": "m"}}, "400 context_length_exceeded"),
        ({"error": {"code": None, "type": "some_error", "message": "m"}}, "400 some_error"),
        ([], "400"),
        ({"error": {"code": [], "message": {}}}, "400"),
        ("x" * 100_000, "400"),
    ],
)
async def test_it_says_what_the_server_said(model_server: ModelServer, body: object, told: str) -> None:
    model_server.refuse(body)
    _, error = await ask_in_vain(model_of(model_server))
    assert told in error.reason
    assert "400 400" not in error.reason
    assert len(error.reason) < 250


async def test_it_says_nothing_of_what_the_visitor_said(model_server: ModelServer) -> None:
    message = f"{FULL['message']}: {QUESTION} {SECRET} is wrong, /srv/models/x.gguf 03012345678 a@b.example\n\x1b[31m"
    model_server.refuse({"error": {"code": 400, "message": message}})
    _, error = await ask_in_vain(model_of(model_server))
    assert error.reason.endswith("exceeds the available context size 4096 tokens try increasing it … is wrong")


async def test_it_says_what_a_model_reported_in_mid_stream(model_server: ModelServer) -> None:
    model_server.send(wire.text("Well, "), wire.event({"error": {**FULL, "message": f"{QUESTION} {FULL['message']}"}}))
    _, error = await ask_in_vain(model_of(model_server))
    assert error.reason.startswith("the model reported an error: the request 9000 tokens exceeds the available")


@pytest.mark.parametrize("kind", ["refusal", "line", "thought", "text"])
async def test_it_holds_little_of_what_never_ends(model_server: ModelServer, kind: str) -> None:
    match kind:
        case "refusal":
            model_server.refuse_without_end()
        case "line":
            model_server.say_without_end(b"data: " + b"x" * 65536)
        case "thought":
            model_server.say_without_end(wire.chunk({"reasoning": "hm " * 20_000}))
        case _:
            model_server.say_without_end(wire.text("word " * 1000))
    tracemalloc.start()
    try:
        _, error = await ask_in_vain(model_of(model_server))
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()
    assert not error.retryable


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/html", b"<h1>Welcome</h1>"), ("application/json", b'{"choices": [{"message": {"content": "Hi."}}]}')],
)
async def test_it_fails_on_an_answer_of_another_kind(model_server: ModelServer, content_type: str, body: bytes) -> None:
    model_server.say_as(content_type, body)
    text, error = await ask_in_vain(model_of(model_server))
    assert (text, error.reason) == ("", f"the model server sent {content_type}, and no stream of events")


@pytest.mark.parametrize(
    "delta",
    [
        {"role": "tool"},
        {"content": None},
        {"tool_calls": [{"index": 0}]},
        {"refusal": "No."},
        {"content": None, "x": 1e400},
        {},
    ],
)
async def test_it_passes_over_pieces_without_text(model_server: ModelServer, delta: dict[str, object]) -> None:
    model_server.send(wire.chunk(delta), wire.text("Hello."), wire.finish())
    assert text_of(await ask(model_of(model_server))) == "Hello."


@pytest.mark.parametrize("reason", ["stop", "tool_calls", "function_call", "eos", 7, ["stop"], {"a": 1}, True])
async def test_it_takes_every_reason_for_an_end(model_server: ModelServer, reason: object) -> None:
    model_server.send(wire.text("Hello."), wire.event({"choices": [{"delta": {}, "finish_reason": reason}]}))
    assert (await ask(model_of(model_server)))[-1].finish == "complete"
