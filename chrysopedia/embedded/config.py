"""What describes one embedded PostgreSQL: its folder, its account, its socket and its settings."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chrysopedia.embedded.folders import SYSTEM_USER, Account, EmbeddedError, socket_folder, system_account

NAME = "chrysopedia"
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
