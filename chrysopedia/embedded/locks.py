"""File locks that the kernel releases by itself when their holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chrysopedia.embedded.folders import EmbeddedError

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
