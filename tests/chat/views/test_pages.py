"""The pages over real HTTP, as a browser without script uses them."""

import re
from collections.abc import Iterator
from html import unescape

import httpx2
import pytest
from django.template.loader import render_to_string

from chat.catalogue.people import Home
from tests.site import Site

DATA = '<script type="application/ld+json">'
"""A block of data, which no browser runs."""
PRE_DELAY = "How much pre-delay should a vocal reverb have?"


@pytest.fixture
def visitor(site: Site) -> Iterator[httpx2.Client]:
    with site.client(follow_redirects=True) as client:
        client.get("/")
        yield client


def submit(visitor: httpx2.Client, path: str = "/", **fields: str) -> httpx2.Response:
    return visitor.post(path, data={"csrfmiddlewaretoken": visitor.cookies["csrftoken"], **fields})


def test_it_shows_who_is_here_and_three_questions(visitor: httpx2.Client) -> None:
    page = visitor.get("/").text
    assert all(name in page for name in ("Dez Okafor", "Ilse Brandt", "Mara Lindqvist"))
    assert page.count('name="example"') == 3


def test_it_gives_the_visitor_a_session_and_a_token(site: Site) -> None:
    with site.client() as client:
        response = client.get("/")
    assert {"sessionid", "csrftoken"} <= set(response.cookies)
    assert "private" in response.headers["cache-control"]


@pytest.mark.parametrize("path", ["/", "/c/mara-lindqvist", "/w/compressing-a-lead-vocal", "/nowhere"])
def test_it_has_no_inline_script_or_style(visitor: httpx2.Client, path: str) -> None:
    page = visitor.get(path).text
    assert "<style" not in page
    assert not re.search(r"\s(style|on\w+)=", page)
    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in tag or tag == DATA for tag in scripts)


@pytest.mark.parametrize("path", ["/", "/c/mara-lindqvist"])
def test_it_names_no_other_host(site: Site, visitor: httpx2.Client, path: str) -> None:
    page = visitor.get(path).text.replace(f'"{site.url}/', '"/')
    assert not re.search(r"(src|href|action)=\"(https?:)?//", page)


def test_it_answers_in_the_page(visitor: httpx2.Client) -> None:
    page = submit(visitor, query=PRE_DELAY, creator="mara-lindqvist", personality_weight="0.5").text
    assert f"<h2>{PRE_DELAY}</h2>" in page
    assert re.search(r'href="#t\w{8}-note-1(-1)?"', page)
    assert "From this creator&#x27;s own works" in page
    assert "No language model wrote this" in page
    assert "Quotations stay as they were said." in page


def test_it_goes_on_with_the_conversation(visitor: httpx2.Client) -> None:
    first = submit(visitor, query=PRE_DELAY).text
    found = re.search(r'name="conversation_id" value="([0-9a-f-]{36})"', first)
    assert found
    assert found[1] in submit(visitor, query="And for strings?", conversation_id=found[1]).text


def test_it_asks_an_example_of_its_creator(visitor: httpx2.Client) -> None:
    page = submit(visitor, query="", example=f"mara-lindqvist {PRE_DELAY}").text
    assert "To Mara Lindqvist" in page


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"query": "  "}, 422, "Type a question first."),
        ({"query": "x" * 1001}, 422, "1001 characters"),
        ({"query": "Why?", "creator": "nobody"}, 404, "no such creator"),
        ({"query": "Why?", "personality_weight": "nan"}, 422, "Ask again"),
    ],
)
def test_it_says_what_is_wrong_and_keeps_the_question(
    visitor: httpx2.Client, fields: dict[str, str], status: int, words: str
) -> None:
    response = submit(visitor, **fields)
    assert response.status_code == status
    assert words in response.text
    assert f">{fields['query']}</textarea>" in response.text


def test_it_takes_no_question_without_the_token(visitor: httpx2.Client) -> None:
    response = visitor.post("/", data={"query": "Why?"})
    assert response.status_code == 403
    assert "too old to ask from" in response.text


def test_it_offers_what_there_is_where_nobody_spoke_of_it(visitor: httpx2.Client) -> None:
    page = submit(visitor, query="Which visa does a chef need for Japan?").text
    assert "They do talk about:" in page
    assert re.search(r'<ul class="topics">\s*<li><a href="/w/[a-z0-9-]+">', page)


def test_it_fills_the_box_from_a_link(visitor: httpx2.Client) -> None:
    assert ">Why not?</textarea>" in visitor.get("/c/mara-lindqvist?query=Why%20not%3F").text


def test_it_shows_a_creator_with_their_works(visitor: httpx2.Client) -> None:
    page = visitor.get("/c/mara-lindqvist").text
    assert "<h1>Ask Mara Lindqvist</h1>" in page
    assert 'href="/w/compressing-a-lead-vocal"' in page
    assert "data-line-4=" in page


