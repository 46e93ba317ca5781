"""What is ingested: the files of a folder, and the creator's own file beside them."""

import mimetypes
import os
import re
import sys
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from creators.ingest.naming import lists_downloads, without_language
from creators.models import WORD_LISTS, Creator, Domain, GlossaryEntry, Personality
from creators.transcripts import MAX_BYTES, SUFFIXES, TranscriptError, is_recognised


class CreatorFileError(ValueError):
    """A ``creator.toml`` that can't be used, in words."""


LISTS = ("tone", "vocabulary", "phrases", "habits", "avoid")


MAX_TOML = 256 * 1024
"""Bytes; the demo's creators have 2,500."""

# tomllib is quadratic in the parts of a dotted key: 64 KiB of them took 12 s
_LONG_KEY = re.compile(rb"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){30}")


def read_toml(data: bytes) -> dict[str, Any]:
    """Return the table in a file's bytes; raises ``ValueError``, with a reason, for what is no TOML or costs too much.

    Takes a second at most.
    """
    if len(data) > MAX_TOML:
        raise ValueError(f"is larger than {MAX_TOML // 1024} KiB")
    if _LONG_KEY.search(data):
        raise ValueError("has a key of more than 30 parts")
    try:
        return tomllib.loads(data.decode())
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError as error:  # also a number of thousands of digits
        raise ValueError(f"is not valid TOML: {error}") from None


def creator_from_file(path: Path, *, slug: str = "", name: str = "") -> Creator:
    """Return the creator that the file describes, made where it does not exist; an existing one is left as it is.

    ``slug`` and ``name`` are taken where the file has none. Raises ``CreatorFileError`` for a file without slug and
    name, with bad TOML or with a value that can't be used.
    """
    try:
        given = {key: value for key, value in (("slug", slug), ("name", name)) if value}
        table = {**given, **read_toml(path.read_bytes())}
        with transaction.atomic():
            return _creator(table)
    except KeyError as error:
        raise CreatorFileError(f"{path.name}: there is no {error.args[0]}") from None
    except CreatorFileError:
        raise
    except ValidationError as error:
        raise CreatorFileError(f"{path.name}: {' '.join(error.messages)}") from None
    except (AttributeError, TypeError, ValueError, DataError) as error:
        raise CreatorFileError(f"{path.name}: {error}") from None


def _creator(table: dict[str, Any]) -> Creator:
    slug, name = str(table["slug"]), str(table["name"])
    found = Creator.objects.filter(slug=slug).first()
    if found is not None:
        return found
    told = {key: table[key] for key in ("aliases", "links", "summary") if key in table}
    creator = Creator(slug=slug, name=name, **told)
    creator.full_clean(exclude=("folded_name", "folded_aliases"))
    creator.save()
    _describe(creator, table)
    return creator


def _describe(creator: Creator, table: dict[str, Any]) -> None:
    for domain in table.get("domains", []):
        if not domain.get("slug"):
            raise CreatorFileError("creator.toml: a domain has no slug")
        creator.domains.add(_domain(domain))
    if voice := table.get("personality"):
        lists = {key: voice.get(key, []) for key in LISTS}
        personality = Personality(creator=creator, summary=voice.get("summary", ""), **lists)
        personality.full_clean()
        personality.save()
    for row in table.get("glossary", []):
        _gloss(creator, row)


def _domain(table: dict[str, Any]) -> Domain:
    """Return the domain that a table names, made where there is none; it is given the word lists that it lacks."""
    row, _ = Domain.objects.get_or_create(slug=table["slug"], defaults={"name": table.get("name", table["slug"])})
    for name in WORD_LISTS:
        words = table.get("vocabulary", {}).get(name, [])
        if not isinstance(words, list):
            raise CreatorFileError(f"creator.toml: domain {row.slug}: {name} is a list of words")
        if words and not getattr(row, name):
            setattr(row, name, [str(word) for word in words])
    try:
        row.full_clean()
    except ValidationError as error:
        raise CreatorFileError(f"creator.toml: domain {row.slug}: {' '.join(error.messages)}") from None
    row.save()
    return row


def _gloss(creator: Creator, row: dict[str, Any]) -> None:
    """Keep a term and what is heard of it; whoever wrote the file has reviewed it."""
    term, meaning, heard = (row.get(key, default) for key, default in (("term", ""), ("meaning", ""), ("heard", [])))
    if not isinstance(heard, list):
        raise CreatorFileError(f'creator.toml: glossary, {term or "no term"}: heard is a list, such as ["seerum"]')
    entry = GlossaryEntry(creator=creator, term=str(term), meaning=str(meaning), is_reviewed=True)
    entry.heard = [str(phrase) for phrase in heard]
    try:
        entry.full_clean()
    except ValidationError as error:
        raise CreatorFileError(
            f"creator.toml: glossary, {entry.term or 'no term'}: {' '.join(error.messages)}"
        ) from None
    entry.save()


STDIN = Path("-")


