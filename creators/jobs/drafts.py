"""A draft of a job: its files kept, and what each would become found out, before anything reaches the corpus."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now

from creators.glossary import Rule, rules_of
from creators.ingest import Facts
from creators.ingest.carrying import count_dropped, dropped_notes, shapes_of, taken_down_notes
from creators.ingest.prepare import PreparedWork, fingerprint, prepare
from creators.ingest.store import text_hash
from creators.ingest.talks import name_of_talk, talks_in
from creators.ingest.uploads import UploadedSource, UploadError, is_recording
from creators.jobs.files import source_file
from creators.models import Chunk, Creator, GlossaryEntry, IngestJob, JobFile, Work
from creators.transcripts import TranscriptError
from creators.transcripts.revision import ChunkText

FIRST_CHUNKS = 2
"""Chunks that a preview shows of a work."""
MOST_SPEAKERS = 12
FETCHED_FIRST = 3
"""Files of a draft that are fetched for its preview; the others are when the job runs."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one file would become: ``change`` is new, changed, unchanged, passed or failed, ``detail`` says why."""

    change: str
    title: str = ""
    kind: str = ""
    published: str = ""
    chunks: int = 0
    fresh: int = 0
    """Chunks that would be embedded."""
    seconds: float | None = None
    speakers: tuple[str, ...] = ()
    creator_label: str = ""
    """The speaker who is taken for the creator."""
    first: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    detail: str = ""


def draft(job: IngestJob, sources: Iterable[UploadedSource]) -> IngestJob:
    """Store a job with its files, one at a time, so that no more than one is in memory.

    Raises ``UploadError``, and stores nothing, where there is nothing to read.
    """
    with transaction.atomic():
        job.save()
        count = 0
        for count, one in enumerate(sources, start=1):  # noqa: B007 -- counted as they come
            job.files.create(
                source=one.source, size=len(one.content), content=one.content, sidecar=one.sidecar, info=one.info
            )
        if not count:
            raise UploadError(_nothing_in(job.notes))
        job.save(update_fields=["notes"])
    return job


MOST_NOTES = 3
"""Notes that an upload is told of which there is nothing to read."""


def _nothing_in(notes: Sequence[str]) -> str:
    """Return why there is nothing to read, of many files by a few of them."""
    told = ["There is no transcript in this.", *(f"{note}." for note in notes[:MOST_NOTES])]
    more = len(notes) - MOST_NOTES
    return " ".join([*told, f"So it is with {more} more."] if more > 0 else told)


def facts_of(job: IngestJob) -> Facts:
    """Return what the curator said of the job's work."""
    told = dict(job.facts)
    published = told.pop("published", None)
    return Facts(**told, published=date.fromisoformat(published) if published else None)


def look(job: IngestJob, *, seconds: float) -> bool:
    """Look at files of a draft that nobody has looked at; return True where none is left. Stores in the job alone.

    One talk at least is looked at in each call, and no other is begun after ``seconds``.
    """
    until = time.monotonic() + seconds
    rules = rules_of(GlossaryEntry.objects.applying_to(job.creator_id).reviewed())
    for files in _unseen(job):
        _look_at(files, job=job, rules=rules)
        if time.monotonic() > until:
            return not any(True for _ in _unseen(job))
    return True


def _unseen(job: IngestJob) -> Iterable[list[JobFile]]:
    """Yield the files not looked at, those of one name together: they may hold the same talk."""
    rows = job.files.filter(found__isnull=True).without_content()
    fetched = job.files.exclude(url="").filter(found__isnull=False).count()
    named = sorted(rows, key=lambda file: (name_of_talk(file.source), file.pk))
    named = [file for file in named if file.url or not is_recording(file.source)]  # which the job transcribes
    for _, group in groupby(named, key=lambda file: name_of_talk(file.source)):
        files = list(group)
        if any(file.url for file in files):
            fetched += 1
            if fetched > FETCHED_FIRST:
                continue
        yield files


def _look_at(files: Sequence[JobFile], *, job: IngestJob, rules: Sequence[Rule]) -> None:
    by_source = {file.source: file for file in files}
    for talk in talks_in([source_file(file) for file in files]):
        file = by_source[talk.file.source]
        _keep(file, _found(file, job=job, rules=rules))
        for other in talk.others:
            _keep(by_source[other.source], Found("passed", detail=f"the same talk as {file.source}"))


def _keep(file: JobFile, found: Found) -> None:
    JobFile.objects.filter(pk=file.pk).update(found=asdict(found))


def _found(file: JobFile, *, job: IngestJob, rules: Sequence[Rule]) -> Found:
    source = source_file(file)
    try:
        data, facts = source.read(), facts_of(job)
        content_hash = fingerprint(source, data, facts=facts, rules=rules)
        prepared = prepare(source, data, content_hash=content_hash, facts=facts, rules=rules)
    except TranscriptError as error:
        return Found("failed", detail=str(error))
    return _compared(prepared, creator=job.creator)


def _compared(prepared: PreparedWork, *, creator: Creator) -> Found:
    work = Work.objects.filter(creator=creator, source=prepared.source).first()
    known = set(Chunk.objects.filter(work=work).values_list("text_hash", flat=True)) if work else set()
    hashes = [text_hash(one) for one in prepared.drafts]
    texts = [ChunkText(one.text, one.marks, one.corrections) for one in prepared.drafts]
    dropped = count_dropped(shapes_of(work), hashes=hashes, texts=texts) if work else 0
    is_same = work is not None and work.content_hash == prepared.content_hash
    speaking = Work(creator=creator, creator_label=work.creator_label if work else "")
    named = prepared.speakers[:MOST_SPEAKERS]
    told = prepared.facts.creator_label if prepared.facts.creator_label in named else ""
    own = told or next((label for label in named if speaking.speaker_named(label) == creator.name), "")
    facts = prepared.facts
    taken = taken_down_notes(hashes, source=prepared.source, creator=creator)
    return Found(
        change="new" if work is None else "unchanged" if is_same else "changed",
        title=facts.title,
        kind=facts.kind,
        published=facts.published.isoformat() if facts.published else "",
        chunks=len(prepared.drafts),
        fresh=0 if is_same else sum(one not in known for one in hashes),
        seconds=prepared.drafts[-1].end if prepared.drafts else None,
        speakers=named,
        creator_label=own,
        first=tuple(one.text for one in prepared.drafts[:FIRST_CHUNKS]),
        notes=(*prepared.warnings, *taken, *dropped_notes(0 if is_same else dropped)),
    )


def accept(job: IngestJob, *, labels: dict[int, str]) -> bool:
    """Queue a draft, with the speaker whom the curator took for the creator in each file, by the file's key.

    Returns False where it is no draft any more, as after a second click.
    """
    with transaction.atomic():
        if not IngestJob.objects.filter(pk=job.pk, state=IngestJob.State.DRAFT).update(
            state=IngestJob.State.QUEUED, not_before=Now()
        ):
            return False
        for key, label in labels.items():
            job.files.filter(pk=key).update(creator_label=Value(label))
    return True
