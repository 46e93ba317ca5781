import httpx2

from tests.chat.conversations.visiting import ask, visitor
from tests.site import Site


def share(client: httpx2.Client, conversation: str) -> dict[str, str]:
    response = client.post(f"/api/v1/conversations/{conversation}/share")
    assert response.status_code == 201, response.text
    link: dict[str, str] = response.json()
    return link


def shown(client: httpx2.Client, token: str) -> list[str]:
    return [turn["question"] for turn in client.get(f"/api/v1/share/{token}").json()["turns"]]


def test_it_shows_a_shared_conversation_to_whoever_has_the_link(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        asked = ask(client)
        link = share(client, asked["conversation_id"])
        assert link["url"] == f"{site.url}/share/{link['token']}"
        (turn,) = nobody.get(f"/api/v1/share/{link['token']}").json()["turns"]
        assert (turn["answer"], turn["sources"]) == (asked["answer"], asked["sources"])


def test_it_shows_nothing_that_was_asked_later_until_it_is_shared_again(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        first = ask(client, "One?")["conversation_id"]
        link = share(client, first)
        ask(client, "Two?", conversation_id=first)
        assert shown(nobody, link["token"]) == ["One?"]
        assert share(client, first)["token"] == link["token"]
        assert shown(nobody, link["token"]) == ["One?", "Two?"]


def test_it_says_neither_whose_it_is_nor_what_they_think_of_it(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        asked = ask(client)
        client.post(f"/api/v1/chat/{asked['turn_id']}/feedback", json={"rating": "up"})
        document = nobody.get(f"/api/v1/share/{share(client, asked['conversation_id'])['token']}").json()
        assert set(document) == {"title", "created", "shared", "turns"}
        assert not {"feedback", "personality_weight"} & set(document["turns"][0])


def test_it_takes_the_link_back(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        conversation = ask(client)["conversation_id"]
        token = share(client, conversation)["token"]
        assert client.delete(f"/api/v1/conversations/{conversation}/share").status_code == 204
        assert nobody.get(f"/api/v1/share/{token}").status_code == 404
        assert share(client, conversation)["token"] != token


def test_it_shares_nothing_of_somebody_else(site: Site) -> None:
    with visitor(site) as client, visitor(site) as other:
        path = f"/api/v1/conversations/{ask(client)['conversation_id']}/share"
        assert (other.post(path).status_code, other.delete(path).status_code) == (404, 404)


def test_it_takes_a_conversation_away_from_its_readers_when_it_is_removed(site: Site) -> None:
    with visitor(site) as client, site.client() as nobody:
        conversation = ask(client)["conversation_id"]
        token = share(client, conversation)["token"]
        client.delete(f"/api/v1/conversations/{conversation}")
        assert nobody.get(f"/api/v1/share/{token}").status_code == 404