@dataclass(eq=False)
class SourceError(Exception):
    """A path that can't be ingested at all, in words."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


LONGEST_SOURCE = 500
"""Characters of a source's name."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: ``source`` names it within its creator, ``size`` is in bytes (0 where it can't be known)."""

    source: str
    size: int
    read: Callable[[], bytes]
    sidecar: bytes = b""
    info: bytes = b""
    """What a downloader wrote beside it, as ``talk.info.json``."""
    root: Path | None = None
    """The folder that sources are named from; None for what lies in none."""

    def lies_beside(self, source: str) -> bool:
        """Say whether the file of another source is still where it was."""
        return self.root is not None and (self.root / source).exists()


def find_sources(paths: Iterable[Path], *, stdin_name: str = "stdin.txt") -> Iterator[SourceFile]:
    """Yield every transcript below the paths; ``-`` is standard input, read as a file of the name given.

    A source is named with the folder it lies in, so that files of the same name in two folders are two works.
    A file named in ``paths`` is taken whatever its ending; within folders those with the ending of a transcript, and
    those that look like one: ``passed_over`` names the others. Raises ``SourceError`` for a path that isn't there.
    """
    for path in paths:
        if path == STDIN:
            yield SourceFile(source=stdin_name, size=0, read=_read_stdin)
        elif path.is_dir():
            read = (file for file, reason in _walk(path) if not reason)
            yield from (_on_disk(file, within=file.relative_to(path).as_posix(), folder=path) for file in read)
        elif path.is_file():
            yield _on_disk(path, within=path.name, folder=path.resolve().parent)
        else:
            raise SourceError(path=str(path), reason="is not there")


_MEDIA = frozenset(("image", "video", "audio"))
_SNIFFED = 8192
INFO = ".info.json"
"""How the names of what downloaders write beside a file end."""


def passed_over(paths: Iterable[Path]) -> list[str]:
    """Return a line for each file within the folders that isn't read, with the reason; media are counted by kind."""
    media: Counter[str] = Counter()
    lines = []
    for folder in paths:
        for file, reason in _walk(folder) if folder != STDIN and folder.is_dir() else ():
            if reason in _MEDIA:
                media[reason] += 1
            elif reason:
                lines.append(f"{file.relative_to(folder).as_posix()}: passed over, {reason}")
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(media.items()))
    return [*lines, f"Passed over, as files of media: {counted}."] if counted else lines


def _walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of a folder in order, each with the reason why it isn't read, "" where it is.

    Hidden files, pipes, and what is read along with a transcript are left out.
    """
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            is_hidden = name.startswith(".") or is_read_along(name, names)
            if not is_hidden and (path.is_file() or path.is_symlink()):  # no pipe; a link to nothing fails by name
                yield path, _reason(path)


def is_read_along(name: str, names: list[str]) -> bool:
    """Say whether a file is read along with another."""
    if name.endswith(INFO):
        stem = name.removesuffix(INFO)
        return any(other.startswith(f"{stem}.") and other != name for other in names)
    return name == "creator.toml" or (name.endswith(".toml") and name.removesuffix(".toml") in names)


_NO_SPEECH = {
    INFO: "as it describes a video or a channel of which no transcript lies here",
    ".live_chat.json": "as a live chat is no speech",
    ".description": "as what stands below a video is no speech",
}


def _reason(path: Path) -> str:
    def head() -> bytes:
        with path.open("rb") as file:
            return file.read(_SNIFFED)

    try:
        return reason_to_pass(path.name, head)
    except OSError as error:
        # whoever reads a text says so themselves
        return "" if path.suffix.lower() in SUFFIXES else f"as it can't be opened: {error.strerror}"


def reason_to_pass(name: str, head: Callable[[], bytes]) -> str:
    """Return why a file of a folder isn't read, "" where it is; its first bytes are looked at where its name won't do.

    For media the reason is their kind: image, video or audio.
    """
    if told := next((reason for ending, reason in _NO_SPEECH.items() if name.endswith(ending)), ""):
        return told
    suffix = PurePosixPath(name).suffix
    is_text = suffix.lower() == ".txt"
    if suffix.lower() in SUFFIXES and not is_text:
        return ""
    kind = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    if kind in _MEDIA:
        return kind
    first = head()[:_SNIFFED]
    if lists_downloads(first.rpartition(b"\n")[0].decode("latin-1")):
        return "as it is a downloader's list of what it has"
    ending = f"as {suffix} is no ending of a transcript" if suffix else "as it has no ending"
    return "" if is_text or is_recognised(first) else f"{ending}; name the file to have it read"


def _on_disk(path: Path, *, within: str, folder: Path) -> SourceFile:
    root = folder.resolve()
    # macOS names files in another normal form than people type
    source = unicodedata.normalize("NFC", f"{root.name}/{within}")

    def read() -> bytes:
        _refuse_too_large(source, path.stat().st_size)
        return path.read_bytes()

    return SourceFile(
        source=source,
        size=path.stat().st_size if path.exists() else 0,
        read=read,
        sidecar=_beside(path, path.name + ".toml"),
        info=_beside(path, without_language(path.stem) + INFO),
        root=root.parent,
    )


def _beside(path: Path, name: str) -> bytes:
    beside = path.with_name(name)
    return beside.read_bytes() if beside.is_file() and beside.stat().st_size <= MAX_BYTES else b""


def _read_stdin() -> bytes:
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    _refuse_too_large("standard input", len(data))
    return data


def _refuse_too_large(name: str, size: int) -> None:
    if size > MAX_BYTES:
        raise TranscriptError(name, f"is larger than {MAX_BYTES // 2**20} MiB; split it into several works")
