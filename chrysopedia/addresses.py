"""Where the server will listen: the addresses behind HOST and PORT, tried before anything else is started."""

import errno
import socket
from dataclasses import dataclass

from chrysopedia.core.failures import OperatorError

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
