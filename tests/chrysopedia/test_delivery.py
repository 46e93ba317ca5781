"""How pages, files and streams go over the line: compressed or not, and kept by browsers or not."""

import re
import threading
from collections.abc import Iterator
from inspect import isawaitable

import httpx2
import pytest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from chrysopedia.middleware import PageCompression
from chrysopedia.static_files import modules_of
from tests.site import Site

CHAT = {"query": "How much pre-delay should a vocal reverb have?"}
ANY = {"Accept-Encoding": "gzip, deflate, br, zstd"}


@pytest.fixture(params=["daphne", "uvicorn"])
def reader(request: pytest.FixtureRequest, site: Site) -> Iterator[httpx2.Client]:
    served = request.getfixturevalue("under_uvicorn") if request.param == "uvicorn" else site
    with served.client(headers=ANY) as client:
        yield client


def files_of(page: httpx2.Response) -> list[str]:
    return sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)))


def test_files_are_named_by_their_content_and_kept_for_good(reader: httpx2.Client) -> None:
    files = files_of(reader.get("/"))
    assert len(files) > 5
    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", path) for path in files)
    assert all("immutable" in reader.get(path).headers["cache-control"] for path in files[:3])


def test_files_are_compressed_as_the_browser_likes_best(reader: httpx2.Client) -> None:
    sheet = next(path for path in files_of(reader.get("/")) if "/page." in path and path.endswith(".css"))
    sizes = {}
    for wanted, given in (("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)):
        response = reader.get(sheet, headers={"Accept-Encoding": wanted})
        assert response.headers.get("content-encoding") == given
        sizes[wanted] = response.num_bytes_downloaded
    assert sizes["gzip, br"] < sizes["gzip"] < sizes["identity"] / 3


def test_a_page_names_every_module_that_it_needs(reader: httpx2.Client) -> None:
    page = reader.get("/").text
    early = re.findall(r'modulepreload" href="/static/(chrysopedia/\w+)\.[0-9a-f]{12}\.js"', page)
    assert [f"{name}.js" for name in early] == list(modules_of("chrysopedia/page.js"))


def test_modules_import_each_other_by_the_names_on_the_page(reader: httpx2.Client) -> None:
    files = files_of(reader.get("/"))
    modules = [path for path in files if path.endswith(".js")]
    imported = {name for path in modules for name in re.findall(r'from "\./([^"]+)"', reader.get(path).text)}
    assert {f"/static/chrysopedia/{name}" for name in imported} < set(files)


@pytest.mark.parametrize("path", ["/", "/c/mara-lindqvist", "/embed/mara-lindqvist", "/embed.js"])
def test_pages_are_compressed(reader: httpx2.Client, path: str) -> None:
    response = reader.get(path)
    assert response.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers["vary"]
    assert response.num_bytes_downloaded < len(response.content) / 2


def test_pages_stay_plain_for_who_can_read_nothing_else(reader: httpx2.Client) -> None:
    response = reader.get("/", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in response.headers
    assert "Accept-Encoding" in response.headers["vary"]


@pytest.mark.parametrize("path", ["/api/v1/chat", "/chat/ask"])
def test_streams_are_never_compressed(reader: httpx2.Client, path: str) -> None:
    response = reader.post(path, json=CHAT)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("path", ["/api/v1/creators", "/api/v1/search?q=reverb", "/healthz"])
def test_the_api_is_never_compressed(reader: httpx2.Client, path: str) -> None:
    assert "content-encoding" not in reader.get(path).headers


def test_the_length_tells_nothing_exact(site: Site) -> None:
    with site.client(headers=ANY) as client:
        lengths = {client.get("/w/compressing-a-lead-vocal").headers["content-length"] for _ in range(8)}
    assert len(lengths) > 1


async def test_pages_are_compressed_without_a_thread(rf: RequestFactory) -> None:
    threads = []

    class Noted(PageCompression):
        def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
            threads.append(threading.current_thread())
            return super().process_response(request, response)

    async def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("a page " * 1000)

    answering = Noted(page)(rf.get("/", headers=ANY))
    assert isawaitable(answering)
    response = await answering
    assert response.headers["Content-Encoding"] == "gzip"
    assert threads == [threading.current_thread()]
