from uuid import uuid4

import httpx2

from tests.chat.conversations.visiting import PRE_DELAY, ask, listed, visitor
from tests.site import Site


def test_it_lists_your_conversations_newest_first(site: Site) -> None:
    with visitor(site) as client:
        first = ask(client)["conversation_id"]
        ask(client, "How loud should a master be?")
        assert listed(client) == ["How loud should a master be?", PRE_DELAY]
        ask(client, "And on drums?", conversation_id=first)
        assert listed(client) == [PRE_DELAY, "How loud should a master be?"]


def test_it_goes_on_with_a_list_where_the_last_part_ended(site: Site) -> None:
    with visitor(site) as client:
        for query in ("One?", "Two?", "Three?"):
            ask(client, query)
        (last,) = client.get("/api/v1/conversations", params={"limit": 1}).json()
        assert listed(client, before=last["conversation_id"]) == ["Two?", "One?"]
        assert client.get("/api/v1/conversations", params={"before": str(uuid4())}).status_code == 404


def test_it_returns_a_conversation_as_it_was_answered(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client, creator="Mara Lindqvist", personality_weight=0.5)
        kept = client.get(f"/api/v1/conversations/{asked['conversation_id']}").json()
        (turn,) = kept["turns"]
        assert {"answer": turn["answer"], "sources": turn["sources"], **turn["ending"]} == asked
        assert (turn["creator"], turn["personality_weight"], turn["state"]) == ("Mara Lindqvist", 0.5, "answered")
        assert (kept["title"], kept["running_turn_id"], kept["share"]) == (PRE_DELAY, None, None)


def test_it_hides_conversations_from_everybody_else(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other, site.client() as nobody:
        path = f"/api/v1/conversations/{ask(client)['conversation_id']}"
        assert [who.get(path).status_code for who in (client, other, nobody)] == [200, 404, 404]
        assert [who.delete(path).status_code for who in (other, nobody)] == [404, 404]
        assert listed(other) == listed(nobody) == []


def test_it_lets_a_caller_without_a_session_have_what_it_can_name(site: Site) -> None:
    with site.client() as client:
        path = f"/api/v1/conversations/{ask(client)['conversation_id']}"
        assert client.get(path).json()["title"] == PRE_DELAY
        assert client.delete("/api/v1/conversations").json() == {"removed": 0}
        assert client.delete(path).status_code == 204
        assert client.get(path).status_code == 404


def test_it_removes_a_conversation_and_what_was_remembered_of_it(site: Site) -> None:
    with visitor(site) as client:
        asked = ask(client)
        assert client.delete(f"/api/v1/conversations/{asked['conversation_id']}").status_code == 204
        body = {"query": "Why?", "conversation_id": asked["conversation_id"], "replaces": asked["turn_id"]}
        assert client.post("/api/v1/chat", json=body).status_code == 404


def test_it_removes_all_that_is_yours(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other:
        for one in (client, client, other):
            ask(one)
        assert client.delete("/api/v1/conversations").json() == {"removed": 2}
        assert (listed(client), listed(other)) == ([], [PRE_DELAY])


def test_it_removes_nothing_for_another_site_in_your_name(site: Site) -> None:
    with visitor(site) as client:
        ask(client)
        assert client.delete("/api/v1/conversations", headers={"X-CSRFToken": "no"}).status_code == 403
        assert listed(client) == [PRE_DELAY]


def test_it_finds_conversations_by_what_was_asked_and_answered(site: Site) -> None:
    with visitor(site) as client:
        ask(client)
        ask(client, "How loud should a master be?")
        assert found(client, "LOUD mast") == ["How loud should a master be?"]
        assert found(client, "gap first reflection") == [PRE_DELAY]
        assert found(client, "sourdough") == []
        assert client.get("/api/v1/conversations", params={"q": "x" * 201}).status_code == 422


def test_it_takes_another_name_for_a_conversation(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other:
        path = f"/api/v1/conversations/{ask(client)['conversation_id']}"
        assert client.patch(path, json={"title": "  Reverbs\u0000 "}).status_code == 422
        assert client.patch(path, json={"title": "  "}).status_code == 422
        assert client.patch(path, json="aaa").status_code == 422  # str has a method ``title``
        assert other.patch(path, json={"title": "Mine"}).status_code == 404
        assert client.patch(path, json={"title": " Reverbs "}).json() == {"title": "Reverbs"}
        assert listed(client) == ["Reverbs"]


def found(client: httpx2.Client, words: str) -> list[str]:
    return [one["title"] for one in client.get("/api/v1/conversations", params={"q": words}).json()]
