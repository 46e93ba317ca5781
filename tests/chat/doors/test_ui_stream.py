"""The UI message stream of the AI SDK."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from django.test import AsyncClient

from chat import conversations
from chat.conversations import memory
from chat.doors.asking import conversation_of
from chat.events.turn import ANYONE
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL
from tests.chat.doors.caller import MakeKey, bearer
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


async def test_it_names_the_stream_that_assistant_ui_comes_back_to(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.say_slowly("Four to one. ", "Then ten ", "milliseconds.", seconds=0.1)
    left = await post("the-chat-of-our-shop")
    stream_id = left.headers["X-Resumable-Stream-Id"]
    resumed = await parts_of(await AsyncClient().get(f"/api/v1/ui/chat/{stream_id}/stream"))
    left.close()
    assert resumed[0]["messageId"] == stream_id == left.headers["X-Turn-Id"]
    assert "X-Resumable-Stream-Id" in settings.CORS_EXPOSE_HEADERS


async def test_it_sends_an_answer_again_that_ended_while_its_page_was_away() -> None:
    chat_id, client = str(uuid4()), AsyncClient()
    parts = await parts_of(await post(chat_id))
    again = await client.get(f"/api/v1/ui/chat/{parts[0]['messageId']}/stream")
    assert await parts_of(again) == parts
    assert [(await client.get(f"/api/v1/ui/chat/{one}/stream")).status_code for one in (chat_id, uuid4())] == [204, 204]


async def test_it_sends_an_answer_again_to_its_owner_alone(make_key: MakeKey) -> None:
    secret = await make_key()
    body = {"id": str(uuid4()), "messages": [message()]}
    asked = await AsyncClient().post("/api/v1/ui/chat", body, "application/json", headers=bearer(secret))
    turn_id = (await parts_of(asked))[0]["messageId"]
    assert (await AsyncClient().get(f"/api/v1/ui/chat/{turn_id}/stream")).status_code == 204
    assert (await AsyncClient().post(f"/api/v1/ui/chat/{turn_id}/stop")).status_code == 204


async def test_it_names_sources_by_addresses_that_open() -> None:
    urls = [part for part in await parts_of(await post()) if part["type"] == "source-url"]
    assert urls and all(part["url"].startswith("http") and part["title"] for part in urls)


async def test_it_answers_again_in_place_of_an_answer() -> None:
    chat_id = str(uuid4())
    first = (await parts_of(await post(chat_id)))[0]["messageId"]
    again = await post(chat_id, trigger="regenerate-message", messageId=first)
    assert (await parts_of(again))[-1]["type"] == "finish"


def named(name: str, text: str = VOCAL) -> dict[str, Any]:
    return {**message(text), "id": f"question {name}"}


async def kept_in(chat_id: str) -> list[str]:
    """Return the ids of the turns that are stored of a conversation."""
    found = await in_one_hop(conversations.conversation, UUID(chat_id), owner=ANYONE)
    return [str(turn.head.turn_id) for turn in found.turns] if found else []


async def told(chat_id: str, *kept: str, **more: Any) -> tuple[str, list[str]]:
    """Ask below these answers, and return this answer's id and all that are remembered after it."""
    shown = [one for turn in kept for one in (named(turn), {**message(), "id": turn, "role": "assistant"})]
    parts = await parts_of(await post(chat_id, **{"messages": [*shown, message()], **more}))
    conversation_id = conversation_of(chat_id)
    assert conversation_id
    said = await in_one_hop(memory.recall, owner=ANYONE, conversation_id=conversation_id)
    return parts[0]["messageId"], [one.turn_id for one in said]


@pytest.mark.parametrize("more", [{"trigger": "regenerate-message"}, {"messageId": "m"}])
async def test_it_forgets_what_a_page_does_not_show_any_more(more: Any) -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    _, before = await told(chat_id, first)
    third, after = await told(chat_id, first, **more)
    assert (len(before), after) == (2, [first, third])


async def test_it_removes_nothing_for_a_page_that_was_left_open() -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    second, _ = await told(chat_id, first)
    third, after = await told(chat_id, first)
    assert after == await kept_in(chat_id) == [first, second, third]


async def test_a_model_hears_what_its_page_shows_alone(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    for answer in ("One to one.", "Two to one.", "Three to one."):
        model_server.say(answer)
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    await told(chat_id, first)
    await told(chat_id, first)
    heard = str(model_server.requests[-1])
    assert "One to one." in heard and "Two to one." not in heard


@pytest.mark.parametrize("more", [{"messageId": "m"}, {"messageId": "q"}, {"trigger": "regenerate-message"}])
async def test_it_removes_nothing_for_a_last_message_that_it_does_not_know(more: Any) -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    second, _ = await told(chat_id)
    third, after = await told(chat_id, messages=[named("new")], **more)
    assert after == await kept_in(chat_id) == [first, second, third]


@pytest.mark.parametrize("more", [{"messageId": "question b"}, {"trigger": "regenerate-message"}])
async def test_it_replaces_the_question_that_a_last_message_names(more: Any) -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id, messages=[named("a")])
    await told(chat_id, messages=[named("b")])
    again, after = await told(chat_id, messages=[named("b", "And on a choir?")], **more)
    assert after == await kept_in(chat_id) == [first, again]


