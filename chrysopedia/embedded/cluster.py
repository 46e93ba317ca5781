"""The data of one embedded PostgreSQL: folders, cluster and databases, each made once."""

import os
import shutil
import stat
from pathlib import Path

import psycopg

from chrysopedia.embedded.binaries import Binaries
from chrysopedia.embedded.config import NAME, PORT, PostgresConfig
from chrysopedia.embedded.folders import SHARED_HOME, SYSTEM_USER, Account, EmbeddedError, barring_folder, make_folder

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


def make_folders(config: PostgresConfig, *, account: Account) -> None:
    """Make the folders that belong to the server's account, or raise ``EmbeddedError`` if somebody is in the way."""
    make_folder(config.data_dir)
    barring = barring_folder(config.data_dir, account=account)
    if barring is not None:
        raise EmbeddedError(
            f"the folder {barring} does not let the user {SYSTEM_USER} through, which runs PostgreSQL for root: "
            f"set DATA_DIR to a folder that it can reach, such as {SHARED_HOME}, or start as an ordinary user"
        )
    for folder in (config.home, config.socket_dir):
        _make_private(folder, account)


def make_cluster(config: PostgresConfig, *, binaries: Binaries) -> None:
    """Make the cluster unless it is there. It is made under another name, so a half-made one is never taken for one."""
    for leftover in config.home.glob("*.making"):
        shutil.rmtree(leftover, ignore_errors=True)  # somebody was killed in the middle of this
    if config.cluster.exists():
        _check_version(config, binaries)
        return
    draft = config.cluster.with_suffix(".making")
    durable = [] if config.settings.get("fsync") != "off" else ["--no-sync"]
    made = binaries.run("initdb", *INITDB, *durable, "-D", draft.name, cwd=config.home)
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise EmbeddedError(f"PostgreSQL can't make its data in {config.home}: {telling_line(made.stderr)}")
    draft.rename(config.cluster)


def make_databases(config: PostgresConfig) -> None:
    """Make the database and the extension in it and in every test database to come."""
    with connect(config, "template1") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    with connect(config, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


def connect(config: PostgresConfig, database: str) -> psycopg.Connection:
    """Return a connection of one's own, outside Django's."""
    host = str(config.socket_dir)
    return psycopg.connect(host=host, port=PORT, user=NAME, dbname=database, connect_timeout=5, autocommit=True)


def telling_line(output: str) -> str:
    """Return the line of a program's output that names the cause, as far as one can tell."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    words = ("FATAL", "PANIC", "error:", "could not")
    telling = [line for line in lines if any(word in line for word in words)]
    return (telling or lines or ["it says nothing"])[-1]


def _make_private(folder: Path, account: Account) -> None:
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
            f"{folder} is not a private folder (mode 0700) of the user who runs PostgreSQL (id {account.uid}): "
            "find out whose it is, and remove it or set DATA_DIR"
        )


def _check_version(config: PostgresConfig, binaries: Binaries) -> None:
    try:
        major = (config.cluster / "PG_VERSION").read_text().strip()
    except OSError:
        raise EmbeddedError(f"{config.cluster} is there but holds no PostgreSQL cluster: move it away") from None
    if major != str(binaries.major):
        raise EmbeddedError(
            f"{config.cluster} was made by PostgreSQL {major} and this is {binaries.major}: "
            "dump it with the old one (pg_dump), or move the folder away to begin anew"
        )
