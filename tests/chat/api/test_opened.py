"""Readers who go from an answer to its source: counted by work and day, of answers of their own alone."""

from ipaddress import ip_network
from uuid import UUID

import pytest
from django.test import AsyncClient
from pytest_django import Settings

from chat import conversations
from chat.events.turn import Owner
from chat.models import WorkDay
from chrysopedia.core.errors import Problem
from tests.chat.conversations.rows import NOW, keep, new_owner
from tests.chat.conversations.visiting import ask, visitor
from tests.site import Site


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
def test_it_counts_each_click() -> None:
    owner = new_owner()
    turn = keep("Why?", owner=owner).turns.get()
    for _ in range(2):
        conversations.opened(turn.pk, work="reverb-and-space", owner=owner, now=NOW)
    assert WorkDay.objects.get(day=NOW.date(), work__slug="reverb-and-space").clicks == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
@pytest.mark.parametrize(("work", "is_own"), [("kick-and-808", True), ("nowhere", True), ("reverb-and-space", False)])
def test_it_counts_nothing_else(work: str, is_own: bool) -> None:
    owner = new_owner()
    turn = keep("Why?", owner=owner).turns.get()
    with pytest.raises(Problem):
        conversations.opened(turn.pk, work=work, owner=owner if is_own else Owner("session-else"), now=NOW)
    assert not WorkDay.objects.exists()


def test_a_door_takes_it(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        work = asked["sources"][0]["work"]
        address = f"/api/v1/chat/{asked['turn_id']}/opened"
        assert client.post(address, json={"work": work}).status_code == 204
        assert client.post(address, json={"work": "nowhere"}).status_code == 404
        assert client.post(address, json={}).status_code == 422


@pytest.mark.django_db
@pytest.mark.usefixtures("corpus")
async def test_it_leaves_ratings_what_they_have(settings: Settings) -> None:
    settings.LIMITS = {**settings.LIMITS, "opened": (1, 60), "feedback": (1, 60)}
    settings.TRUSTED_PROXIES = (ip_network("127.0.0.1"),)

    async def status(what: str, body: dict[str, str]) -> int:
        path, sent = f"/api/v1/chat/{UUID(int=7)}/{what}", {"X-Forwarded-For": "192.0.2.77"}
        return (await AsyncClient().post(path, body, "application/json", headers=sent)).status_code

    assert [await status("opened", {"work": "x"}) for _ in range(2)] == [404, 429]
    assert await status("feedback", {"rating": "up"}) == 404
