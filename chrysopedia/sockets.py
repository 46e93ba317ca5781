"""Noticing readers who vanished without a word: a laptop that was closed, a network that is gone."""

import socket

OPTIONS = {
    "TCP_KEEPIDLE": 30,  # seconds of silence until the first question whether the other side is there
    "TCP_KEEPINTVL": 10,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 60_000,  # milliseconds that what was sent may stay unacknowledged
}


def notice_the_vanished(listening: socket.socket) -> None:
    """Have the connections that a socket accepts end within a minute or so of silence; Linux hands these options on.

    Other systems know only some of them, and keep such a connection for longer.
    """
    if listening.family not in (socket.AF_INET, socket.AF_INET6):
        return
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in OPTIONS.items():
        option = getattr(socket, name, None)
        if option is not None:
            listening.setsockopt(socket.IPPROTO_TCP, option, value)
