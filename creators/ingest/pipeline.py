"""Ingesting works: read and prepared where they have changed, embedded in batches, and stored."""

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from creators.embeddings import Embedder
from creators.embeddings.spaces import space_of
from creators.embeddings.windows import ChunkVectors, Texts, embed_chunks, texts_of
from creators.glossary import Rule, rules_of
from creators.ingest.carrying import dropped_notes, moved_notes, taken_down_notes
from creators.ingest.naming import facts_of_name
from creators.ingest.prepare import (
    FORMER_PIPELINES,
    Facts,
    IngestOutcome,
    PreparedWork,
    Progress,
    ReadFile,
    fingerprint,
    prepare,
)
from creators.ingest.sources import LONGEST_SOURCE, SourceFile
from creators.ingest.store import known_vectors, store_work, text_hash
from creators.ingest.talks import Talk, talks_in
from creators.models import Creator, GlossaryEntry, Space, Work
from creators.models.terms import fold_terms
from creators.transcripts import TranscriptError

BATCH = 64
"""Texts that are gathered over several works before they are embedded together."""

SLICE = 16
"""Chunks embedded between two reports of progress: with their windows some 150 texts, seconds on a small machine."""
FOLD_EVERY = 500
"""Works after which the counts of their terms are folded, so that no question has to add up too many changes."""


@dataclass(slots=True)
class _Batch:
    """Works read and not yet stored, with the texts they still need vectors for."""

    works: list[tuple[PreparedWork, dict[str, ChunkVectors]]] = field(default_factory=list)
    texts: dict[str, Texts] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Which of the texts are a work's, by its source."""


Report = Callable[[Progress], object]
"""Is told how far an ingest is, and may raise to break it off."""


def _unheard(_: Progress) -> None:
    """Nobody wants to know how far it is."""


def ingest(
    creator: Creator,
    files: Iterable[SourceFile],
    *,
    embedder: Embedder,
    facts: Facts | None = None,
    report: Report = _unheard,
) -> Iterator[IngestOutcome]:
    """Bring the creator's works up to date with the files and yield what became of each.

    A file that can't be read is an outcome, not an error; a database that fails is an error.
    What was yielded is stored: stopping at any point leaves each work as it was or as it should be.
    """
    space = space_of(embedder)
    hashes = Work.objects.hashes(creator)
    rules = rules_of(GlossaryEntry.objects.applying_to(creator.pk).reviewed())
    waiting = _Batch()
    lacking = {work.source: work for work in Work.objects.filter(creator=creator, file=None).only("source")}
    stored = 0
    files = list(files)
    seen = {file.source for file in files}
    for talk in talks_in(files):
        file = talk.file
        _follow(talk, creator=creator, hashes=hashes)
        report(Progress(file.source, "read"))
        result = _read(talk, hashes=hashes, facts=facts or Facts(), rules=rules, lacking=lacking)
        if isinstance(result, IngestOutcome):
            yield result
            continue
        moved = _moved(result, file, hashes=hashes, seen=seen)
        if moved:
            Work.objects.move(moved, to=file.source, creator=creator)
            hashes[file.source] = hashes.pop(moved)
        if moved and hashes[file.source] == result.content_hash:
            _retitle(result, creator=creator, former=moved)
            yield IngestOutcome(source=file.source, status="unchanged", size=file.size, detail=f"was {moved} before")
            continue
        if talk.others:
            passed = ", ".join(PurePosixPath(other.source).name for other in talk.others)
            note = f"the same talk stands in {passed}, which was passed over"
            result = replace(result, warnings=(*result.warnings, note))
        known = known_vectors(creator, file.source, space=space) if file.source in hashes else {}
        _queue(waiting, result, known=known, space=space)
        report(Progress(file.source, "cut", chunks=len(result.drafts)))
        if len(waiting.texts) >= BATCH:
            yield from _flush(waiting, creator=creator, space=space, embedder=embedder, report=report)
            stored += len(waiting.works)
            waiting = _Batch()
            if stored >= FOLD_EVERY:
                fold_terms()
                stored = 0
    yield from _flush(waiting, creator=creator, space=space, embedder=embedder, report=report)
    if stored or waiting.works:
        fold_terms()


def _follow(talk: Talk, *, creator: Creator, hashes: dict[str, str]) -> None:
    """Give a talk the work that another of its files has; of works that were made of several of them one stays."""
    source = talk.file.source
    for other in (one.source for one in talk.others if one.source in hashes):
        if source in hashes:
            Work.objects.filter(creator=creator, source=other).update(is_withdrawn=True)
        else:
            Work.objects.move(other, to=source, creator=creator)
            hashes[source] = hashes.pop(other)


def _moved(prepared: PreparedWork, file: SourceFile, *, hashes: dict[str, str], seen: Container[str]) -> str | None:
    """Return the source of the work that has this content and whose file is gone from where it was."""
    if prepared.source in hashes:
        return None
    same = {prepared.content_hash, *prepared.former_hashes}
    return next(
        (
            source
            for source, content_hash in hashes.items()
            if content_hash in same
            and source not in seen
            and (unicodedata.normalize("NFC", source) == prepared.source or _is_gone(source, file))
        ),
        None,
    )


def _retitle(prepared: PreparedWork, *, creator: Creator, former: str) -> None:
    """Give a work that was titled by its file's name the title of the new one."""
    named = facts_of_name(PurePosixPath(former).stem).title
    titled = Work.objects.filter(creator=creator, source=prepared.source, title=named)
    titled.update(title=prepared.facts.title[:300])


