"""A work made ready for storing: read, put right by the glossary, cut into chunks."""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, Self

from creators.glossary import Rule, corrected_segments
from creators.ingest.chunking import ChunkDraft, Place, chunk, places_of
from creators.ingest.naming import facts_of_info, facts_of_name
from creators.ingest.sources import SourceFile, read_toml
from creators.models import Work, WorkFile
from creators.transcripts import Transcript, TranscriptError, read_transcript
from creators.transcripts.segments import Aside, Segment


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a work beside its text; "" or None where nothing is."""

    title: str = ""
    url: str = ""
    kind: str = ""
    language: str = ""
    published: date | None = None
    # Not in the repr: that stands in the hashes of all works.
    creator_label: str = field(default="", repr=False)

    def over(self, other: "Facts") -> Self:
        """Return these facts, with the other's where these are silent."""
        gaps = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **gaps)


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What became of one file: ``chunks`` it has now, and how many of them were ``embedded`` for it."""

    source: str
    status: Literal["new", "changed", "unchanged", "failed"]
    size: int
    chunks: int = 0
    embedded: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is with one file: ``embedded`` of its ``chunks``, of those that have no vector yet."""

    source: str
    stage: Literal["read", "cut", "embedded"]
    chunks: int = 0
    embedded: int = 0


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The bytes of a file, what stands beside it, and what was said of it by hand."""

    file: SourceFile
    content: bytes
    facts: Facts

    def keep(self, work: Work) -> None:
        """Keep it with the work."""
        told = {one.name: getattr(self.facts, one.name) for one in fields(self.facts)}
        told = {name: value for name, value in told.items() if value}
        if self.facts.published:
            told["published"] = self.facts.published.isoformat()
        WorkFile.objects.keep(work, self.content, sidecar=self.file.sidecar, info=self.file.info, facts=told)


PIPELINE = "4"
"""Goes up when readers or chunking change what they make of the same bytes, so that works are read again."""

_SPOKEN = (".txt", ".md", ".markdown", ".mp3", ".m4a", ".ogg", ".opus", ".wav", ".flac", ".aac")
TIMED_KINDS = dict.fromkeys(_SPOKEN, Work.Kind.AUDIO)
UNTIMED_KINDS = {".md": Work.Kind.ARTICLE, ".markdown": Work.Kind.ARTICLE}


@dataclass(frozen=True, slots=True)
class PreparedWork:
    """A work ready to be stored."""

    source: str
    size: int
    content_hash: str
    facts: Facts
    drafts: tuple[ChunkDraft, ...]
    warnings: tuple[str, ...]
    asides: tuple[tuple[Place, Aside], ...] = ()
    """What is shown with the work and not searched, and where it stands."""
    speakers: tuple[str, ...] = ()
    """Who speaks, by the labels in the text, whoever says most first."""
    former_hashes: tuple[str, ...] = ()
    """What the same content was told by under former pipelines, for a file that isn't known by its name."""
    read: "ReadFile | None" = None
    """What it was read from, to be kept with it."""


FORMER_PIPELINES = ("1", "2", "3")


def fingerprint(
    file: SourceFile, data: bytes, *, facts: Facts, rules: Sequence[Rule] = (), pipeline: str = PIPELINE
) -> str:
    """Return what a work's content is told apart by: its bytes, what stands beside them and the pipeline's version.

    Of the glossary only what may change this file counts, so that a new entry leaves the other works alone.
    """
    # The names of Facts, Rule and their fields stand in stored hashes: renaming one reads every work anew.
    digest = hashlib.sha256(f"{pipeline}\0{facts!r}\0{len(file.sidecar)}\0".encode())
    digest.update(file.sidecar)
    digest.update(file.info)
    if found := _that_may_apply(rules, data):
        digest.update(repr(found).encode())
    digest.update(data)
    return digest.hexdigest()


