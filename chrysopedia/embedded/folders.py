"""Folders of the program's data, and the locks that processes hold on them."""

import fcntl
import hashlib
import os
import pwd
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chrysopedia.core.errors import OperatorError

SYSTEM_USER = "chrysopedia"
SHARED_HOME = Path("/var/lib/chrysopedia")


class EmbeddedError(OperatorError):
    """An embedded service that can't be started, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the operating system; PostgreSQL refuses to be root."""

    uid: int
    gid: int


def short_hash(path: Path) -> str:
    """Return twelve characters that stand for an absolute path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def socket_folder(data_dir: Path, *, uid: int | None = None) -> Path:
    """Return where the server's socket lies: short, because the system allows a socket's path about 100 bytes."""
    owner = os.geteuid() if uid is None else uid
    return Path("/tmp") / f"chrysopedia-{owner}-{short_hash(data_dir.resolve())}"  # noqa: S108 - checked when used


def default_data_dir(checkout: Path, *, name: str = "var") -> Path:
    """Return the folder of data in the checkout, or a shared one where root's PostgreSQL could not reach it."""
    inside = checkout / name
    if os.geteuid() != 0 or barring_folder(inside, account=system_account()) is None:
        return inside
    return SHARED_HOME / short_hash(inside.resolve())


def copy_folders(data_dir: Path) -> tuple[Path, ...]:
    """Return the folders that may hold a copy of PostgreSQL's programs: one for all data first, else the data's own.

    The one for all has a plain name whatever ``data_dir`` is called, and unlike /tmp nobody else writes or sweeps it.
    """
    try:
        shared = SHARED_HOME if os.geteuid() == 0 else Path.home() / ".cache" / "chrysopedia"
    except RuntimeError:  # an account without a home
        return (data_dir,)
    return (shared, data_dir)


def system_account() -> Account | None:
    """Return the account that runs PostgreSQL when root started the program, or None if there is none yet."""
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def barring_folder(path: Path, *, account: Account | None) -> Path | None:
    """Return the topmost folder on the way to ``path`` that does not let the account through, or None.

    Folders that do not exist yet bar nobody: they will be made so that they don't.
    """
    for folder in reversed([path.resolve(), *path.resolve().parents]):
        try:
            status = folder.stat()
        except FileNotFoundError:
            return None
        if not _may_pass(status, account):
            return folder
    return None


def make_folder(path: Path) -> None:
    """Make a folder and its missing parents so that the account of PostgreSQL can pass, but nobody else can look in."""
    for folder in reversed([path, *path.parents]):
        if not folder.is_dir():
            try:
                folder.mkdir(mode=0o711)
                folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
            except FileExistsError:
                continue  # another process was quicker
            except OSError as error:
                raise EmbeddedError(f"can't make the folder {folder}: {error.strerror}; set DATA_DIR") from None


def _may_pass(status: os.stat_result, account: Account | None) -> bool:
    if account is not None and status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if account is not None and status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


PATIENCE = 180.0  # seconds; a crashed server with much to recover needs a while


def open_lock(path: Path) -> int:
    """Return a descriptor of the lock file, which is made when absent; closing it gives the lock back."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedError(f"can't open {path}: {error.strerror}; set DATA_DIR to a folder of your own") from None


def try_lock(descriptor: int) -> bool:
    """Take the lock for oneself if nobody else holds it in any way."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share_lock(descriptor: int) -> None:
    """Hold the lock together with others."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def exclusive(path: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock alone, after waiting for its holder up to ``patience`` seconds."""
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + patience
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise EmbeddedError(f"another process has held {path} for {patience:.0f} seconds")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def sole_server(data_dir: Path) -> Iterator[None]:
    """Hold the folder for the time of the block; raise ``EmbeddedError`` if another server does."""
    make_folder(data_dir)
    path = data_dir / "run.lock"
    descriptor = open_lock(path)
    try:
        if not try_lock(descriptor):
            holder = path.read_text().strip() or "unknown"
            raise EmbeddedError(
                f"a server already runs on {data_dir} (process {holder}): stop that one, "
                "or give this one another DATA_DIR and PORT"
            )
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
