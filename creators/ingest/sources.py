"""Where works come from: files, folders and standard input, found in a stable order and read one at a time."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from creators.transcripts import MAX_BYTES, SUFFIXES, TranscriptError

STDIN = Path("-")


@dataclass(eq=False)
class SourceError(Exception):
    """A path that can't be ingested at all, in words."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: ``source`` names it within its creator, ``size`` is in bytes (0 where it can't be known)."""

    source: str
    size: int
    read: Callable[[], bytes]
    sidecar: bytes = b""


def find_sources(paths: Iterable[Path], *, stdin_name: str = "stdin.txt") -> Iterator[SourceFile]:
    """Yield every transcript below the paths; ``-`` is standard input, read as a file of the name given.

    A source is named with the folder it lies in, so that files of the same name in two folders are two works.

    A file named in ``paths`` is taken whatever its ending; within folders only the known endings count.
    Raises ``SourceError`` for a path that isn't there.
    """
    for path in paths:
        if path == STDIN:
            yield SourceFile(source=stdin_name, size=0, read=_read_stdin)
        elif path.is_dir():
            folder = path.resolve().name
            yield from (_on_disk(file, source=f"{folder}/{file.relative_to(path).as_posix()}") for file in _walk(path))
        elif path.is_file():
            yield _on_disk(path, source=f"{path.resolve().parent.name}/{path.name}")
        else:
            raise SourceError(path=str(path), reason="is not there")


def _walk(folder: Path) -> Iterator[Path]:
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            is_text = not name.startswith(".") and path.suffix.lower() in SUFFIXES
            if is_text and (path.is_file() or path.is_symlink()):  # no pipe; a link to nothing fails by name
                yield path


def _on_disk(path: Path, *, source: str) -> SourceFile:
    def read() -> bytes:
        _refuse_too_large(source, path.stat().st_size)
        return path.read_bytes()

    sidecar = path.with_name(path.name + ".toml")
    return SourceFile(
        source=source,
        size=path.stat().st_size if path.exists() else 0,
        read=read,
        sidecar=sidecar.read_bytes() if sidecar.is_file() else b"",
    )


def _read_stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    _refuse_too_large("standard input", len(data))
    return data


def _refuse_too_large(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise TranscriptError(name, f"is larger than {MAX_BYTES // 2**20} MiB; split it into several works")
