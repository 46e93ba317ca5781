"""The door for AG-UI: each event as the official library has it, receipts in metadata, and the end of who leaves."""

import asyncio
import json
from typing import Any

import pytest
from ag_ui.core import Event, RunAgentInput, UserMessage
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from pydantic import TypeAdapter

from chat.doors.agui import AGUIRun
from chat.models import Kind
from tests.chat.asking import VOCAL
from tests.chat.doors.caller import MakeKey, bearer
from tests.model_server.server import ModelServer
from tests.site import Site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]

EVENT: TypeAdapter[Any] = TypeAdapter(Event)
RETRIEVAL = "retrieval_unavailable"
RUN = {"threadId": "A1b2C3d4E5f6G7h8", "runId": "run-1"}


def said(text: Any = VOCAL, *, role: str = "user") -> dict[str, Any]:
    return {"id": "m", "role": role, "content": text}


async def post(*, secret: str = "", **more: Any) -> Any:
    body = {**RUN, "messages": [said()], "forwardedProps": {"creator": "mara"}, **more}
    return await AsyncClient().post("/api/v1/agui", body, "application/json", headers=bearer(secret) if secret else {})


async def events_of(response: Any) -> list[Any]:
    """Return the events, each of which the library must know, with all its members."""
    assert isinstance(response, StreamingHttpResponse)
    body = b"".join([part async for part in response]).decode()
    sent = [json.loads(block.removeprefix("data: ")) for block in body.split("\n\n")[:-1]]
    known = [EVENT.validate_python(event) for event in sent]
    assert [one.model_extra for one in known] == [{}] * len(known)
    assert [one.model_dump(mode="json", by_alias=True) for one in known] == sent
    return sent


async def test_it_sends_a_run_in_the_protocols_events() -> None:
    events = await events_of(await post())
    kinds = [event["type"] for event in events]
    assert kinds[:3] == ["RUN_STARTED", "CUSTOM", "TEXT_MESSAGE_START"]
    assert set(kinds[3:-2]) == {"TEXT_MESSAGE_CONTENT"}
    assert kinds[-2:] == ["TEXT_MESSAGE_END", "RUN_FINISHED"]
    assert [{name: events[at][name] for name in RUN} for at in (0, -1)] == [RUN, RUN]
    assert (events[0]["protocolVersion"], events[-1]["outcome"]) == ("1.0", {"type": "success"})
    assert len({event["messageId"] for event in events[2:-1]}) == 1


async def test_it_names_sources_by_addresses_that_open() -> None:
    events = await events_of(await post())
    (custom,) = [event for event in events if event["type"] == "CUSTOM"]
    assert custom["name"] == "chrysopedia.sources"
    assert custom["value"] and all(one["url"].startswith("http") for one in custom["value"])


async def test_it_puts_the_receipts_into_the_messages_metadata() -> None:
    events = await events_of(await post())
    receipts = events[-2]["metadata"]["chrysopedia"]
    text = "".join(event.get("delta", "") for event in events)
    assert receipts["turn_id"] == events[2]["messageId"] == events[0]["metadata"]["chrysopedia"]["turn_id"]
    assert {one["number"] for one in receipts["citations"]} <= {one["number"] for one in receipts["sources"]}
    assert all(f"[{one['number']}]" in text[one["start"] : one["end"]] for one in receipts["citations"])


async def test_it_takes_what_the_library_sends() -> None:
    run = RunAgentInput(thread_id="t", run_id="r", messages=[UserMessage(id="m", content=VOCAL)], state={}, tools=[])
    body = json.loads(run.model_dump_json(by_alias=True))
    response = await AsyncClient().post("/api/v1/agui", body, "application/json")
    assert (await events_of(response))[-1]["type"] == "RUN_FINISHED"


def test_it_reads_the_text_of_messages_in_parts() -> None:
    parts = [{"type": "text", "text": VOCAL}, {"type": "image", "source": {"type": "url", "value": "http://a.example"}}]
    before = [said({"step": 1}, role="activity"), {"id": "a", "role": "assistant", "toolCalls": []}]
    assert AGUIRun.model_validate({**RUN, "messages": [*before, said(parts)]}).question().query == VOCAL


def test_it_remembers_a_conversation_by_its_thread() -> None:
    first, again = (AGUIRun.model_validate({**RUN, "messages": [said()]}).question() for _ in range(2))
    other = AGUIRun.model_validate({**RUN, "threadId": "chat", "messages": [said()]}).question()
    assert first.conversation_id == again.conversation_id != other.conversation_id


@pytest.mark.parametrize(
    ("name", "code", "before"), [("error", "internal", "TEXT_MESSAGE_END"), ("unavailable", RETRIEVAL, "RUN_STARTED")]
)
async def test_it_ends_a_run_that_failed_by_its_error(make_key: MakeKey, name: str, code: str, before: str) -> None:
    secret = await make_key(kind=Kind.SANDBOX)
    *_, last, error = await events_of(await post(messages=[said(f"sandbox:{name}")], secret=secret))
    assert (last["type"], error["type"], error["code"]) == (before, "RUN_ERROR", code)
    assert error["message"]


async def test_it_calls_a_run_cancelled_that_was_stopped(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.hang_after("Four to one. ")
    response = await post()
    reading = asyncio.create_task(events_of(response))
    while not model_server.requests:  # noqa: ASYNC110 -- it is asked in another thread
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.3)
    await AsyncClient().post(f"/api/v1/chat/{response.headers['X-Turn-Id']}/stop")
    assert (await reading)[-1]["outcome"] == {"type": "cancelled"}
    assert model_server.closed_early.wait(1.0)


def test_it_stops_the_model_when_its_reader_leaves(model_site: Site, site_model: ModelServer) -> None:
    site_model.forget()
    site_model.hang_after("Four to one, then ")
    body = {**RUN, "messages": [said()]}
    with model_site.client() as client, client.stream("POST", "/api/v1/agui", json=body) as answer:
        next(line for line in answer.iter_lines() if "TEXT_MESSAGE_CONTENT" in line)
    assert site_model.closed_early.wait(1.0)


@pytest.mark.parametrize(
    "more",
    [
        {"messages": []},
        {"messages": [said(role="assistant")]},
        {"messages": [said("")]},
        {"threadId": ""},
        {"runId": "\ud800"},
        {"forwardedProps": "mara"},
        {"forwardedProps": {"personality_weight": 2}},
        {"forwardedProps": {"personality_weight": True}},
    ],
)
async def test_it_refuses_what_is_no_run(more: dict[str, Any]) -> None:
    assert (await post(**more)).status_code == 422
