"""The page's own stream: asking and coming back, as HTML."""

import json

import httpx2

from tests.site import Site

ASKED = {"query": "How much pre-delay should a vocal reverb have?"}


def ask(site: Site, **body: object) -> httpx2.Response:
    with site.client() as client:
        return client.post("/chat/ask", json={**ASKED, **body})


def test_it_streams_the_article_of_an_answer(site: Site) -> None:
    answer = ask(site, creator="mara-lindqvist")
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert {"X-Turn-Id", "X-Conversation-Id"} <= {name.title() for name in answer.headers}
    last = json.loads(answer.text.strip().split("data: ")[-1])
    assert f'data-turn="{answer.headers["X-Turn-Id"]}"' in last["html"]
    assert "To Mara Lindqvist" in last["html"]


def test_it_comes_back_to_the_same_events(site: Site) -> None:
    first = ask(site)
    with site.client() as client:
        again = client.get(f"/chat/turns/{first.headers['X-Turn-Id']}/events", params={"after": 1})
    assert again.text == first.text.split("\n\n", 1)[1]


def test_it_refuses_as_the_api_does(site: Site) -> None:
    refused = ask(site, creator="nobody-here")
    assert refused.status_code == 404
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert ask(site, query="").json()["errors"][0]["field"] == "query"


def test_it_is_there_for_its_owner_alone(site: Site) -> None:
    with site.client() as reader:
        reader.get("/")
        token = {"X-CSRFToken": reader.cookies["csrftoken"]}
        turn = reader.post("/chat/ask", json=ASKED, headers=token).headers["X-Turn-Id"]
        assert reader.get(f"/chat/turns/{turn}/events").status_code == 200
    with site.client() as other:
        assert other.get(f"/chat/turns/{turn}/events").status_code == 404
