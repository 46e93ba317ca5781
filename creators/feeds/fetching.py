"""One GET of somebody else's server: bounded in bytes and time, and never of an address within one's own network.

The name is looked up once for each connection, its addresses are checked, and the connection goes to one of them, so
that no second look-up can lead elsewhere; a redirect is a new connection. Proxies of the environment are not used.
"""

import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore2
from django.conf import settings
from django.utils.encoding import iri_to_uri

SECONDS = 30.0
"""For everything, redirects included."""
MOST_REDIRECTS = 5
_NAT64 = ip_network("64:ff9b::/96")
_AGENT = "Chrysopedia/0.1 (+transcripts)"


@dataclass(eq=False)
class FetchError(Exception):
    """Nothing was fetched, in words that say what to do; ``status`` is the server's where it answered."""

    reason: str
    status: int = 0
    retry_after: float = 0.0
    """Seconds that the server asked to wait."""

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer with its body; ``status`` is 200 or 304. ``url`` is where it came from in the end."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is somewhere on the internet, or in a network that the settings allow.

    An IPv4 address within an IPv6 one counts as itself: mapped, 6to4, Teredo and NAT64.
    """
    allowed = settings.FETCH_ALLOWED_NETWORKS
    if any(address in network for network in allowed):
        return True
    within: list[IPv4Address | IPv6Address] = [address]
    if isinstance(address, IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or int(address) >> 32 == 0:
            inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
        within = [one for one in inner if one is not None] or within
    return all(one.is_global and not one.is_multicast for one in within)


class _Stream(httpcore2.NetworkStream):
    """A connection of which no reading or writing goes on past the deadline, however slowly bytes trickle."""

    def __init__(self, stream: httpcore2.NetworkStream, *, until: float) -> None:
        self._stream, self._until = stream, until

    def _left(self, error: type[Exception]) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise error("too slow")
        return left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._left(httpcore2.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left), until=self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _PublicNetwork(httpcore2.NetworkBackend):
    """Connects to public addresses alone, to the very ones that it has checked."""

    def __init__(self, *, until: float) -> None:
        self._until = until
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception | None = None
        for address in addresses_of(host, port):
            left = self._until - time.monotonic()
            if left <= 0:
                raise httpcore2.ConnectTimeout("too slow")
            try:
                return _Stream(self._sockets.connect_tcp(address, port, min(left, 10.0)), until=self._until)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore2.ConnectError("no address")


def addresses_of(host: str, port: int) -> list[str]:
    """Return the addresses of a host; raises ``FetchError`` where there are none, or one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchError(f"{host} is not known: check the address.") from None
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
    for address in addresses:
        if "%" in address or not is_public(ip_address(address)):
            raise FetchError(
                f"{host} lies in a private network and is not fetched; upload the file, or have whoever runs this "
                "allow the network (FETCH_ALLOWED_NETWORKS)."
            )
    return addresses


def fetch(url: str, *, most: int, headers: Mapping[str, str] | None = None, seconds: float = SECONDS) -> Fetched:
    """Return what a server answers to a GET, at most ``most`` bytes of it. Raises ``FetchError`` for all else."""
    until = time.monotonic() + seconds
    for _ in range(MOST_REDIRECTS + 1):
        _check(url)
        answer = _get(url, most=most, headers=headers or {}, until=until)
        if not isinstance(answer, str):
            return answer
        url = urljoin(url, answer)
    raise FetchError(f"{url} leads from one address to the next: give the last one.")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_right = False
    if not is_right or parts.username is not None or not url.isprintable():
        raise FetchError(f"{url[:200]!r} is no address that can be fetched: it begins with https:// or http://.")


def _get(url: str, *, most: int, headers: Mapping[str, str], until: float) -> Fetched | str:
    """Return the answer, or where it redirects to."""
    own = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Accept": "*/*"}
    sent: list[tuple[bytes | str, bytes | str]] = [*own.items(), *headers.items()]
    parts = urlsplit(url)
    target = parts._replace(fragment="").geturl().encode("ascii", "surrogatepass") if url.isascii() else _encoded(url)
    try:
        with (
            httpcore2.ConnectionPool(network_backend=_PublicNetwork(until=until)) as pool,
            pool.stream("GET", target, headers=sent) as response,
        ):
            named = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            if response.status in _REDIRECTS and "location" in named:
                return named["location"]
            if response.status == HTTPStatus.NOT_MODIFIED:
                return Fetched(url, response.status, b"", named)
            if response.status != HTTPStatus.OK:
                raise _refused(url, response.status, named)
            return Fetched(url, response.status, _body(response, named, most=most), named)
    except httpcore2.TimeoutException:
        raise FetchError(f"{parts.hostname} takes too long; try again later.") from None
    except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, OSError, ValueError):
        raise FetchError(f"{parts.hostname} could not be reached, or doesn't speak HTTP; try again later.") from None


_REDIRECTS = (301, 302, 303, 307, 308)


def _encoded(url: str) -> bytes:
    """Return an address with letters of other scripts as servers and resolvers take it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").encode("idna").decode()
    return iri_to_uri(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else host).geturl()).encode()


def _refused(url: str, status: int, headers: Mapping[str, str]) -> FetchError:
    said = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    wait = headers.get("retry-after", "")
    seconds = float(wait) if wait.isdigit() and len(wait) < 8 else 0.0
    return FetchError(f"{url} answered {status} {said}: check the address.".replace(" :", ":"), status, seconds)


def _body(response: httpcore2.Response, headers: Mapping[str, str], *, most: int) -> bytes:
    if headers.get("content-encoding", "identity") != "identity":
        raise FetchError("The server packs its answer although it was asked not to: upload the file.")
    pieces, size = [], 0
    for piece in response.iter_stream():
        size += len(piece)
        if size > most:
            raise FetchError(f"There is more than {most // 2**20} MiB at that address.")
        pieces.append(piece)
    return b"".join(pieces)
