"""The reaper: a process that outlives a killed test run, and stops the PostgreSQL that the run left behind."""

import fcntl
import os
import sys
from pathlib import Path

from chrysopedia.embedded.cluster import PostgresConfig
from chrysopedia.embedded.folders import exclusive, open_lock, try_lock
from chrysopedia.embedded.server import stop
from tests.program import CHECKOUT, inherited


def stop_after_the_last(config: PostgresConfig) -> None:
    """Wait until no process uses the server, each of which holds a shared lock, and stop it if it still runs."""
    users = open_lock(config.data_dir / "postgres.users")
    fcntl.flock(users, fcntl.LOCK_EX)
    fcntl.flock(users, fcntl.LOCK_UN)
    with exclusive(config.data_dir / "postgres.starting"):
        if try_lock(users):  # else others have come meanwhile, and brought a process like this one
            stop(config)


def start(config: PostgresConfig) -> None:
    """Start that process, in a session of its own, so that what is sent to all processes of the run passes it by."""
    command = [sys.executable, "-m", "tests.postgres_reaper", str(config.data_dir)]
    silent = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in range(3)]
    environ = {**inherited(), "PYTHONPATH": str(CHECKOUT)}
    os.posix_spawn(sys.executable, command, environ, file_actions=silent, setsid=True)


if __name__ == "__main__":
    stop_after_the_last(PostgresConfig(Path(sys.argv[1])))
