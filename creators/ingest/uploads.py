"""What is uploaded at once, as sources: files and folders, and archives unpacked within limits."""

import mimetypes
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Protocol
from unicodedata import normalize

from creators.ingest.naming import without_language
from creators.ingest.sources import INFO, LONGEST_SOURCE, is_read_along, reason_to_pass
from creators.ingest.talks import name_of_talk
from creators.transcripts import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one upload may hold once its archives are unpacked."""

    files: int
    bytes: int
    ratio: int = 200
    """Bytes that come of one packed byte; captions come to 20, JSON with a time for each word to 40."""


@dataclass(eq=False)
class UploadError(Exception):
    """An upload of which nothing is taken, in words that say what to do."""

    reason: str

    def __str__(self) -> str:
        return self.reason


class Part(Protocol):
    """A file that was sent, by itself or in an archive."""

    @property
    def path(self) -> str:
        """Its path within the folder or archive, with slashes; its bare name where it was sent by itself."""
        ...

    def read(self, most: int) -> bytes:
        """Return its first bytes, at most so many."""
        ...


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as the browser sent it."""

    path: str
    open: Callable[[], IO[bytes]]

    def read(self, most: int) -> bytes:
        """Return its first bytes, at most so many."""
        with self.open() as file:
            return file.read(most)


@dataclass(frozen=True, slots=True)
class UploadedSource:
    """A file with its bytes and what goes along with it."""

    source: str
    content: bytes
    sidecar: bytes = b""
    info: bytes = b""


def is_recording(path: str) -> bool:
    """Say whether a file is sound or video, by its name."""
    return (mimetypes.guess_type(path)[0] or "").startswith(("audio/", "video/"))


def unpacked(
    sent: Iterable[SentFile], *, limits: Limits, note: Callable[[str], object], with_recordings: bool = False
) -> Iterator[UploadedSource]:
    """Yield what is to be read of an upload, one by one; ``note`` is told a line for each file that is passed over.

    Recordings are taken where they can be transcribed, unless a transcript of the same name lies beside them.

    Raises ``UploadError`` for an archive that is none or is a trap, and as soon as the whole is more than the limits.
    """
    with ExitStack() as archives:
        parts = _parts(sent, limits=limits, note=note, archives=archives)
        left = limits.bytes
        told = {name_of_talk(path) for path in parts if not is_recording(path)} if with_recordings else None
        for part in _of_interest(parts):
            content = part.read(MAX_BYTES + 1)
            left -= len(content)
            if left < 0:
                raise UploadError(f"This unpacks to more than {limits.bytes // 2**20} MiB: upload it in several parts.")
            if reason := _reason(part.path, content, told=told):
                note(f"{part.path}: passed over, {reason}")
            else:
                yield UploadedSource(part.path, content, **_beside(part.path, parts))


def _parts(
    sent: Iterable[SentFile], *, limits: Limits, note: Callable[[str], object], archives: ExitStack
) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for part in (inner for one in sent for inner in _opened(one, limits=limits, note=note, archives=archives)):
        if len(part.path) > LONGEST_SOURCE or not part.path.isprintable():
            note(f"{part.path[:100]!r}: has a name that can't be kept; rename the file")
            continue
        if part.path in parts:
            raise UploadError(f"Two files are called {part.path}: upload their folders, or one after the other.")
        parts[part.path] = part
        if len(parts) > limits.files:
            raise UploadError(f"This holds more than {limits.files} files: upload it in several parts.")
    return parts


def _of_interest(parts: dict[str, Part]) -> Iterator[Part]:
    """Yield the parts but hidden ones and what is read along with another."""
    folders: dict[PurePosixPath, list[str]] = defaultdict(list)
    for path in map(PurePosixPath, parts):
        folders[path.parent].append(path.name)
    for part in parts.values():
        path = PurePosixPath(part.path)
        is_hidden = path.name.startswith(".") or "__MACOSX" in path.parts
        if not is_hidden and not is_read_along(path.name, folders[path.parent]):
            yield part


