"""The UI message stream of the AI SDK."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import StreamingHttpResponse
from django.test import AsyncClient

from chat.doors.asking import conversation_of
from tests.chat.asking import VOCAL
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]


def message(text: str = VOCAL) -> dict[str, Any]:
    return {"id": "m", "role": "user", "parts": [{"type": "step-start"}, {"type": "text", "text": text}]}


async def post(chat_id: str = "", **more: Any) -> Any:
    body = {"id": chat_id or str(uuid4()), "messages": [message()], "trigger": "submit-message", "creator": "mara"}
    return await AsyncClient().post("/api/v1/ui/chat", {**body, **more}, "application/json")


async def parts_of(response: Any) -> list[Any]:
    assert isinstance(response, StreamingHttpResponse)
    body = b"".join([part async for part in response]).decode()
    *blocks, end, _ = body.split("\n\n")
    assert end == "data: [DONE]"
    return [json.loads(block.removeprefix("data: ")) for block in blocks]


async def test_it_sends_a_message_in_parts() -> None:
    response = await post()
    parts = await parts_of(response)
    kinds = [part["type"] for part in parts]
    assert response.headers["X-Vercel-AI-UI-Message-Stream"] == "v1"
    assert kinds[:3] == ["start", "data-sources", "source-url"]
    assert kinds[-3:] == ["text-end", "data-receipts", "finish"]
    assert kinds.count("text-start") == 1 and kinds.index("text-start") < kinds.index("text-delta")


async def test_it_names_sources_by_addresses_that_open() -> None:
    urls = [part for part in await parts_of(await post()) if part["type"] == "source-url"]
    assert urls and all(part["url"].startswith("http") and part["title"] for part in urls)


async def test_it_answers_again_in_place_of_an_answer() -> None:
    chat_id = str(uuid4())
    first = (await parts_of(await post(chat_id)))[0]["messageId"]
    again = await post(chat_id, trigger="regenerate-message", messageId=first)
    assert (await parts_of(again))[-1]["type"] == "finish"


async def test_it_goes_on_where_a_page_was_reloaded(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.say_slowly("Four to one. ", "Then ten ", "milliseconds.", seconds=0.1)
    chat_id, client = "A1b2C3d4E5f6G7h8", AsyncClient()
    left = await post(chat_id)
    resumed = await parts_of(await client.get(f"/api/v1/ui/chat/{chat_id}/stream"))
    left.close()
    assert "".join(part.get("delta", "") for part in resumed).startswith("Four to one. Then ten milliseconds.")
    assert (await client.get(f"/api/v1/ui/chat/{chat_id}/stream")).status_code == 204


async def test_it_stops_what_is_being_written(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.hang_after("Four to one. ")
    chat_id = str(uuid4())
    reading = asyncio.create_task(parts_of(await post(chat_id)))
    await asyncio.sleep(0.3)
    assert (await AsyncClient().post(f"/api/v1/ui/chat/{chat_id}/stop")).status_code == 204
    assert (await reading)[-2]["data"]["finish"] == "stopped"
    assert model_server.closed_early.wait(1.0)


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "parts": []}], [{"role": "user", "parts": []}]])
async def test_it_refuses_what_is_no_question(messages: Any) -> None:
    assert (await post(messages=messages)).status_code == 422


@pytest.mark.parametrize(("chat_id", "is_kept"), [("chat", False), ("", False), ("A1b2C3d4E5f6G7h8", True)])
def test_it_keeps_no_conversation_under_an_id_that_may_be_guessed(chat_id: str, is_kept: bool) -> None:
    assert (conversation_of(chat_id) is not None) == is_kept
