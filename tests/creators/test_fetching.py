"""Fetching: within limits, and never from one's own network."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address, ip_network
from threading import Thread

import pytest
from pytest_django import Settings

from creators.feeds.fetching import FetchError, fetch, is_public
from tests.creators.web import Page, Web, serving


@pytest.fixture
def web(settings: Settings) -> Iterator[Web]:
    settings.FETCH_ALLOWED_NETWORKS = (ip_network("127.0.0.1/32"),)
    with serving() as served:
        yield served


def test_it_returns_what_is_there_and_where_it_was(web: Web) -> None:
    web.pages = {"/a": Page(status=302, headers={"Location": "/b.vtt"}), "/b.vtt": Page(b"WEBVTT")}
    got = fetch(f"{web.address}/a", most=100)
    assert (got.body, got.url) == (b"WEBVTT", f"{web.address}/b.vtt")


@pytest.mark.parametrize(
    "address",
    """127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 ::1 ::
    fe80::1 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 2002:7f00:1::
    2002:c0a8:101::1 ::127.0.0.1""".split(),
)
def test_it_knows_what_lies_in_a_network_of_ones_own(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_it_takes_addresses_of_the_internet(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"])
def test_it_asks_no_address_of_this_machine(host: str) -> None:
    with serving() as web:
        port = web.address.rpartition(":")[2]
        with pytest.raises(FetchError, match=r"private network|not known"):
            fetch(f"http://{host}:{port}/a", most=100)
        assert web.asked == []


def test_it_follows_no_redirect_into_ones_own_network(web: Web) -> None:
    port = web.address.rpartition(":")[2]
    web.pages = {"/a": Page(status=302, headers={"Location": f"http://127.0.0.2:{port}/b"})}
    with pytest.raises(FetchError, match="private network"):
        fetch(f"{web.address}/a", most=100)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://a.example/x", "//a", "http://", "http://u:p@a.example/", "gopher://a"]
)
def test_it_speaks_http_alone(url: str) -> None:
    with pytest.raises(FetchError, match="no address that can be fetched"):
        fetch(url, most=100)


def test_it_stops_at_the_bytes_that_are_wanted(web: Web) -> None:
    web.pages = {"/a": Page(b"x" * 2**21)}
    with pytest.raises(FetchError, match="more than 1 MiB"):
        fetch(f"{web.address}/a", most=2**20)


def test_it_ends_a_chain_of_redirects(web: Web) -> None:
    web.pages = {"/a": Page(status=301, headers={"Location": "/a"})}
    with pytest.raises(FetchError, match="from one address to the next"):
        fetch(f"{web.address}/a", most=100)
    assert len(web.asked) == 6


def test_it_ends_an_answer_that_trickles(settings: Settings) -> None:
    settings.FETCH_ALLOWED_NETWORKS = (ip_network("127.0.0.1/32"),)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def trickle() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.02)

        Thread(target=trickle, daemon=True).start()
        with pytest.raises(FetchError, match="takes too long"):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", most=100, seconds=0.3)


def test_it_says_what_a_server_refused(web: Web) -> None:
    with pytest.raises(FetchError, match="answered 404 Not Found: check the address"):
        fetch(f"{web.address}/none", most=100)