def _reason(path: str, content: bytes, *, told: set[str] | None) -> str:
    """Return why a part isn't read; what was sent by itself is, whatever its ending, but for media.

    ``told`` are the names of talks that have a transcript, None where recordings can't be transcribed.
    """
    if len(content) > MAX_BYTES:
        return f"as it is larger than {MAX_BYTES // 2**20} MiB; split it into several works"
    if told is not None and is_recording(path):
        return "as its transcript lies beside it" if name_of_talk(path) in told else ""
    reason = reason_to_pass(PurePosixPath(path).name, lambda: content)
    if reason in ("image", "video", "audio"):
        what_to_do = "" if reason == "image" else "; transcribe it first, or have it done (TRANSCRIBE_BASE_URL)"
        return f"as it is {reason} and no transcript{what_to_do}"
    return reason.replace("name the file", "choose it under Files") if "/" in path else ""


def _beside(path: str, parts: dict[str, Part]) -> dict[str, bytes]:
    pure = PurePosixPath(path)
    names = {"sidecar": f"{path}.toml", "info": str(pure.with_name(without_language(pure.stem) + INFO))}
    found = {key: parts[name].read(MAX_BYTES) for key, name in names.items() if name in parts and name != path}
    return {key: content for key, content in found.items() if len(content) < MAX_BYTES}


_END, _END_OF_64 = b"PK\5\6", b"PK\6\7"
_END_BYTES, _COMMENT, _MOST_OF_ENTRY = 22, 65_535, 1024


@dataclass(frozen=True, slots=True)
class _Member:
    """A file in an archive."""

    path: str
    archive: zipfile.ZipFile
    entry: zipfile.ZipInfo

    def read(self, most: int) -> bytes:
        """Return its first bytes: the archive is believed neither its sizes nor its sums."""
        try:
            with self.archive.open(self.entry) as member:
                return member.read(most)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
            raise UploadError(f"{self.path} is damaged in its archive ({error}): pack it again.") from None


def _opened(sent: SentFile, *, limits: Limits, note: Callable[[str], object], archives: ExitStack) -> Iterator[Part]:
    """Yield the file itself, or the members of an archive under names that lead nowhere else."""
    if PurePosixPath(sent.path).suffix.lower() != ".zip":
        yield sent
        return
    archive = _archive(sent, limits=limits, archives=archives)
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    stem = PurePosixPath(sent.path).stem
    tops = {entry.filename.partition("/")[0] for entry in entries if not entry.filename.startswith("__MACOSX")}
    is_one_folder = len(tops) == 1 and all("/" in entry.filename for entry in entries)
    for entry in entries:
        if reason := _refusal(entry, limits=limits):
            note(f"{sent.path}: {entry.filename!r}: passed over, {reason}")
        else:
            path = entry.filename if is_one_folder else f"{stem}/{entry.filename}"
            yield _Member(str(PurePosixPath(normalize("NFC", path))), archive, entry)


def _archive(sent: SentFile, *, limits: Limits, archives: ExitStack) -> zipfile.ZipFile:
    """Open an archive; one whose list of files is too long to be read is refused by the list's size, before it is."""
    try:
        file = archives.enter_context(sent.open())
        size = file.seek(0, 2)
        file.seek(max(size - _END_BYTES - _COMMENT - len(_END_OF_64) - 16, 0))
        before, end, rest = file.read().rpartition(_END)
        listed = struct.unpack_from("<I", rest, 8)[0] if end else 0
        if listed > limits.files * _MOST_OF_ENTRY or before[-20:].startswith(_END_OF_64):
            raise UploadError(f"{sent.path}: holds more than {limits.files} files; pack several archives.")
        return archives.enter_context(zipfile.ZipFile(file))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        raise UploadError(f"{sent.path}: is no zip archive that can be read; pack it again.") from None


def _refusal(entry: zipfile.ZipInfo, *, limits: Limits) -> str:
    """Return why a member of an archive is not unpacked, "" where it is."""
    path = PurePosixPath(entry.filename)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename or ":" in path.parts[0]
    is_bomb = entry.file_size > 2**20 and entry.file_size > limits.ratio * max(entry.compress_size, 1)
    reasons = (
        (stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG), "as it is a link or a device"),
        (leads_out, "as its name leads out of the archive"),
        (entry.flag_bits & 1, "as it is locked with a password"),
        # others than these two are unpacked whole, whatever number of bytes is asked for
        (entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "as it is packed as no plain zip is"),
        (path.suffix.lower() == ".zip", "as it is an archive within the archive; upload it by itself"),
        (is_bomb, f"as it unpacks to more than {limits.ratio} times its size"),
    )
    return next((reason for applies, reason in reasons if applies), "")
