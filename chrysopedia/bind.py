"""Where the program listens, and the banner that says so."""

import errno
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from chrysopedia.core.errors import OperatorError

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - shown, not bound


class AddressError(OperatorError):
    """An address that the server can't listen on."""


@dataclass(frozen=True, slots=True)
class Address:
    """One numeric address and port."""

    host: str
    port: int

    @property
    def endpoint(self) -> str:
        """The description that Twisted takes."""
        interface = self.host.replace(":", "\\:")
        return f"tcp:port={self.port}:interface={interface}"

    @property
    def url(self) -> str:
        """The URL a person on this machine opens."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def free_addresses(*, host: str, port: int) -> tuple[Address, ...]:
    """Return every address of ``host`` that exists on this machine; raise ``AddressError`` if one is taken."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise AddressError(
            f"HOST is {host!r}, which is no address of this machine, for example HOST=127.0.0.1"
        ) from None
    addresses = dict.fromkeys((family, str(address[0])) for family, *_, address in found)
    usable = tuple(Address(name, port) for family, name in addresses if _is_free(family, name, port))
    if not usable:
        raise AddressError(f"HOST is {host!r}, which is no address of this machine, for example HOST=127.0.0.1")
    return usable


def _is_free(family: int, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen()
    except OSError as error:
        if error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}:
            return False  # the other family of "localhost" may be switched off
        if error.errno == errno.EADDRINUSE:
            raise AddressError(f"port {port} on {host} is taken: stop what listens there, or set PORT") from None
        raise AddressError(f"can't listen on {host} port {port}: {error.strerror}; set HOST or PORT") from None
    return True


def banner(address: Address, *, cautions: Sequence[str] = ()) -> str:
    """Return the lines for the terminal; each of the cautions is a sentence."""
    url = settings.PUBLIC_URL or address.url
    rows = {
        "Page": f"{url}/",
        "Admin": f"{url}/admin/  (make admin makes an account)",
        "API": f"{url}/api/v1/docs",
        "Database": _database(),
        "Cache": _cache(),
        "Embedder": _embedder(),
        "Answers": _answers(),
    }
    named = [*rows.items(), *(("Caution", told) for told in cautions), ("Stop", "Ctrl-C")]
    return "\n".join(["Chrysopedia is listening.", *(f"  {name:<9} {value}" for name, value in named)])


def _database() -> str:
    if settings.EMBEDDED_POSTGRES:
        return f"embedded PostgreSQL in {_short(settings.DATA_DIR)}"
    database = settings.DATABASES["default"]
    return f"PostgreSQL, {database['NAME']} on {database['HOST'] or 'the local socket'}"


def _cache() -> str:
    cache = settings.CACHES["default"]
    if cache["BACKEND"].endswith(".RedisCache"):
        return f"Redis on {_host(cache['LOCATION'])}"
    return "a table of the database"


def _embedder() -> str:
    options = settings.EMBEDDER["OPTIONS"]
    if "base_url" in options:
        return f"{options['model']} on {_host(options['base_url'])}"
    return f"MiniLM on this machine ({options['precision']})"


def _answers() -> str:
    models = [model["OPTIONS"] for model in settings.CHAT_MODELS.values()]
    if not models:
        return "quotes, no language model configured"
    return ", else ".join(f"{model['model']} on {_host(model['base_url'])}" for model in models)


def _host(url: str) -> str:
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or parts.path


def _short(folder: Path) -> str:
    checkout = Path(settings.BASE_DIR)
    return str(folder.relative_to(checkout)) if folder.is_relative_to(checkout) else str(folder)
