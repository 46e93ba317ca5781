"""What connections inherit from the socket that accepts them."""

import socket
import sys

import pytest

from chrysopedia.serving import KEEPALIVE, set_keepalive


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands the options on")
@pytest.mark.parametrize("name", KEEPALIVE)
def test_it_ends_connections_of_those_who_vanished(name: str) -> None:
    with socket.socket() as listening:
        set_keepalive(listening)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert accepted.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) == KEEPALIVE[name]


def test_it_leaves_other_sockets_alone() -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        set_keepalive(listening)
        assert listening.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 0
