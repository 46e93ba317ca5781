"""The database cluster: where it lies, how it is configured, and how it is made."""

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chrysopedia.embedded.binaries import Binaries
from chrysopedia.embedded.folders import (
    SHARED_HOME,
    SYSTEM_USER,
    Account,
    EmbeddedError,
    barring_folder,
    make_folder,
    socket_folder,
    system_account,
)

NAME = "chrysopedia"
"""The database, and the superuser that makes it."""
ROLE = "chrysopedia_app"
"""The role that the program connects as. It owns the database and what is in it, and may do nothing else."""
LEAST_BUFFERS, MOST_BUFFERS = 128, 2048  # megabytes
PORT = 5432  # names the socket file only: nothing listens on TCP
SETTINGS = {
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "512MB",  # an HNSW graph that does not fit in here takes eight times as long to build
    "max_wal_size": "2GB",
    "max_connections": "100",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failed statement holds what people asked and were answered, and so do the values that its error names. The
    # program is told both; the file would keep them for good.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_min_duration_statement": "-1",
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class PostgresConfig:
    """One cluster in ``data_dir``; ``settings`` are PostgreSQL's own and win over the defaults of this program."""

    data_dir: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The folder that belongs to the account which runs the server."""
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.home / "server.log"

    @property
    def socket_dir(self) -> Path:
        """The folder of the socket, the HOST of Django's DATABASES."""
        return socket_folder(self.data_dir)

    def options(self) -> str:
        """Return the command line of the server; no value in it needs quoting."""
        sized = {"shared_buffers": _shared_buffers(), "dynamic_shared_memory_type": _shared_memory()}
        settings = SETTINGS | sized | dict(self.settings)
        settings |= {"listen_addresses": "", "unix_socket_directories": str(self.socket_dir), "port": str(PORT)}
        return " ".join(f"-c {name}={value}" for name, value in settings.items())


def server_account() -> Account:
    """Return the account that runs the server: one's own, or for root a system user, made when absent."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    account = system_account()
    if account is None:
        _make_system_user()
        account = system_account()
    if account is None:
        raise EmbeddedError(
            f"PostgreSQL refuses to run as root and the system user {SYSTEM_USER} can't be made here: "
            f"make it (useradd --system {SYSTEM_USER}), or start as an ordinary user"
        )
    return account


def _make_system_user() -> None:
    program = shutil.which("useradd") or "/usr/sbin/useradd"
    arguments = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run(  # noqa: S603 - fixed arguments
            [program, *arguments, "--shell", "/usr/sbin/nologin", SYSTEM_USER], capture_output=True, check=False
        )
    except OSError:
        return  # no such program: the caller says what to do


def _shared_buffers() -> str:
    # An index of a million vectors has 1.5 GB. The memory is taken page by page as it is used, so that a small corpus
    # takes little of it; a quarter of all is PostgreSQL's own advice.
    try:
        megabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024**2
    except (ValueError, OSError):
        return f"{LEAST_BUFFERS}MB"
    return f"{max(LEAST_BUFFERS, min(megabytes // 4, MOST_BUFFERS))}MB"


def _shared_memory() -> str:
    # Containers often have 64 MB of /dev/shm, less than one parallel index build takes; files serve as well.
    try:
        roomy = shutil.disk_usage("/dev/shm").free > 1024**3  # noqa: S108 - only its size is read
    except OSError:
        roomy = False
    return "posix" if roomy else "mmap"


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
    """Make what is missing: the database, the program's role, and the extension in every database to come.

    Tables and functions that a version before 2026-12 made as the superuser are handed to the role.
    """
    with connect(config, "template1") as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    with connect(config, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME} OWNER {ROLE}")
    with connect(config, NAME) as connection, connection.transaction():
        for (statement,) in connection.execute(HAND_OVER).fetchall():
            connection.execute(statement)


# Sequences of a column go with its table. The extension's own stay the superuser's.
HAND_OVER = f"""
SELECT format('ALTER DATABASE %I OWNER TO {ROLE}', datname) FROM pg_database
WHERE datname = current_database() AND datdba <> '{ROLE}'::regrole
UNION ALL
SELECT format('ALTER TABLE %I.%I OWNER TO {ROLE}', nspname, relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'm', 'S') AND relowner <> '{ROLE}'::regrole
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND classid = 'pg_class'::regclass
                AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
UNION ALL
SELECT format('ALTER ROUTINE %s OWNER TO {ROLE}', pg_proc.oid::regprocedure)
FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
WHERE nspname = 'public' AND proowner <> '{ROLE}'::regrole
AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND classid = 'pg_proc'::regclass AND deptype = 'e')
"""  # noqa: S608 - put together from a constant


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
