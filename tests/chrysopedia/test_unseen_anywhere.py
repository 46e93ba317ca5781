"""What nobody sees stands in every stored text, and leaves by no door: page, API, stream, file, admin or command."""

import json
import logging
import re
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from html import unescape
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import ManagementUtility
from django.db import connections
from django.test import AsyncClient, Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from chrysopedia.core.database import in_one_hop
from chrysopedia.core.logs import LineFormatter
from tests.chat.sse import events_in
from tests.chrysopedia.addresses import answer_of, public_addresses
from tests.chrysopedia.spoilt import SPOILT, Spoilt, spoilable_models, spoilt
from tests.unseen import SEVERAL, STORED, UNSEEN

pytestmark = pytest.mark.django_db
ASKED = f"What ratio{STORED} on a lead vocal?"


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Spoilt]:
    with django_db_blocker.unblock(), ThreadPoolExecutor(1) as thread, ExitStack() as stack:
        yield thread.submit(stack.enter_context, spoilt()).result()
        thread.submit(stack.close).result()
        thread.submit(connections.close_all).result()


@pytest.fixture
async def owner(house: Spoilt) -> AsyncIterator[AsyncClient]:
    """The browser whose conversation is spoilt."""
    client = AsyncClient()
    client.cookies[settings.SESSION_COOKIE_NAME] = await in_one_hop(_session_of, house)
    yield client
    await sync_to_async(connections.close_all)()


def _session_of(house: Spoilt) -> str:
    session = SessionStore()
    session["owner"] = house.owner.key.removeprefix("session-")
    session.create()
    return str(session.session_key)


def unseen_in(text: str, *, is_json_read: bool = True) -> frozenset[str]:
    """Return what nobody sees of a text, be it written as HTML or JSON writes it."""
    escaped = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text) if is_json_read else ""
    return UNSEEN & set(text + unescape(text) + escaped)


async def test_it_leaves_by_no_public_address(house: Spoilt, owner: AsyncClient) -> None:
    addresses = public_addresses(creator=SPOILT, work=house.work, token=house.token)
    for address in (one for several in addresses.values() for one in several):
        _, text = await answer_of(owner, address)
        assert not unseen_in(text), address


async def test_it_leaves_by_no_address_of_its_owner(house: Spoilt, owner: AsyncClient) -> None:
    page, api = f"/chat/{house.conversation}", "/api/v1/conversations"
    files = [f"{page}/export.md", f"{page}/export.txt", f"{page}/export.txt?turn={house.turn}"]
    for address in (page, *files, api, f"{api}/{house.conversation}", f"/chat/turns/{house.turn}/events"):
        status, text = await answer_of(owner, address)
        assert (status, sorted(unseen_in(text))) == (200, []), address
    fragment = await owner.get(page, headers={"X-Fragment": "thread"})
    assert not unseen_in(fragment.content.decode())


@pytest.mark.parametrize("path", ["/api/v1/chat", "/chat/ask"])
async def test_it_leaves_by_no_stream(house: Spoilt, path: str) -> None:
    body = {"query": ASKED, "creator": SPOILT, "personality_weight": 0.5}
    response = await AsyncClient().post(path, body, content_type="application/json")
    data = b"".join([part async for part in response]).decode()  # type: ignore[attr-defined]  # it is a stream
    assert [event for _, event, _ in events_in(data)][-1] == "done"
    assert not unseen_in(data)


async def test_it_says_the_same_as_json_and_as_a_stream(house: Spoilt) -> None:
    body = {"query": ASKED, "creator": SPOILT}
    client = AsyncClient()
    whole = (await client.post("/api/v1/chat", {**body, "stream": False}, content_type="application/json")).json()
    stream = await client.post("/api/v1/chat", body, content_type="application/json")
    data = b"".join([part async for part in stream]).decode()  # type: ignore[attr-defined]  # it is a stream
    assert "".join(text for _, event, text in events_in(data) if event == "token") == whole["answer"]
    assert not unseen_in(json.dumps(whole, ensure_ascii=False))


async def test_it_is_no_question() -> None:
    client = AsyncClient()
    asked = await client.post("/api/v1/chat", {"query": STORED}, content_type="application/json")
    searched = await client.get("/api/v1/search", {"q": STORED})
    assert (asked.status_code, searched.status_code) == (422, 422)


WITHOUT_PAGES = {
    "personality",
    "chunk",
    "turn",
    "conversation",
    "episode",
    "jobfile",
    "expectedpassage",
    "recut",
    "workfile",
}
"""Models whose rows are shown with others, or by other names."""


def admin_pages(rows: Any) -> Iterator[str]:
    for row in rows:
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}"
        if row._meta.model_name not in WITHOUT_PAGES:
            yield reverse(f"{name}_changelist")
            yield from (reverse(f"{name}_{page}", args=[row.pk]) for page in ("change", "history", "delete"))
        if row._meta.model_name == "creator":
            yield from (reverse(f"admin:creators_{page}", args=[row.pk]) for page in ("draft", "voice"))
        if row._meta.model_name == "work":
            yield reverse("admin:chat_shape", args=[row.pk])
        if row._meta.model_name == "chunk":
            yield reverse("admin:chat_passage", args=[row.work_id, row.pk])


def test_it_leaves_by_no_page_of_the_admin(house: Spoilt, admin_client: Client) -> None:
    for address in dict.fromkeys(admin_pages(house.rows)):
        response = admin_client.get(address)
        # Where JSON is edited a curator sees its escapes.
        found = unseen_in(response.content.decode(), is_json_read=False)
        assert response.status_code in {200, 403}, (address, response.status_code, response.headers)
        assert not found, address


@pytest.mark.parametrize(
    "arguments",
    [
        ("glossary", "list", SPOILT),
        ("glossary", "suggest", SPOILT, "--term", f"ser{STORED}um"),
        ("personality", SPOILT, "--count", "--dry-run"),
        ("voice", SPOILT),
        ("voice", f"no{STORED}body"),
        ("forget", f"no{STORED}body"),
        ("ingest", SPOILT, f"no{SEVERAL}thing.txt"),
    ],
    ids=lambda arguments: " ".join(arguments[:2]).translate(dict.fromkeys(map(ord, STORED))),
)
def test_it_leaves_by_no_command(house: Spoilt, arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]) -> None:
    with ThreadPoolExecutor(1) as thread:  # as its end closes the connections of its thread
        thread.submit(_run, arguments).result()
    shown = "".join(capfd.readouterr())
    assert shown
    assert not unseen_in(shown)


def _run(arguments: tuple[str, ...]) -> None:
    with suppress(SystemExit):
        ManagementUtility(["manage.py", *arguments]).execute()


def test_it_leaves_by_no_line_of_the_log() -> None:
    record = logging.makeLogRecord({"msg": "no %s: %s", "args": ("file", STORED), "question": STORED})
    assert not UNSEEN & set(LineFormatter().format(record))


def test_it_is_planted_in_every_model_with_words(house: Spoilt) -> None:
    assert spoilable_models() == {type(row).__name__ for row in house.rows}
