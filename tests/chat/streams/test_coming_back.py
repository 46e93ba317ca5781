"""Leaving an answer and coming back to it, over HTTP, from the process that writes it and from another one."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
import pytest

from tests.chat.sse import events_in
from tests.model_server.server import ModelServer
from tests.site import Site, second_site

ASKED = {"query": "How much pre-delay should a vocal reverb have?"}


@pytest.fixture(autouse=True)
def nothing_scripted(site_model: ModelServer) -> None:
    """Forget what an earlier test has left of the script and of the signs."""
    site_model.forget()


@asynccontextmanager
async def asking(site: Site, **more: object) -> AsyncIterator[tuple[httpx2.AsyncClient, httpx2.Response, str]]:
    """Ask, and read up to the first token; the client, the response and the turn's id."""
    async with (
        httpx2.AsyncClient(base_url=site.url, timeout=30) as client,
        client.stream("POST", "/api/v1/chat", json={**ASKED, **more}) as response,
    ):
        got = ""
        parts = response.aiter_text()
        while "event: token" not in got:
            got += await anext(parts)
        response.extensions["rest"] = parts
        yield client, response, response.headers["X-Turn-Id"]


async def leave(site: Site, **more: object) -> tuple[str, str]:
    """Ask and leave after the first token; the ids of the turn and the conversation."""
    async with asking(site, **more) as (_, response, turn):
        return turn, response.headers["X-Conversation-Id"]


def come_back(site: Site, turn: str, *, after: object = 0, last_id: object = "") -> httpx2.Response:
    with site.client() as client:
        headers = {"Last-Event-ID": str(last_id)} if last_id else {}
        return client.get(f"/api/v1/chat/{turn}/events", params={"after": str(after)}, headers=headers)


def stop(site: Site, turn: str) -> httpx2.Response:
    with site.client() as client:
        return client.post(f"/api/v1/chat/{turn}/stop")


def test_it_gives_the_same_bytes_again_from_either_process(site: Site, model_site: Site) -> None:
    asked = model_site.ask()
    turn = asked.headers["X-Turn-Id"]
    time.sleep(1)
    assert asked.text == come_back(model_site, turn).text == come_back(site, turn).text


@pytest.mark.parametrize("how", [{"after": 1}, {"last_id": "1"}, {"after": 1, "last_id": "0"}])
def test_it_goes_on_after_the_last_event_received(model_site: Site, how: dict[str, object]) -> None:
    turn = model_site.ask().headers["X-Turn-Id"]
    assert events_in(come_back(model_site, turn, **how).text)[0][0] == 2


async def test_it_goes_on_while_it_is_being_written(site: Site, model_site: Site, site_model: ModelServer) -> None:
    site_model.say_slowly("Twenty ", "milli", "seconds [1].", seconds=0.5)
    turn, _ = await leave(model_site)
    here, there = await asyncio.gather(*(asyncio.to_thread(come_back, one, turn) for one in (model_site, site)))
    assert here.text == there.text
    assert "".join(data for _, kind, data in events_in(here.text) if kind == "token") == "Twenty milliseconds [1]."


def test_it_tells_a_browser_not_to_come_again(model_site: Site) -> None:
    asked = model_site.ask()
    last = events_in(asked.text)[-1][0]
    assert come_back(model_site, asked.headers["X-Turn-Id"], last_id=str(last)).status_code == 204


@pytest.mark.parametrize("how", [{"last_id": "x"}, {"last_id": "-1"}, {"after": -1}, {"last_id": "9" * 40}])
def test_it_refuses_what_is_no_number(model_site: Site, how: dict[str, object]) -> None:
    turn = model_site.ask().headers["X-Turn-Id"]
    assert come_back(model_site, turn, **how).status_code == 422


def test_it_does_not_know_a_turn_that_never_was(model_site: Site) -> None:
    turn = "0b0e4a1e-7f5c-4c39-9d5e-2f1f6a4f2a11"
    assert (come_back(model_site, turn).status_code, stop(model_site, turn).status_code) == (404, 404)


