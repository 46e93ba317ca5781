"""One PostgreSQL cluster: made once, started, stopped. Callers hold the lock that keeps others from doing the same."""

import os
import shutil
import stat
import time
from pathlib import Path

import psycopg

from chrysopedia.embedded.binaries import Binaries, find_binaries
from chrysopedia.embedded.config import NAME, PORT, PostgresConfig, server_account
from chrysopedia.embedded.folders import SHARED_HOME, SYSTEM_USER, Account, EmbeddedError, barring_folder, make_folder
from chrysopedia.embedded.locks import PATIENCE, open_lock, try_lock

INITDB = (
    f"--username={NAME}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",  # whoever may enter the socket's folder is its owner
    "--auth-host=reject",
    "--no-instructions",
)
LOG_LIMIT = 4 * 1024 * 1024


def ensure_running(config: PostgresConfig, *, alone: bool) -> None:
    """Adopt the server if it answers, else start it; ``alone`` says that no other process uses it."""
    if answers(config):
        return
    account = server_account()
    _prepare_folders(config, account)
    binaries = find_binaries(account=account, data_dir=config.data_dir)
    alive = _wait_for_end(config, alone=alone)
    if alive is None:
        return
    try:
        _make_cluster(config, binaries)
        _start(config, binaries, alive=alive)
    finally:
        os.close(alive)
    _make_databases(config)


def stop(config: PostgresConfig) -> None:
    """Stop the server, cutting its connections, and wait until nothing of it runs."""
    binaries = find_binaries(account=server_account(), data_dir=config.data_dir)
    binaries.run("pg_ctl", "stop", "-D", config.cluster.name, "-m", "fast", "-w", "-t", "60", cwd=config.home)


def answers(config: PostgresConfig) -> bool:
    """Tell whether the server of this very cluster accepts connections."""
    try:
        with _connect(config, "postgres") as connection:
            row = connection.execute("SHOW data_directory").fetchone()
    except psycopg.Error:
        return False
    return row is not None and Path(row[0]) == config.cluster.resolve()


def _connect(config: PostgresConfig, database: str) -> psycopg.Connection:
    host = str(config.socket_dir)
    return psycopg.connect(host=host, port=PORT, user=NAME, dbname=database, connect_timeout=5, autocommit=True)


def _prepare_folders(config: PostgresConfig, account: Account) -> None:
    make_folder(config.data_dir)
    barring = barring_folder(config.data_dir, account=account)
    if barring is not None:
        raise EmbeddedError(
            f"the folder {barring} does not let the user {SYSTEM_USER} through, which runs PostgreSQL for root: "
            f"set DATA_DIR to a folder that it can reach, such as {SHARED_HOME}, or start as an ordinary user"
        )
    for folder in (config.home, config.socket_dir):
        try:
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, account.gid, follow_symlinks=False)
        except FileExistsError:
            pass
        except OSError as error:
            raise EmbeddedError(f"can't make the folder {folder}: {error.strerror}") from None
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid or status.st_mode & 0o077:
            raise EmbeddedError(
                f"{folder} is not a private folder of the user who runs PostgreSQL: look, and remove it"
            )


def _wait_for_end(config: PostgresConfig, *, alone: bool) -> int | None:
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
        if alone and _state(config) == "ready":  # an orphan whose socket was swept out of /tmp
            stop(config)
        elif time.monotonic() > deadline or _state(config) == "ready":
            os.close(alive)
            raise EmbeddedError(
                f"PostgreSQL runs on {config.cluster} but not on {config.socket_dir}, where this process looks for it "
                "(another container, or a service with a private /tmp?): stop that one first, or set DATABASE_URL"
            )
        time.sleep(0.05)
    (config.cluster / "postmaster.pid").unlink(missing_ok=True)  # nothing runs: whatever it says is stale
    return alive


def _state(config: PostgresConfig) -> str:
    try:
        return (config.cluster / "postmaster.pid").read_text().splitlines()[7].strip()
    except (OSError, IndexError):
        return ""


def _make_cluster(config: PostgresConfig, binaries: Binaries) -> None:
    for leftover in config.home.glob("*.making"):
        shutil.rmtree(leftover, ignore_errors=True)  # somebody was killed in the middle of this
    version = config.cluster / "PG_VERSION"
    if version.exists():
        major = version.read_text().strip()
        if major != str(binaries.major):
            raise EmbeddedError(
                f"{config.cluster} was made by PostgreSQL {major} and this is {binaries.major}: dump it with the old "
                "one (pg_dump), or move the folder away to begin anew"
            )
        return
    if config.cluster.exists():
        raise EmbeddedError(f"{config.cluster} is there but holds no PostgreSQL cluster: look, and remove it")
    draft = config.cluster.with_suffix(".making")
    made = binaries.run("initdb", *INITDB, "-D", draft.name, cwd=config.home)
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL can't make its data in {config.home}: {_telling(made.stderr)}")
    draft.rename(config.cluster)


def _start(config: PostgresConfig, binaries: Binaries, *, alive: int) -> None:
    if config.log.exists() and config.log.stat().st_size > LOG_LIMIT:
        config.log.rename(config.log.with_suffix(".log.old"))
    before = config.log.stat().st_size if config.log.exists() else 0
    # The paths are relative because pg_ctl hands them to a shell, and a folder may be called anything.
    arguments = ["start", "-D", config.cluster.name, "-l", config.log.name, "-w", "-t", f"{PATIENCE:.0f}", "-s"]
    started = binaries.run("pg_ctl", *arguments, "-o", config.options(), cwd=config.home, keep=alive)
    if started.returncode != 0:
        said = config.log.read_text(errors="replace")[before:] if config.log.exists() else ""
        raise EmbeddedError(f"PostgreSQL does not start: {_telling(said or started.stderr)} (log: {config.log})")


def _make_databases(config: PostgresConfig) -> None:
    with _connect(config, "template1") as connection:  # test databases are copies of it
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    with _connect(config, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


def _telling(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [
        line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:", "could not"))
    ]
    return (telling or lines or ["it says nothing"])[-1]
