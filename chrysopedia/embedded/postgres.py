"""The embedded PostgreSQL: started by the first process that needs it, stopped by the last one that leaves."""

import atexit
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from types import FrameType

from chrysopedia.embedded.config import PostgresConfig
from chrysopedia.embedded.folders import make_folder
from chrysopedia.embedded.locks import exclusive, open_lock, share_lock, try_lock
from chrysopedia.embedded.server import ensure_running, stop


@contextmanager
def embedded_postgres(config: PostgresConfig) -> Iterator[PostgresConfig]:
    """Keep the server running for the time of the block; the last process out stops it.

    Every user holds a shared lock, so a process that is killed leaves by itself. Raises ``EmbeddedError``.
    """
    starting = config.data_dir / "postgres.starting"
    make_folder(config.data_dir)
    users = open_lock(config.data_dir / "postgres.users")
    try:
        with exclusive(starting):
            alone = try_lock(users)
            share_lock(users)
            try:
                ensure_running(config, alone=alone)
            except BaseException:
                _leave(config, users)
                raise
        try:
            yield config
        finally:
            with exclusive(starting):
                _leave(config, users)
    finally:
        os.close(users)


@cache
def ensure_for_process() -> Callable[[], None]:
    """Keep the database running until this process ends, if the settings name the embedded one.

    Calling it again changes nothing. Returns what ends it earlier. Raises ``EmbeddedError``.
    """
    from django.conf import settings

    stack = ExitStack()
    if not settings.EMBEDDED_POSTGRES:
        return stack.close
    stack.enter_context(embedded_postgres(PostgresConfig(settings.DATA_DIR)))
    stack.callback(close_connections)
    atexit.register(stack.close)
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:  # by default it would end the process without its atexit
                signal.signal(number, _exit)
    return stack.close


def close_connections() -> None:
    """Close Django's connections and pools, so that nothing tries to reconnect while the server stops."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _leave(config: PostgresConfig, users: int) -> None:
    if try_lock(users):
        stop(config)
        with suppress(OSError):
            config.socket_dir.rmdir()