def prepare(
    file: SourceFile,
    data: bytes,
    *,
    content_hash: str,
    facts: Facts,
    rules: Sequence[Rule] = (),
    transcript: Transcript | None = None,
) -> PreparedWork:
    """Read a file, if that was not done yet, put its text right by the glossary and chunk it.

    What the caller knows goes before the sidecar, and that before the file itself.

    Raises ``TranscriptError`` for a file or a sidecar that can't be read.
    """
    transcript = transcript or read_transcript(data, name=file.source)
    known = facts.over(read_sidecar(file)).over(_own_facts(file, transcript))
    if known.url and not known.url.startswith(("https://", "http://")):
        raise TranscriptError(file.source, "url must begin with https:// or http://")
    segments = corrected_segments(transcript.segments, rules)
    drafts = tuple(chunk(segments))
    places = places_of([one.before for one in transcript.asides], segments, drafts)
    return PreparedWork(
        source=file.source,
        size=len(data),
        content_hash=content_hash,
        facts=known,
        drafts=drafts,
        warnings=transcript.warnings,
        speakers=_speakers(transcript.segments),
        asides=tuple(zip(places, transcript.asides, strict=True)),
    )


def _speakers(segments: Sequence[Segment]) -> tuple[str, ...]:
    said: Counter[str] = Counter()
    for segment in segments:
        if segment.speaker:
            said[segment.speaker] += len(segment.text)
    return tuple(label for label, _ in said.most_common())


def read_sidecar(file: SourceFile) -> Facts:
    """Return the facts of ``<file>.toml`` beside the file: title, url, kind, language, published, creator_label."""
    name = f"{file.source}.toml"
    try:
        table = read_toml(file.sidecar)
    except ValueError as error:
        raise TranscriptError(name, str(error)) from None
    kind = str(table.get("kind", ""))
    if kind and kind not in Work.Kind.values:
        raise TranscriptError(name, f"kind is {kind!r}; write one of {', '.join(Work.Kind.values)}")
    published = table.get("published")
    if published is not None and not isinstance(published, date):
        raise TranscriptError(name, "published is no date; write it as published = 2025-03-14")
    words = {key: str(table.get(key, "")) for key in ("title", "url", "language")}
    words["creator_label"] = str(table.get("creator_label", table.get("speaker", "")))
    if any("\0" in word for word in words.values()):
        raise TranscriptError(name, "holds a NUL character")
    return Facts(kind=kind, published=published, **words)


def _that_may_apply(rules: Sequence[Rule], data: bytes) -> list[Rule]:
    """Return the rules whose words all stand somewhere in the bytes of a file, whatever its format."""
    low = data.lower()
    return [rule for rule in rules if b"\0" in low or all(word in low for word in _ascii_words(rule.heard))]


def _ascii_words(phrase: str) -> list[bytes]:
    # Words of other letters may be escaped in the file, so that they can't be looked for.
    return [word.encode() for word in re.findall(r"\w+", phrase) if word.isascii()]


def _own_facts(file: SourceFile, transcript: Transcript) -> Facts:
    path = PurePosixPath(file.source)
    named, told = facts_of_name(path.stem), facts_of_info(file.info)
    timed = any(segment.start is not None for segment in transcript.segments)
    kinds, default = (TIMED_KINDS, Work.Kind.VIDEO) if timed else (UNTIMED_KINDS, Work.Kind.TEXT)
    own = Facts(
        title=transcript.title,
        url=transcript.url,
        kind=transcript.kind if transcript.kind in Work.Kind.values else "",
        language=transcript.language,
        published=transcript.published,
        creator_label=transcript.creator_label,
    )
    beside = Facts(title=told.title, url=told.url, language=told.language, published=told.published)
    by_name = Facts(title=named.title, url=named.url, language=named.language, published=named.published)
    return own.over(beside).over(by_name).over(Facts(kind=kinds.get(path.suffix.lower(), default)))
