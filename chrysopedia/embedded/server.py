"""The embedded PostgreSQL server: started when it is needed, stopped when nobody needs it."""

import atexit
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from chrysopedia.embedded.binaries import Binaries, find_binaries, remove_old_copies
from chrysopedia.embedded.cluster import (
    PostgresConfig,
    connect,
    make_cluster,
    make_databases,
    make_folders,
    server_account,
    telling_line,
)
from chrysopedia.embedded.folders import (
    PATIENCE,
    EmbeddedError,
    copy_folders,
    exclusive,
    make_folder,
    open_lock,
    share_lock,
    try_lock,
)

logger = logging.getLogger(__name__)

LOG_LIMIT = 4 * 1024 * 1024


def ensure_running(config: PostgresConfig, *, alone: bool) -> None:
    """Adopt the server if it answers, else start it; ``alone`` says that no other process uses it."""
    if not answers(config):
        _start_alone(config, alone=alone)
    make_databases(config)


def _start_alone(config: PostgresConfig, *, alone: bool) -> None:
    account = server_account()
    make_folders(config, account=account)
    binaries = find_binaries(account=account, folders=copy_folders(config.data_dir))
    alive = _wait_until_none_runs(config, alone=alone)
    if alive is not None:
        try:
            remove_old_copies(config.data_dir)
            make_cluster(config, binaries=binaries)
            _start(config, binaries, alive=alive)
        finally:
            os.close(alive)


def stop(config: PostgresConfig) -> None:
    """Stop the server, cutting its connections, and wait until it is gone; nothing to stop is fine."""
    if not (config.cluster / "postmaster.pid").exists():
        return
    binaries = find_binaries(account=server_account(), folders=copy_folders(config.data_dir))
    binaries.run("pg_ctl", "stop", "-D", config.cluster.name, "-m", "fast", "-w", "-t", "60", cwd=config.home)


def answers(config: PostgresConfig) -> bool:
    """Tell whether the server of this very cluster accepts connections."""
    try:
        with connect(config, "postgres") as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.Error:
        return False
    return row is not None and Path(row[0]) == config.cluster.resolve()


def _wait_until_none_runs(config: PostgresConfig, *, alone: bool) -> int | None:
    """Return the lock that a running server holds, once none runs; or None if one comes to answer after all.

    The server inherits the lock, and so do its children: while it is held, something of the cluster lives, be it
    an orphan, a server that recovers or one that is on its way out, in this container or in another.
    """
    alive = open_lock(config.data_dir / "postgres.alive")
    deadline = time.monotonic() + PATIENCE
    while not try_lock(alive):
        if answers(config):
            os.close(alive)
            return None
        ready = _state(config) == "ready"
        if ready and alone:  # an orphan whose socket was swept out of /tmp
            stop(config)
        elif ready or time.monotonic() > deadline:
            os.close(alive)
            raise EmbeddedError(
                f"PostgreSQL runs on {config.cluster} but not on {config.socket_dir}, where this process looks for it "
                "(another container, or a service with a private /tmp?): stop that one first, or set DATABASE_URL"
            )
        time.sleep(0.05)
    # Nothing runs, so whatever these say is stale: the process they name is a zombie by now, or somebody else.
    for leftover in (config.cluster / "postmaster.pid", *config.socket_dir.glob(".s.PGSQL.*")):
        leftover.unlink(missing_ok=True)
    return alive


def _state(config: PostgresConfig) -> str:
    try:
        return (config.cluster / "postmaster.pid").read_text().splitlines()[7].strip()
    except (OSError, IndexError):
        return ""


def _start(config: PostgresConfig, binaries: Binaries, *, alive: int) -> None:
    _forget_old_words(config)
    if config.log.exists() and config.log.stat().st_size > LOG_LIMIT:
        config.log.rename(config.log.with_suffix(".log.old"))
    before = config.log.stat().st_size if config.log.exists() else 0
    # The paths are relative because pg_ctl hands them to a shell, and a folder may be called anything.
    arguments = ["start", "-D", config.cluster.name, "-l", config.log.name, "-w", "-t", f"{PATIENCE:.0f}", "-s"]
    started = binaries.run("pg_ctl", *arguments, "-o", config.options(), cwd=config.home, keep=alive)
    if started.returncode != 0:
        said = config.log.read_text(errors="replace")[before:] if config.log.exists() else ""
        raise EmbeddedError(f"PostgreSQL does not start: {telling_line(said or started.stderr)} (log: {config.log})")


def _forget_old_words(config: PostgresConfig) -> None:
    """Remove, once, the logs of earlier versions: in those stand questions and answers of statements that failed."""
    mark = config.home / "server.log.clean"
    if not mark.exists():
        for log in (config.log, config.log.with_suffix(".log.old")):
            log.unlink(missing_ok=True)
        mark.touch()