def _is_gone(source: str, file: SourceFile) -> bool:
    # Of what was uploaded or read from standard input nobody can say where it was.
    return file.root is not None and not file.lies_beside(source)


def _read(
    talk: Talk, *, hashes: dict[str, str], facts: Facts, rules: Sequence[Rule], lacking: Mapping[str, Work]
) -> PreparedWork | IngestOutcome:
    """Read a file that has changed; one that hasn't is kept with its work, where that has none yet."""
    file = talk.file
    if len(file.source) > LONGEST_SOURCE or not file.source.isprintable():
        detail = f"{file.source!r}: has a name that can't be kept; rename the file"
        return IngestOutcome(source=file.source, status="failed", size=file.size, detail=detail)
    try:
        data = file.read()
        content_hash = fingerprint(file, data, facts=facts, rules=rules)
        read = ReadFile(file, data, facts)
        if hashes.get(file.source) == content_hash:
            if file.source in lacking:
                read.keep(lacking[file.source])
            return IngestOutcome(source=file.source, status="unchanged", size=len(data))
        known = talk.transcript
        prepared = prepare(file, data, content_hash=content_hash, facts=facts, rules=rules, transcript=known)
        prepared = replace(prepared, read=read)
        if file.source in hashes:
            return prepared
        former = (fingerprint(file, data, facts=facts, rules=rules, pipeline=one) for one in FORMER_PIPELINES)
        return replace(prepared, former_hashes=tuple(former))
    except TranscriptError as error:
        return IngestOutcome(source=file.source, status="failed", size=file.size, detail=str(error))
    except OSError as error:
        reason = error.strerror or "can't be read"
        return IngestOutcome(source=file.source, status="failed", size=file.size, detail=f"{file.source}: {reason}")


def _queue(waiting: _Batch, prepared: PreparedWork, *, known: dict[str, ChunkVectors], space: Space) -> None:
    """Take up a work; where its sentences begin elsewhere than they did, its windows are embedded anew."""
    waiting.works.append((prepared, known))
    begin = len(waiting.texts)
    for draft in prepared.drafts:
        hashed = text_hash(draft)
        texts = texts_of(heading=draft.heading, text=draft.text, marks=draft.marks)
        if hashed in known and len(known[hashed].windows) != len(texts.windows) * space.dimensions:
            del known[hashed]
        if hashed not in known:
            waiting.texts[hashed] = texts
    waiting.spans[prepared.source] = (begin, len(waiting.texts))


def _embed(waiting: _Batch, *, embedder: Embedder, report: Report) -> dict[str, ChunkVectors]:
    """Return the vectors of a batch's texts by their hash, and report after each slice."""
    fresh: dict[str, ChunkVectors] = {}
    texts = list(waiting.texts.items())
    for first in range(0, len(texts), SLICE):
        part = texts[first : first + SLICE]
        vectors = embed_chunks([text for _, text in part], embedder=embedder)
        fresh.update(zip((hashed for hashed, _ in part), vectors, strict=True))
        for source, (begin, end) in waiting.spans.items():
            if begin < len(fresh) and end > first:
                report(Progress(source, "embedded", chunks=end - begin, embedded=min(len(fresh), end) - begin))
    return fresh


def _flush(
    waiting: _Batch, *, creator: Creator, space: Space, embedder: Embedder, report: Report
) -> Iterator[IngestOutcome]:
    fresh = _embed(waiting, embedder=embedder, report=report)
    for prepared, known in waiting.works:
        stored = store_work(prepared, creator=creator, space=space, vectors={**fresh, **known}, embedder=embedder)
        hashed = {text_hash(draft) for draft in prepared.drafts}
        taken = taken_down_notes(hashed, source=prepared.source, creator=creator)
        shaped = (*moved_notes(stored.moved), *dropped_notes(stored.dropped))
        notes = (*prepared.warnings, *taken, *shaped, *_speaker_notes(prepared, creator))
        yield IngestOutcome(
            source=prepared.source,
            status="new" if stored.is_new else "changed",
            size=prepared.size,
            chunks=len(prepared.drafts),
            embedded=len(hashed - known.keys()),
            detail="; ".join(notes),
        )


def _speaker_notes(prepared: PreparedWork, creator: Creator) -> list[str]:
    """Return a note of who was taken for the creator among several speakers, so that a curator can put it right."""
    named, told = prepared.speakers, prepared.facts.creator_label
    notes = [f"nobody here is called “{told}”, as creator_label says"] if told and told not in named else []
    stored = Work.objects.filter(creator=creator, source=prepared.source).values_list("creator_label", flat=True)
    work = Work(creator=creator, creator_label=stored.first() or "")
    if len(named) < 2 or work.creator_label:
        return notes
    own = [label for label in named if work.speaker_named(label) == creator.name]
    others = ", ".join(label for label in named[:MOST_NAMED] if label not in own)
    more = " and others" if len(named) > MOST_NAMED else ""
    if own:
        guests = f", {others}{more} for guests" if others else ""
        taken = " and ".join(f"“{label}”" for label in own)
        are = "is" if len(own) == 1 else "are"
        return [*notes, f"{taken} {are} taken for {creator.name}{guests}; the admin can change it"]
    return [*notes, f"none of {others}{more} is called like {creator.name}; choose who they are in the admin"]


MOST_NAMED = 5
"""Speakers that a note names."""
