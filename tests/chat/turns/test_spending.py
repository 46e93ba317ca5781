"""Answers and what they may cost: counted as models say, and quoted once a cap is reached."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from django.utils import timezone
from pytest_django import Settings

from chat import turns
from chat.events.events import Done
from chat.events.turn import ANYONE, Question, Terms
from chat.llm.spending import Cost, spent_today
from chat.models import Turn
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL, last
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
SAID = "Begin with a ratio of four to one. [1]"
Use = Callable[..., None]


async def ask(payer: str, *, tokens: int = 0, money: float = 0.0) -> Done:
    turn = await turns.begin(Question(VOCAL, "mara-lindqvist"), owner=ANYONE, terms=Terms(payer, tokens, money))
    return last([event async for event in turns.stream(turn)])


async def spent(payer: str) -> Cost:
    return (await in_one_hop(spent_today, [payer], now=timezone.now()))[payer]


async def test_it_counts_what_the_model_says(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["PRICES"] = (1.0, 2.0)
    model_server.cost({"prompt_tokens": 1000, "completion_tokens": 10}, SAID)
    assert (await ask("key-told")).answered_by == "model"
    assert await spent("key-told") == Cost(1010, 1020)


async def test_it_keeps_what_a_turn_cost(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["PRICES"] = (1.0, 2.0)
    model_server.cost({"prompt_tokens": 1000, "completion_tokens": 10}, SAID)
    done = await ask("key-kept")
    row = await Turn.objects.aget(pk=done.turn_id)
    assert (row.model, row.micros) == (settings.CHAT_MODELS["primary"]["OPTIONS"]["model"], 1020)


async def test_it_keeps_what_replaced_turns_cost(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["PRICES"] = (1.0, 2.0)
    for _ in range(2):
        model_server.cost({"prompt_tokens": 1000, "completion_tokens": 10}, SAID)
    first = await ask("key-replaced")
    question = Question(VOCAL, conversation_id=first.conversation_id, replaces=first.turn_id)
    turn = await turns.begin(question, owner=ANYONE, terms=Terms("key-replaced"))
    done = last([event async for event in turns.stream(turn)])
    kept = Turn.objects.filter(conversation__public_id=first.conversation_id)
    assert [(row.pk, row.micros) async for row in kept] == [(done.turn_id, 2040)]


async def test_it_keeps_what_a_second_look_costs(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["PRICES"] = (1.0, 2.0)
    model_server.cost(
        {"prompt_tokens": 1000, "completion_tokens": 10}, "Begin with a ratio of nine hundred to one. [1]"
    )
    asked = await AsyncClient().post("/api/v1/chat", {"query": VOCAL, "stream": False}, "application/json")
    turn_id = asked.json()["turn_id"]
    model_server.cost({"prompt_tokens": 100, "completion_tokens": 10}, '{"verdicts": [{"id": 1, "verdict": "weak"}]}')
    looked = await AsyncClient().get(f"/api/v1/chat/{turn_id}/receipts")
    row = await Turn.objects.aget(pk=turn_id)
    assert (looked.json()["checked_by"], row.micros) == ("model", 1020 + 120)


async def test_it_keeps_no_cost_where_there_is_no_price(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    row = await Turn.objects.aget(pk=(await ask("key-unpriced")).turn_id)
    assert (bool(row.model), row.micros) == (True, None)


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": 0, "completion_tokens": 0}, {"prompt_tokens": -5}])
async def test_it_estimates_what_no_model_says(model_server: ModelServer, use_model: Use, usage: Any) -> None:
    use_model(model_server)
    model_server.cost(usage, SAID)
    payer = f"key-estimated-{len(str(usage))}"
    await ask(payer)
    assert (await spent(payer)).tokens > 300


async def test_it_gives_back_what_was_set_aside(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.cost({"prompt_tokens": 1000, "completion_tokens": 10}, SAID)
    await ask("key-aside", tokens=100_000)
    assert await spent("key-aside") == Cost(1010)


@pytest.mark.parametrize("cap", [{"tokens": 1500}, {"money": 0.0015}])
async def test_it_quotes_once_a_cap_is_reached(
    model_server: ModelServer, use_model: Use, settings: Settings, cap: Any
) -> None:
    use_model(model_server)
    settings.CHAT_MODELS["primary"]["PRICES"] = (1.0, 1.0)
    done = await ask(f"key-capped-{next(iter(cap))}", **cap)
    assert (done.answered_by, model_server.requests) == ("quotes", [])
    assert done.model_note
    assert "this key" in done.model_note


async def test_it_keeps_to_the_cap_of_the_site(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.TOKENS_PER_DAY = 1
    done = await ask("")
    assert done.answered_by == "quotes"
    assert done.model_note
    assert "this site" in done.model_note


async def test_it_says_nothing_of_caps_without_a_model(settings: Settings) -> None:
    settings.TOKENS_PER_DAY = 1
    assert (await ask("")).model_note is None


async def test_it_counts_an_answer_that_is_left(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    model_server.hang_after("Begin with a ratio. ")
    turn = await turns.begin(Question(VOCAL, "mara-lindqvist"), owner=ANYONE, terms=Terms("key-left"))
    stream = turns.stream(turn)
    while (await anext(stream)).type != "token":
        pass
    await stream.aclose()
    assert (await spent("key-left")).tokens > 300


async def test_the_page_says_so_too(model_server: ModelServer, use_model: Use, settings: Settings) -> None:
    use_model(model_server)
    settings.TOKENS_PER_DAY = 1
    answer = await AsyncClient().post("/chat/ask", {"query": VOCAL}, "application/json")
    assert isinstance(answer, StreamingHttpResponse)
    body = b"".join([part async for part in answer]).decode()
    answer.close()
    assert "What this site may spend on language models in a day is used up" in body


async def set_aside(payer: str) -> int:
    """Return how many tokens are set aside for an answer, while it is written."""
    turn = await turns.begin(Question(VOCAL, "mara-lindqvist"), owner=ANYONE, terms=Terms(payer, 10**6))
    async with aclosing(turns.stream(turn)) as events:
        async for event in events:
            if event.type == "token":
                return (await spent(payer)).tokens
    raise AssertionError("nothing was said")


async def hold(payer: str, cap: int, *gates: asyncio.Barrier) -> None:
    """Ask, and keep the answer open between its first words and the last of the gates."""
    turn = await turns.begin(Question(VOCAL, "mara-lindqvist"), owner=ANYONE, terms=Terms(payer, cap))
    async with aclosing(turns.stream(turn)) as events:
        async for event in events:
            if event.type == "token":
                for gate in gates:
                    await asyncio.wait_for(gate.wait(), 30)
                return


async def test_turns_at_once_pass_no_cap_together(model_server: ModelServer, use_model: Use) -> None:
    use_model(model_server)
    for _ in range(7):
        model_server.hang_after("Begin with a ratio. ")
    cap = round(await set_aside("key-measure") * 2.5)
    gates = asyncio.Barrier(7), asyncio.Barrier(7)
    held = [asyncio.create_task(hold("key-at-once", cap, *gates)) for _ in range(6)]
    await asyncio.wait_for(gates[0].wait(), 30)
    tokens = (await spent("key-at-once")).tokens
    await gates[1].wait()
    await asyncio.gather(*held)
    assert 0 < tokens <= cap
