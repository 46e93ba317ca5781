"""The ids of conversations and turns are rights: nothing that anybody may read names one, nor a session or an owner."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from django.utils import timezone

from chat import conversations
from chat.conversations.stored import StoredConversation
from chat.events.turn import ANYONE, Owner
from chat.models import Conversation
from chrysopedia.core.database import in_one_hop
from tests.chat.conversations.rows import keep, new_owner
from tests.chrysopedia.addresses import PERSONAL, answer_of, named_addresses, public_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("corpus")]
UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Populated:
    """A site with conversations of several owners, two of them shared: of nobody's session, and of somebody's."""

    tokens: tuple[str, str]
    secrets: frozenset[str]
    conversation: UUID
    turn: UUID

    def addresses(self) -> list[str]:
        first, second = self.tokens
        found = public_addresses(creator="mara-lindqvist", work=WORK, token=first)
        others = [f"/share/{second}", f"/share/{second}.md", f"/api/v1/share/{second}"]
        return [*others, *(address for several in found.values() for address in several)]


WORK = "compressing-a-lead-vocal"


def populate() -> Populated:
    owners = [ANYONE, new_owner(), new_owner(), new_owner()]
    now = timezone.now()
    kept = [keep("How much pre-delay?", "And on drums?", owner=owner, now=now) for owner in owners]
    tokens = [conversations.share(one.public_id, owner=Owner(one.owner), now=now).token for one in kept[:2]]
    ids = [one.public_id for one in kept] + [turn.pk for one in kept for turn in one.turns.all()]
    names = [text for one in ids for text in (str(one), one.hex, one.hex[:8])]
    keys = [owner.key.removeprefix("session-") for owner in owners[1:]]
    first = kept[0].turns.in_order()[0]
    return Populated((tokens[0], tokens[1]), frozenset([*names, *keys]), kept[0].public_id, first.pk)


@pytest.fixture
async def populated() -> AsyncIterator[Populated]:
    before = await in_one_hop(lambda: set(Conversation.objects.values_list("pk", flat=True)))
    yield await in_one_hop(populate)
    await in_one_hop(lambda: Conversation.objects.exclude(pk__in=before).delete())
    await sync_to_async(connections.close_all)()  # what middleware opened in the thread of synchronous code


async def test_it_names_no_conversation_turn_or_owner_where_anybody_may_read(populated: Populated) -> None:
    for address in populated.addresses():
        _, text = await answer_of(AsyncClient(), address)
        named = {secret for secret in populated.secrets if secret in text.lower()}
        assert not named, address


def test_it_walks_every_address_of_the_site() -> None:
    walked = public_addresses(creator="", work="", token="")
    assert set(named_addresses()) <= set(walked) | PERSONAL


async def test_it_gives_a_share_ids_that_open_no_door(populated: Populated) -> None:
    client, (token, _) = AsyncClient(), populated.tokens
    texts = [(await answer_of(client, f"{path}/{token}"))[1] for path in ("/api/v1/share", "/share")]
    for shown in set(UUIDS.findall("".join(texts))):
        for address in ("/chat/{}/export.md", "/chat/turns/{}/events", "/api/v1/chat/{}/events"):
            assert (await client.get(address.format(shown))).status_code == 404
        assert (await client.delete(f"/api/v1/conversations/{shown}")).status_code == 404
        rated = await client.post(f"/api/v1/chat/{shown}/feedback", {"rating": "up"}, content_type="application/json")
        assert rated.status_code == 404


async def test_it_lets_nobody_ask_in_what_a_share_shows(populated: Populated) -> None:
    shared = await in_one_hop(conversations.shared, populated.tokens[0])
    assert isinstance(shared, StoredConversation)
    question = {"query": "Why?", "conversation_id": str(shared.conversation_id)}
    refused = await AsyncClient().post("/api/v1/chat", question, content_type="application/json")
    assert (refused.status_code, "for reading" in refused.json()["detail"]) == (404, True)


async def test_it_keeps_the_members_of_the_contract_in_a_share(populated: Populated) -> None:
    shared = (await AsyncClient().get(f"/api/v1/share/{populated.tokens[0]}")).json()
    first, second = shared["turns"]
    assert first["ending"]["turn_id"] == first["turn_id"] != second["turn_id"]
    assert first["ending"]["conversation_id"] == second["ending"]["conversation_id"]
    assert first["ending"]["citations"]


async def test_it_gives_each_share_ids_of_its_own(populated: Populated) -> None:
    shown = [await in_one_hop(conversations.shared, token) for token in populated.tokens]
    ids = {turn.head.turn_id for one in shown if one for turn in one.turns}
    assert len(ids) == 4


async def test_it_leaves_the_ids_to_their_owner(populated: Populated) -> None:
    own = (await AsyncClient().get(f"/api/v1/conversations/{populated.conversation}")).json()
    assert own["turns"][0]["turn_id"] == own["turns"][0]["ending"]["turn_id"] == str(populated.turn)
