"""The chat on another site, over HTTP: who may frame it, what it sets and keeps, and the script that puts it there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import psycopg
import pytest

from tests.site import Site

FRAME = "/embed/mara-lindqvist"
FRIEND = "https://friend.example"


@contextmanager
def allowing(site: Site, *origins: str, creator: str = "mara-lindqvist") -> Iterator[None]:
    """Let these origins embed a creator's chat until the block ends."""
    change = "UPDATE creators_creator SET embed_origins = %s WHERE slug = %s"
    with psycopg.connect(site.database_url, autocommit=True) as connection:
        connection.execute(change, [list(origins), creator])
        try:
            yield
        finally:
            connection.execute(change, [[], creator])


@pytest.fixture
def other_site(site: Site) -> Iterator[httpx2.Client]:
    with site.client() as client:
        yield client


def ancestors(response: httpx2.Response) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", response.headers["content-security-policy"])
    assert found
    return found[1]


def test_it_may_be_framed_by_nobody_else_at_first(other_site: httpx2.Client) -> None:
    assert ancestors(other_site.get(FRAME)) == "'self'"


def test_it_may_be_framed_by_the_sites_on_the_list(other_site: httpx2.Client, site: Site) -> None:
    with allowing(site, FRIEND, "https://*.shop.example"):
        response = other_site.get(FRAME)
    assert ancestors(response) == f"'self' {FRIEND} https://*.shop.example"
    assert "x-frame-options" not in response.headers
    assert "default-src 'none'" in response.headers["content-security-policy"]


def test_the_list_of_one_creator_is_not_that_of_another(other_site: httpx2.Client, site: Site) -> None:
    with allowing(site, FRIEND):
        assert ancestors(other_site.get("/embed/dez-okafor")) == "'self'"


@pytest.mark.parametrize("path", ["/", "/c/mara-lindqvist", "/embed/mara-lindqvist/example", "/embed/nobody"])
def test_no_other_page_may_be_framed(other_site: httpx2.Client, site: Site, path: str) -> None:
    with allowing(site, FRIEND):
        response = other_site.get(path)
    assert ancestors(response) == "'none'"
    assert response.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("path", [FRAME, f"{FRAME}/example", "/embed.js"])
def test_it_sets_no_cookie(other_site: httpx2.Client, path: str) -> None:
    response = other_site.get(path)
    assert response.status_code == 200
    assert "set-cookie" not in response.headers
    assert "csrfmiddlewaretoken" not in response.text
    assert "Cookie" not in response.headers.get("vary", "")


def test_it_sets_no_cookie_for_who_has_a_session(site: Site) -> None:
    with site.client() as visitor:
        visitor.get("/")
        assert "set-cookie" not in visitor.get(FRAME).headers


@pytest.mark.parametrize(("query", "theme"), [("", ""), ("?theme=dark", "dark"), ("?theme=light", "light")])
def test_it_takes_the_theme_of_its_address(other_site: httpx2.Client, query: str, theme: str) -> None:
    found = re.search(r'<html lang="en"(?: data-theme="(\w*)")?>', other_site.get(FRAME + query).text)
    assert found
    assert (found[1] or "") == theme


def test_it_takes_no_other_theme(other_site: httpx2.Client) -> None:
    assert "<b>" not in other_site.get(FRAME, params={"theme": '"><b>'}).text


def test_it_says_whose_it_is_and_leads_to_the_whole_page(other_site: httpx2.Client) -> None:
    page = other_site.get(FRAME).text
    assert "<h1>Ask Mara Lindqvist</h1>" in page
    assert 'href="/c/mara-lindqvist" target="_blank" rel="noopener"' in page
    assert "Dez Okafor" not in page


def test_without_a_script_the_question_goes_to_the_whole_page(other_site: httpx2.Client) -> None:
    assert (
        '<form class="ask" id="ask" method="get" action="/c/mara-lindqvist" target="_blank">'
        in other_site.get(FRAME).text
    )


def test_it_has_no_chat_of_who_is_not_here(other_site: httpx2.Client) -> None:
    assert other_site.get("/embed/nobody").status_code == 404
    assert other_site.get("/embed/nobody/example").status_code == 404


def test_the_script_stays_under_its_address_and_may_be_used_anywhere(other_site: httpx2.Client) -> None:
    response = other_site.get("/embed.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cache-control"] == "public, max-age=600"


def test_the_example_shows_the_line_to_copy(other_site: httpx2.Client, site: Site) -> None:
    page = other_site.get(f"{FRAME}/example").text
    line = f'{site.url}/embed.js" data-creator="mara-lindqvist" async&gt;&lt;/script&gt;'
    assert line in page
    assert '<script src="/embed.js" data-creator="mara-lindqvist" async></script>' in page


def test_the_example_names_the_sites_that_may_show_it(other_site: httpx2.Client, site: Site) -> None:
    assert "No\n  other site may show it yet" in other_site.get(f"{FRAME}/example").text
    with allowing(site, FRIEND):
        assert f"<code>{FRIEND}</code>" in other_site.get(f"{FRAME}/example").text


def test_a_frame_asks_without_a_cookie_and_its_id_is_the_key(site: Site) -> None:
    id_ = "0d9ea6f4-7a4e-4a93-9a0f-3a51a2a0c001"
    first = site.ask("How much pre-delay should a vocal reverb have?", creator="mara-lindqvist", conversation_id=id_)
    assert first.headers["x-conversation-id"] == id_
    assert "set-cookie" not in first.headers
