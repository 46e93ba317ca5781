"""API keys: who is let in by one, to what, and until when."""

import asyncio
import json
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import AsyncClient
from django.utils import timezone
from pytest_django import Settings

from chat.conversations import keys
from chat.events.turn import Question
from chat.models import ApiKey
from chat.turns import ask
from chrysopedia.core.database import in_one_hop
from tests.chat.asking import VOCAL
from tests.chat.doors.caller import MakeKey, bearer
from tests.model_server.server import ModelServer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
WRONG = "cp_" + "x" * 40


async def chat(secret: str = "", *, headers: dict[str, str] | None = None, **body: Any) -> HttpResponse:
    sent = {**(bearer(secret) if secret else {}), **(headers or {})}
    question = {"query": VOCAL, "stream": False, **body}
    return await AsyncClient().post("/api/v1/chat", question, "application/json", headers=sent)  # type: ignore[return-value]  # it isn't streamed


async def test_it_answers_a_key(make_key: MakeKey) -> None:
    assert (await chat(await make_key())).status_code == 200


@pytest.mark.parametrize("secret", [WRONG, "cp_short", "sk-of-another-service", ""])
async def test_it_refuses_what_is_no_key(secret: str) -> None:
    answer = await chat(headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert json.loads(answer.content)["title"] == "Unauthorized"


@pytest.mark.parametrize("path", ["search?q=ratio", "conversations", f"chat/{UUID(int=7)}/events"])
async def test_it_refuses_a_wrong_key_wherever_it_is_sent(path: str) -> None:
    assert (await AsyncClient().get(f"/api/v1/{path}", headers=bearer(WRONG))).status_code == 401


async def test_it_takes_a_word_for_no_key() -> None:
    assert (await chat(keys.NOBODY)).status_code == 200


async def test_it_refuses_a_key_past_its_time(make_key: MakeKey) -> None:
    assert (await chat(await make_key(expires=timezone.now() - timedelta(seconds=1)))).status_code == 401


async def test_it_refuses_a_revoked_key_at_once(make_key: MakeKey) -> None:
    secret = await make_key()
    key = await in_one_hop(ApiKey.objects.get, digest=keys._digest(secret))
    assert (await chat(secret)).status_code == 200
    await keys.revoke(key.pk, now=timezone.now())
    assert (await chat(secret)).status_code == 401


async def test_it_stops_what_is_written_for_a_revoked_key(
    make_key: MakeKey, model_server: ModelServer, use_model: Any
) -> None:
    use_model(model_server)
    model_server.hang_after("Begin with a ratio of four to one. ")
    key = await in_one_hop(ApiKey.objects.get, digest=keys._digest(await make_key()))
    run = await ask(Question(VOCAL), owner=keys.Grant(key.pk, frozenset()).owner)
    await asyncio.sleep(0)
    assert await keys.revoke(key.pk, now=timezone.now()) == 1
    assert run.ended.is_set()


async def test_it_keeps_the_conversations_of_a_key_to_itself(make_key: MakeKey) -> None:
    mine, others = await make_key(), await make_key()
    turn_id = json.loads((await chat(mine)).content)["turn_id"]
    path = f"/api/v1/chat/{turn_id}/events"
    got = [(await AsyncClient().get(path, headers=one)).status_code for one in (bearer(mine), bearer(others), {})]
    assert got == [200, 404, 404]


async def test_it_lists_the_conversations_of_a_key(make_key: MakeKey) -> None:
    secret = await make_key()
    await chat(secret)
    listed = await AsyncClient().get("/api/v1/conversations", headers=bearer(secret))
    assert [one["title"] for one in listed.json()] == [VOCAL]


async def test_it_holds_a_key_to_its_scopes(make_key: MakeKey) -> None:
    searching = await make_key(scopes=["search"])
    assert (await chat(searching)).status_code == 403
    assert (await AsyncClient().get("/api/v1/search?q=ratio", headers=bearer(searching))).status_code == 200


@pytest.mark.parametrize(("creator", "status"), [("Mara Lindqvist", 200), ("dez-okafor", 403), (None, 403)])
async def test_it_holds_a_key_to_its_creators(make_key: MakeKey, creator: str | None, status: int) -> None:
    assert (await chat(await make_key(creators=["mara-lindqvist"]), creator=creator)).status_code == status


@pytest.mark.parametrize(("origin", "status"), [("https://a.example", 200), ("https://b.example", 403)])
async def test_it_holds_a_key_to_its_origins(make_key: MakeKey, origin: str, status: int) -> None:
    secret = await make_key(origins=["https://a.example"])
    assert (await chat(secret, headers={"Origin": origin})).status_code == status


async def test_it_counts_a_key_by_its_own_limit(make_key: MakeKey) -> None:
    secret = await make_key(questions_per_minute=1)
    answers = [await chat(secret) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"questions";q=1;w=60'


async def test_it_knows_when_a_key_was_used(make_key: MakeKey) -> None:
    secret = await make_key()
    await chat(secret)
    assert (await in_one_hop(ApiKey.objects.get, digest=keys._digest(secret))).last_used is not None


async def test_it_may_want_a_key_of_everybody(make_key: MakeKey, settings: Settings) -> None:
    settings.ANONYMOUS_API = False
    assert [(await chat()).status_code, (await chat(await make_key())).status_code] == [401, 200]
    assert (await AsyncClient().get("/api/v1/search?q=ratio")).status_code == 401


async def test_it_goes_on_answering_the_page_then(settings: Settings) -> None:
    settings.ANONYMOUS_API = False
    answer = await AsyncClient().post("/chat/ask", {"query": VOCAL}, "application/json")
    answer.close()
    assert answer.status_code == 200


def test_it_stores_no_secret(db: None) -> None:
    out = StringIO()
    call_command("key", "add", "of a site", "--creator", "Mara Lindqvist", stdout=out, stderr=StringIO())
    secret, key = out.getvalue().strip(), ApiKey.objects.get(name="of a site")
    assert secret.startswith(key.beginning) and secret not in str(vars(key))
    assert keys.grant_for(secret, now=timezone.now()).creators == {"mara-lindqvist"}


def test_it_lists_keys_without_their_secrets(db: None) -> None:
    out = StringIO()
    secret = keys.make(ApiKey(name="listed", scopes=["chat"]))
    call_command("key", "list", stdout=out)
    assert "listed  in force  chat  never used" in out.getvalue() and secret not in out.getvalue()


def test_it_changes_what_a_key_may_spend(db: None) -> None:
    keys.make(ApiKey(name="spends", scopes=["chat"]))
    call_command("key", "limit", "spends", "--tokens", "5000", "--money", "0.5", stdout=StringIO())
    out, everybody = StringIO(), StringIO()
    call_command("key", "list", stdout=out, stderr=everybody)
    assert "0 of 5,000 tokens, 0.00 of 0.50" in out.getvalue()
    assert "Everybody together: " in everybody.getvalue()


@pytest.mark.parametrize(("prices", "is_told"), [(None, True), ((0.0, 0.0), False), ((0.25, 2.0), False)])
def test_it_says_where_money_is_not_counted(
    db: None, settings: Settings, prices: tuple[float, float] | None, is_told: bool
) -> None:
    settings.CHAT_MODELS = {"primary": {"PRICES": prices}}
    keys.make(ApiKey(name="unpriced", scopes=["chat"]))
    told = StringIO()
    call_command("key", "limit", "unpriced", "--money", "1.50", stdout=StringIO(), stderr=told)
    assert ("LLM_INPUT_PRICE" in told.getvalue()) == is_told


@pytest.mark.parametrize("options", [[], ["--tokens", "-1"], *(["--money", text] for text in ("x", "NaN", "1e9"))])
def test_it_says_which_limit_is_no_use(db: None, options: list[str]) -> None:
    keys.make(ApiKey(name="limited", scopes=["chat"]))
    with pytest.raises(CommandError):
        call_command("key", "limit", "limited", *options)


async def test_it_quotes_for_a_key_that_has_spent_all(
    make_key: MakeKey, model_server: ModelServer, use_model: Any
) -> None:
    use_model(model_server)
    told = json.loads((await chat(await make_key(tokens_per_day=1))).content)
    assert (told["answered_by"], model_server.requests) == ("quotes", [])
    assert "this key" in told["model_note"]


async def use_tool(secret: str, name: str, **arguments: Any) -> Any:
    params = {"name": name, "arguments": arguments}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return await AsyncClient().post("/mcp", message, "application/json", headers=bearer(secret))


async def test_it_holds_agents_to_their_keys(make_key: MakeKey) -> None:
    secret = await make_key(scopes=["search"], creators=["mara-lindqvist"])
    refused = [("ask", {"question": VOCAL}), ("search", {"query": "ratio"})]
    answers = [(await use_tool(secret, name, **given)).json() for name, given in refused]
    assert [answer["result"].get("isError") for answer in answers] == [True, True]
    allowed = (await use_tool(secret, "search", query="ratio", creator="mara")).json()
    assert allowed["result"]["structuredContent"]["passages"]


async def test_it_refuses_agents_with_a_wrong_key() -> None:
    assert (await use_tool(WRONG, "list_creators")).status_code == 401
