from typing import Any

import httpx2
import pytest

from tests.chat.conversations.visiting import ask, visitor
from tests.site import Site


def rate(client: httpx2.Client, turn: str, rating: str | None, **more: str) -> httpx2.Response:
    return client.post(f"/api/v1/chat/{turn}/feedback", json={"rating": rating, **more})


def kept(client: httpx2.Client, asked: dict[str, Any]) -> Any:
    return client.get(f"/api/v1/conversations/{asked['conversation_id']}").json()["turns"][0]["feedback"]


def test_it_keeps_a_rating_with_its_reason(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        rated = rate(client, asked["turn_id"], "down", reason="too_long", comment=" Half of it. ")
        said = {"rating": "down", "reason": "too_long", "comment": "Half of it."}
        assert rated.json() == {"turn_id": asked["turn_id"], **said}
        assert kept(client, asked) == said


def test_it_keeps_the_last_rating_alone_and_takes_it_back(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        rate(client, asked["turn_id"], "down", reason="wrong")
        rate(client, asked["turn_id"], "up", reason="wrong")
        assert kept(client, asked) == {"rating": "up", "reason": "", "comment": ""}
        rate(client, asked["turn_id"], None)
        assert kept(client, asked) is None


def test_it_takes_no_rating_of_somebody_elses_answer(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other, site.client() as nobody:
        turn = ask(client)["turn_id"]
        assert [rate(who, turn, "up").status_code for who in (other, nobody)] == [404, 404]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("rating", {}),
        ("rating", {"rating": "sideways"}),
        ("reason", {"rating": "down", "reason": "because"}),
        ("comment", {"rating": "down", "comment": "x" * 501}),
        ("comment", {"rating": "down", "comment": "a\0b"}),
    ],
)
def test_it_names_the_field_that_breaks_a_rule(site: Site, field: str, body: dict[str, str]) -> None:
    with visitor(site) as client:
        refused = client.post(f"/api/v1/chat/{ask(client)['turn_id']}/feedback", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