def test_it_opens_a_work_at_a_second(site: Site) -> None:
    with site.client() as client:
        response = client.get("/w/compressing-a-lead-vocal?at=60")
        anchor = response.headers["location"].partition("#")[2]
        page = client.get("/w/compressing-a-lead-vocal").text
    assert response.status_code == 302
    assert f'id="{anchor}"' in page


def test_it_marks_the_sentence_of_every_citation(site: Site) -> None:
    cited = site.ask(PRE_DELAY, creator="mara-lindqvist", stream=False).json()["citations"]
    assert cited
    with site.client() as client:
        for citation in cited:
            page = client.get(citation["url"]).text
            marked = re.findall(r"<mark(?: id=\"cited\")?>(.*?)</mark>", page)
            assert page.count('id="cited"') == 1
            assert "".join(unescape("".join(marked)).split()) == "".join(citation["quote"].split())


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("say=Never+said+here", "no longer stands here in these words.</p>"),
        ("say=Never+said+here&at=60", "Marked is what is said at its time.</p>"),
    ],
)
def test_it_says_that_a_sentence_is_gone(visitor: httpx2.Client, query: str, words: str) -> None:
    page = visitor.get(f"/w/compressing-a-lead-vocal?{query}").text
    assert words in page
    assert page.count("<mark") == query.count("at=")


def test_it_sends_a_work_compressed(visitor: httpx2.Client) -> None:
    assert visitor.get("/w/compressing-a-lead-vocal").headers["content-encoding"] == "gzip"


def test_it_lists_the_chapters_and_facts_of_a_work(visitor: httpx2.Client) -> None:
    page = visitor.get("/w/reverb-and-space").text
    assert '<a href="#c-ducking"><span>Ducking</span></a>' in page
    assert '<h2 id="c-ducking">Ducking</h2>' in page
    assert re.search(r"Article · <time datetime=\"2025-09-02\">.*Mixing · English", page)


def test_it_shows_what_a_creator_talks_about(visitor: httpx2.Client) -> None:
    page = visitor.get("/c/mara-lindqvist").text
    assert 'data-query="What does Mara Lindqvist say about pre-delay?"' in page
    assert "4 works · " in page
    assert 'href="/w/reverb-and-space"' in visitor.get("/c/mara-lindqvist/works").text


ABSENT = ["/c/nobody", "/c/nobody/works", "/c/mara-lindqvist/works?page=2", "/c/mara-lindqvist/picture", "/w/nothing"]


@pytest.mark.parametrize("path", [*ABSENT, "/nowhere"])
def test_it_says_that_a_page_is_not_there(visitor: httpx2.Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 404
    assert "There is no such page." in response.text


def test_it_weighs_under_a_hundred_kilobytes(visitor: httpx2.Client) -> None:
    page = visitor.get("/")
    files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    weight, waiting = len(page.content), list(files)
    while waiting:
        text = visitor.get(waiting.pop()).text
        weight += len(text.encode())
        more = {f"/static/chrysopedia/{name}" for name in re.findall(r'^import .*"\./([\w.]+)";$', text, re.M)}
        waiting += more - files
        files |= more
    assert len(files) > 10
    assert weight < 100_000


def test_it_tells_the_operator_how_to_begin() -> None:
    nobody = Home(people=(), chosen=None, examples=(), sample=None)
    page = render_to_string("chat/home.html", {"home": nobody, "words": {}})
    assert "python manage.py ingest CREATOR PATH…" in page
    assert "<form" not in page


def test_it_says_that_the_demo_creators_are_invented(visitor: httpx2.Client) -> None:
    assert "The people here are invented" in visitor.get("/").text
    assert "Mara Lindqvist is invented" in visitor.get("/c/mara-lindqvist").text


def test_it_shows_a_sentence_and_the_place_it_comes_from(visitor: httpx2.Client) -> None:
    sample = visitor.get("/").text.partition('<p class="sample">')[2]
    said, address = re.findall(r'“(.+?)” <sup><a href="([^"]+)"', sample)[0]
    cited = visitor.get(unescape(address)).text.partition('id="cited">')[2]
    assert cited.startswith(said.split()[0])


def test_it_offers_questions_to_go_on_with(visitor: httpx2.Client) -> None:
    offered = visitor.get("/chat/next", params={"creator": "mara-lindqvist", "work": "reverb-and-space"})
    assert re.search(r'name="example" value="mara-lindqvist [A-Z]', offered.text)
    assert visitor.get("/chat/next", params={"creator": "nobody"}).status_code == 204


def test_it_plays_one_demo_work(visitor: httpx2.Client) -> None:
    assert 'href="/w/loudness-and-delivery/sound.wav"' in visitor.get("/w/loudness-and-delivery").text
    whole = visitor.get("/w/loudness-and-delivery/sound.wav")
    part = visitor.get("/w/loudness-and-delivery/sound.wav", headers={"Range": "bytes=1000-1999"})
    assert (whole.headers["Content-Type"], whole.content[:4]) == ("audio/wav", b"RIFF")
    assert (part.status_code, part.content) == (206, whole.content[1000:2000])
    assert visitor.get("/w/reverb-and-space/sound.wav").status_code == 404
