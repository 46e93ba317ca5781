"""A conversation's own page, and the thread that the script asks for, over real HTTP."""

from collections.abc import Iterator
from uuid import uuid4

import httpx2
import pytest

from tests.site import Site

QUERY = "How much pre-delay should a vocal reverb have?"


@pytest.fixture
def visitor(site: Site) -> Iterator[httpx2.Client]:
    with site.client() as client:
        client.get("/")
        yield client


def ask(visitor: httpx2.Client, path: str = "/", **fields: str) -> httpx2.Response:
    return visitor.post(path, data={"csrfmiddlewaretoken": visitor.cookies["csrftoken"], "query": QUERY, **fields})


def test_it_leads_to_the_conversation_so_that_a_reload_asks_nothing(visitor: httpx2.Client) -> None:
    answer = ask(visitor)
    assert answer.status_code == 302
    page = visitor.get(answer.headers["Location"])
    assert f"<h2>{QUERY}</h2>" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.text.count('class="turn"') == visitor.get(answer.headers["Location"]).text.count('class="turn"')


def test_it_goes_on_where_the_last_question_went(visitor: httpx2.Client) -> None:
    path = ask(visitor, creator="mara-lindqvist").headers["Location"].split("#")[0]
    assert '<option value="mara-lindqvist" selected' in visitor.get(path).text
    conversation = path.rsplit("/", 1)[1]
    assert ask(visitor, path, conversation_id=conversation).headers["Location"].startswith(path)
    assert visitor.get(path).text.count(f"<h2>{QUERY}</h2>") == 2


def test_it_lists_what_this_browser_asked(visitor: httpx2.Client, site: Site) -> None:
    path = ask(visitor).headers["Location"].split("#")[0]
    assert f'href="{path}"' in visitor.get("/").text
    with site.client() as other:
        assert path not in other.get("/").text


def test_it_is_gone_for_anyone_else_and_says_so(visitor: httpx2.Client, site: Site) -> None:
    path = ask(visitor).headers["Location"].split("#")[0]
    with site.client() as other:
        page = other.get(path)
    assert page.status_code == 404
    assert "That conversation is not here any more" in page.text
    assert QUERY not in page.text


def test_it_gives_the_thread_alone(visitor: httpx2.Client) -> None:
    path = ask(visitor).headers["Location"].split("#")[0]
    thread = visitor.get(path, headers={"X-Fragment": "thread"})
    assert thread.text.lstrip().startswith('<div class="thread"')
    assert "no-store" in thread.headers["Cache-Control"]
    gone = visitor.get(f"/chat/{uuid4()}", headers={"X-Fragment": "thread"})
    assert (gone.status_code, gone.headers["Content-Type"][:24]) == (404, "application/problem+json")


def test_it_keeps_a_refused_question_in_the_box(visitor: httpx2.Client) -> None:
    page = ask(visitor, creator="nobody-here")
    assert page.status_code == 404
    assert f">{QUERY}</textarea>" in page.text