@pytest.mark.parametrize("more", [{"trigger": "regenerate-message"}, {"messageId": "m"}])
async def test_it_forgets_all_where_the_first_question_is_asked_anew(more: Any) -> None:
    chat_id = str(uuid4())
    await told(chat_id)
    again, after = await told(chat_id, **more)
    assert after == [again]


async def test_it_forgets_what_is_not_shown_of_a_long_conversation() -> None:
    chat_id, said = str(uuid4()), list[str]()
    for _ in range(memory.MOST_TURNS + 2):
        said.append((await told(chat_id, *said))[0])
    shown = [named(said[0]), {**message(), "id": said[0], "role": "assistant"}, named("edited")]
    again, after = await told(chat_id, messages=shown, messageId="question edited")
    assert await kept_in(chat_id) == [said[0], again]
    assert not set(after) & set(said[1:])


async def test_it_remembers_all_for_a_page_that_sends_its_last_message_alone() -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    second, after = await told(chat_id)
    assert after == [first, second]


async def test_it_remembers_an_answer_that_never_reached_its_page() -> None:
    chat_id = str(uuid4())
    first, _ = await told(chat_id)
    lost, _ = await told(chat_id, first)
    shown = [message(), {**message(), "id": first, "role": "assistant"}, message(), message("And on a choir?")]
    await parts_of(await post(chat_id, messages=shown))
    assert (await told(chat_id))[1][:2] == [first, lost]


async def test_it_goes_on_where_a_page_was_reloaded(model_server: ModelServer, use_model: Any) -> None:
    use_model(model_server)
    model_server.say_slowly("Four to one. ", "Then ten ", "milliseconds.", seconds=0.1)
    chat_id, client = "A1b2C3d4E5f6G7h8", AsyncClient()
    left = await post(chat_id)
    resumed = await parts_of(await client.get(f"/api/v1/ui/chat/{chat_id}/stream"))
    left.close()
    assert "".join(part.get("delta", "") for part in resumed).startswith("Four to one. Then ten milliseconds.")
    assert (await client.get(f"/api/v1/ui/chat/{chat_id}/stream")).status_code == 204


@pytest.mark.parametrize("name", ["X-Conversation-Id", "X-Turn-Id"])
async def test_it_stops_what_is_being_written(model_server: ModelServer, use_model: Any, name: str) -> None:
    use_model(model_server)
    model_server.hang_after("Four to one. ")
    response = await post()
    reading = asyncio.create_task(parts_of(response))
    await asyncio.sleep(0.3)
    assert (await AsyncClient().post(f"/api/v1/ui/chat/{response.headers[name]}/stop")).status_code == 204
    assert (await reading)[-2]["data"]["finish"] == "stopped"
    assert model_server.closed_early.wait(1.0)


@pytest.mark.parametrize("messages", [[], [{"role": "assistant", "parts": []}], [{"role": "user", "parts": []}]])
async def test_it_refuses_what_is_no_question(messages: Any) -> None:
    assert (await post(messages=messages)).status_code == 422


@pytest.mark.parametrize(
    ("chat_id", "is_kept"),
    [
        ("chat", False),
        ("", False),
        ("DEFAULT_THREAD_ID", False),  # assistant-ui's, everywhere the same
        ("the-chat-of-our-shop", False),
        ("Support Chat For Customers", False),
        ("thread-1700000000000", False),  # a time of day
        ("DEFAULT_THREAD_ID_1", False),
        ("1700000000000000", False),
        ("----------------", False),
        ("mySupportChatForCustomers", False),
        ("supportChat2024Customers", False),
        ("customerSupportChat", False),
        ("iPhoneSupportChat2", False),
        ("threads_DefaultThreadId", False),
        ("A1b2C3d4E5f6G7h8", True),
        ("kqzvTjwmXbcynRdh", True),
        ("__LOCALID_aB3dE7k", True),
        ("tz4a98xxat96iws9zmbrgj3a", True),
        ("V1StGXR8_Z5jdHi6B-myT", True),
    ],
)
def test_it_keeps_no_conversation_under_an_id_that_may_be_guessed(chat_id: str, is_kept: bool) -> None:
    assert (conversation_of(chat_id) is not None) == is_kept