@pytest.mark.parametrize("where", ["site", "model_site"])
def test_it_is_not_there_for_another_owner(model_site: Site, where: str, request: pytest.FixtureRequest) -> None:
    other: Site = request.getfixturevalue(where)
    with model_site.client() as client:
        client.get("/")
        headers = {"X-CSRFToken": client.cookies["csrftoken"], "Origin": model_site.url}
        turn = client.post("/api/v1/chat", json=ASKED, headers=headers).headers["X-Turn-Id"]
        assert client.get(f"/api/v1/chat/{turn}/events").status_code == 200
    assert (come_back(other, turn).status_code, stop(other, turn).status_code) == (404, 404)


@pytest.mark.parametrize("where", ["site", "model_site"])
async def test_it_stops_from_either_process(
    model_site: Site, site_model: ModelServer, where: str, request: pytest.FixtureRequest
) -> None:
    site_model.hang_after("Twenty ")
    async with asking(model_site) as (_, response, turn):
        began = time.monotonic()
        stopped = await asyncio.to_thread(stop, request.getfixturevalue(where), turn)
        await response.aclose()
    assert stopped.json() == {"turn_id": turn, "ended": True}
    assert time.monotonic() - began < 1.5
    assert await site_model.until_closed_early()


async def test_it_keeps_what_was_said_and_what_it_cost(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    async with asking(model_site) as (_, response, turn):
        await asyncio.to_thread(stop, model_site, turn)
        await response.aclose()
    done = events_in((await asyncio.to_thread(come_back, model_site, turn)).text)[-1][2]
    assert (done["finish"], done["answered_by"]) == ("stopped", "model")
    assert (done["usage"]["completion_tokens"], done["usage"]["estimated"]) == (1, True)


async def test_it_remembers_a_stopped_turn(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty milliseconds ")
    turn, conversation = await leave(model_site)
    await asyncio.to_thread(stop, model_site, turn)
    await asyncio.to_thread(model_site.ask, "And on drums?", conversation_id=conversation)
    said = [message["content"] for message in site_model.bodies[-1]["messages"]]
    assert "Twenty milliseconds" in said


@pytest.mark.parametrize("where", ["site", "model_site"])
async def test_it_gives_way_to_the_next_question_once_its_reader_has_left(
    model_site: Site, site_model: ModelServer, where: str, request: pytest.FixtureRequest
) -> None:
    site_model.hang_after("Twenty ")
    _, conversation = await leave(model_site)
    await asyncio.sleep(0.7)
    again = await asyncio.to_thread(request.getfixturevalue(where).ask, conversation_id=conversation)
    assert again.status_code == 200


async def test_it_does_not_give_way_while_it_is_read(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    async with asking(model_site) as (client, response, turn):
        asked = {**ASKED, "conversation_id": response.headers["X-Conversation-Id"]}
        refused = await client.post("/api/v1/chat", json=asked)
    assert (refused.status_code, refused.json()["running_turn_id"]) == (409, turn)


async def test_it_ends_a_json_answer_whose_caller_left(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    async with httpx2.AsyncClient(base_url=model_site.url, timeout=0.5) as client:
        with pytest.raises(httpx2.ReadTimeout):
            await client.post("/api/v1/chat", json={**ASKED, "stream": False})
    assert await site_model.until_closed_early()


async def test_it_writes_as_many_answers_as_it_may_and_tells_of_its_end(site: Site) -> None:
    with ModelServer() as model, second_site(site, model, MAX_RUNS="1") as ending:
        model.hang_after("Twenty ")
        async with asking(ending) as (_, response, turn):
            refused = await asyncio.to_thread(ending.ask)
            ending.end()
            rest = "".join([part async for part in response.extensions["rest"]])
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert '"finish": "stopped"' in rest
    assert (await asyncio.to_thread(come_back, site, turn)).text.endswith(rest[-200:])
