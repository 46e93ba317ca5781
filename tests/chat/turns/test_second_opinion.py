"""A second look at the receipts of an answer, over HTTP, with a real model server on loopback."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import httpx2
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from chat.events.events import Verdict
from chat.llm import has_judge
from chat.prompts import compose_review
from chat.turns.second_opinion import SecondLook, read_reply
from tests.model_server.server import ModelServer
from tests.site import Site

PRE_DELAY = "How much pre-delay should a vocal reverb have?"
INVENTED = "The pre-delay is 900 milliseconds [1]."
LOOKED = json.dumps({"verdicts": [{"id": 1, "verdict": "unsupported", "reason": "It says twenty."}]})


@pytest.fixture(autouse=True)
def nothing_scripted(site_model: ModelServer) -> None:
    """Forget what an earlier test has left of the script."""
    site_model.forget()


def answered(site: Site) -> str:
    return site.ask().headers["X-Turn-Id"]


def receipts(site: Site, turn: str) -> httpx2.Response:
    with site.client() as client:
        return client.get(f"/api/v1/chat/{turn}/receipts")


def test_it_adds_what_a_model_says_of_a_doubtful_sentence(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(INVENTED)
    turn = answered(model_site)
    site_model.say(LOOKED)
    found = receipts(model_site, turn).json()
    assert found["checked_by"] == "model"
    assert found["citations"][0]["verdict"] == "unsupported"
    assert found["citations"][0]["second_look"] == {"verdict": "unsupported", "reason": "It says twenty."}


def test_it_asks_the_model_once(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(INVENTED)
    turn = answered(model_site)
    site_model.say(LOOKED)
    first = receipts(model_site, turn).json()
    asked = len(site_model.requests)
    assert receipts(model_site, turn).json() == first
    assert len(site_model.requests) == asked


def test_it_shows_the_model_the_passage_as_data(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(INVENTED)
    turn = answered(model_site)
    site_model.say(LOOKED)
    receipts(model_site, turn)
    system, _ = site_model.bodies[-1]["messages"]
    assert "<sentence>The pre-delay is 900 milliseconds.</sentence>" in system["content"]


def test_it_keeps_nothing_of_an_answer_that_goes_meanwhile(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(INVENTED)
    turn = answered(model_site)
    site_model.say_slowly(LOOKED[:20], LOOKED[20:], seconds=1.0)
    with ThreadPoolExecutor(1) as pool, psycopg.connect(model_site.database_url, autocommit=True) as database:
        found = pool.submit(receipts, model_site, turn)
        time.sleep(0.7)
        for what in ("%run-of:{}%", "%run:{}:whole%"):
            database.execute("delete from chrysopedia_cache where cache_key like %s", [what.format(turn)])
        assert found.result().status_code == 404
        kept = database.execute("select 1 from chrysopedia_cache where cache_key like %s", [f"%review:{turn}%"])
        assert kept.fetchall() == []


def test_it_keeps_the_verdicts_where_the_model_talks_nonsense(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(INVENTED)
    turn = answered(model_site)
    site_model.say("I'd rather not.")
    found = receipts(model_site, turn).json()
    assert (found["checked_by"], found["citations"][0]["verdict"]) == ("rules", "unsupported")
    assert found["note"]


def test_it_asks_of_fewer_sentences_where_they_are_too_long(model_site: Site, site_model: ModelServer) -> None:
    site_model.say(*(f"The pre-delay is {number}00 milliseconds [1]. " for number in range(1, 10)))
    turn = answered(model_site)
    site_model.refuse({"error": {"message": "the context size is 1100 tokens", "type": "exceed_context_size_error"}})
    site_model.say(LOOKED)
    assert receipts(model_site, turn).json()["checked_by"] == "model"
    before, after = (str(body["messages"]).count("<pair id") for body in site_model.bodies[-2:])
    assert 1 <= after < before == 9


def test_it_takes_what_stands_in_the_prompt_for_no_verdict() -> None:
    (_, request) = compose_review([("It is so.", "It is."), ("It was.", "It is.")]).messages
    example = request.content[request.content.index("{") : request.content.rindex("}") + 1]
    for text in (example, example.replace(", ...", "")):
        with pytest.raises(ValueError, match=r"\w"):
            read_reply(text)


def test_it_keeps_the_verdicts_beside_one_that_is_none() -> None:
    looked = {"verdicts": [{"id": 1, "reason": "...", "verdict": "..."}, {"id": 2, "reason": "So.", "verdict": "weak"}]}
    assert read_reply(json.dumps(looked)) == {2: SecondLook(verdict=Verdict.WEAK, reason="So.")}


def test_it_asks_for_each_pair_by_its_number() -> None:
    (_, request) = compose_review([("It is so.", "It is.")] * 3).messages
    assert "1, 2, 3" in request.content


def test_it_asks_no_model_where_there_is_none(site: Site) -> None:
    found = receipts(site, answered(site)).json()
    assert found["checked_by"] == "rules"
    assert {citation["verdict"] for citation in found["citations"]} == {"supported"}


@pytest.mark.parametrize(("is_short", "is_judge"), [(True, False), (False, True)])
def test_it_asks_no_small_model_which_calls_nearly_everything_supported(
    is_short: bool, is_judge: bool, settings: Settings
) -> None:
    options = {"base_url": "http://127.0.0.1:1/v1", "model": "some-model", "api_key": "k"}
    primary = {"BACKEND": "chat.llm.openai.OpenAICompatible", "OPTIONS": options, "SHORT_PROMPT": is_short}
    settings.CHAT_MODELS = {"primary": primary}
    assert has_judge() is is_judge


def test_it_waits_for_the_end_of_the_answer(model_site: Site, site_model: ModelServer) -> None:
    site_model.hang_after("Twenty ")
    with (
        httpx2.Client(base_url=model_site.url, timeout=30) as client,
        client.stream("POST", "/api/v1/chat", json={"query": PRE_DELAY}) as response,
    ):
        assert any("Twenty" in line for line in response.iter_lines())
        assert receipts(model_site, response.headers["X-Turn-Id"]).status_code == 409


def test_it_shows_nothing_of_a_turn_that_is_not_there(site: Site) -> None:
    assert receipts(site, "00000000-0000-4000-8000-000000000000").status_code == 404


@given(st.text() | st.recursive(st.none() | st.integers(), st.lists).map(json.dumps).map("{{{}}}".format))
def test_it_refuses_any_reply_that_is_no_review(text: str) -> None:
    try:
        read_reply(text)
    except ValueError as error:
        assert str(error)