LOOK_EVERY = 0.5
"""Seconds between two looks at whether the server lives."""
TRIES, PAUSE, LONGEST_PAUSE = 5, 1.0, 10.0
"""Looks for data that are gone before the process gives up, and seconds between two starts, at first and at most."""
GIVE_UP = 600.0
"""Seconds until the process gives up on a server that does not start: a full disk may be free again by then."""


class Watch(threading.Thread):
    """Starts the server again when it is gone while this process uses it, whoever ended it.

    Each process that uses the server has one; the first to hold the lock starts it, the others adopt it. After that
    ``on_return`` is called, for connections to the server that was. When it can't be started, ``on_failure`` is.
    """

    def __init__(
        self,
        config: PostgresConfig,
        *,
        on_return: Callable[[], object],
        on_failure: Callable[[Exception], object],
        pause: float = PAUSE,
    ) -> None:
        super().__init__(name="postgres-watch", daemon=True)
        self._pause = pause
        self._config, self._on_return, self._on_failure = config, on_return, on_failure
        self._process = _postmaster(config)
        self._ended = threading.Event()

    def end(self) -> None:
        """Stop watching, and wait until a start that is going on has ended."""
        self._ended.set()
        self.join()

    def run(self) -> None:
        """Watch until ``end`` is called or the server can't be started."""
        while not self._ended.wait(LOOK_EVERY):
            process = _postmaster(self._config)
            if process == self._process and process is not None and _lives(process):
                continue
            if not self._come_back():
                return
            self._process = _postmaster(self._config)
            self._on_return()

    def _come_back(self) -> bool:
        """Start the server, or adopt it; return whether it runs again."""
        failure: Exception = EmbeddedError("its data are gone")
        missed, pause, deadline = 0, self._pause, time.monotonic() + GIVE_UP
        while missed < TRIES and time.monotonic() < deadline:
            try:
                with exclusive(self._config.data_dir / "postgres.starting"):
                    if self._ended.is_set():
                        return False
                    # A cluster that isn't there is not made anew: it would be an empty one.
                    if self._config.cluster.exists():
                        _end_orphans(self._config)
                        ensure_running(self._config, alone=False)
                        return True
                    missed += 1
            except (EmbeddedError, psycopg.Error, OSError) as error:
                logger.error("PostgreSQL is gone and does not start yet: %s", error)  # noqa: TRY400 -- says it all
                failure = error
            if self._ended.wait(pause):
                return False
            pause = min(2 * pause, LONGEST_PAUSE)
        self._on_failure(failure)
        return False


def _end_orphans(config: PostgresConfig) -> None:
    """End what is left of a server whose postmaster is gone, as that would have done (Linux).

    One in the middle of a long query would not notice before its end, and no other server could start until then.
    """
    postmaster = _postmaster(config)
    if postmaster is None or _lives(postmaster):
        return
    for folder in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):  # others' processes, and those that have ended meanwhile
            if folder.readlink() == config.cluster.resolve():
                os.kill(int(folder.parent.name), signal.SIGQUIT)


def _postmaster(config: PostgresConfig) -> int | None:
    """Return the process id that the server has left in its folder, None where there is none."""
    try:
        return int((config.cluster / "postmaster.pid").read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return None


def _lives(process: int) -> bool:
    """Tell whether a process runs; one that nobody has buried yet does not."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (OSError, IndexError):
        return True


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
    config = PostgresConfig(settings.DATA_DIR)
    stack.enter_context(embedded_postgres(config))
    stack.callback(close_connections)
    if settings.EMBEDDED_POSTGRES_WATCHED:
        watch = Watch(config, on_return=_forget_connections, on_failure=_give_up)
        watch.start()
        stack.callback(watch.end)
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


def leave_pool(pool: ConnectionPool[Any]) -> None:
    """Have a pool whose connections lead to a server that is gone serve those who wait in it, and close it then.

    Closed at once, it would leave those who sleep between two tries in a queue that nobody serves any more, until their
    time is over (psycopg_pool 3.3); and by itself it waits ever longer to try anew.
    """
    pool.resize(pool.max_size, pool.max_size)  # which connects at once
    closing = threading.Timer(pool.timeout, pool.close)
    closing.daemon = True
    closing.start()


def _forget_connections() -> None:
    """Have new requests get another pool: the connections of this one lead to a server that is gone."""
    from django.db import connection

    logger.warning("PostgreSQL was gone and runs again")
    pools: dict[str, ConnectionPool[Any]] = connection._connection_pools  # type: ignore[attr-defined]  # of PostgreSQL
    pool = pools.pop(connection.alias, None)
    if pool and not pool.closed:
        leave_pool(pool)


def _give_up(failure: Exception) -> None:
    logger.critical("PostgreSQL is gone and can't be started again, so this process ends: %s", failure)
    os.kill(os.getpid(), signal.SIGTERM)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _leave(config: PostgresConfig, users: int) -> None:
    if try_lock(users):
        stop(config)
        with suppress(OSError):
            config.socket_dir.rmdir()
