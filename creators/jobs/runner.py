"""One job done: its files through ingest, each one's progress and outcome kept, and a look whether to go on."""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models.functions import Now

from creators.embeddings import Embedder
from creators.ingest import IngestOutcome, Progress, ingest
from creators.ingest.talks import name_of_talk
from creators.jobs.drafts import facts_of
from creators.jobs.files import source_file
from creators.models import Episode, IngestJob, JobFile, Work

LOOK = 1.0
"""Seconds between two writes of how far a work is, and between two looks whether the job is to end."""


class BrokenOffError(Exception):
    """A job that its worker leaves in the middle; what is stored by then stays."""


class CancelledError(BrokenOffError):
    """A curator cancelled it."""


class StoppedError(BrokenOffError):
    """The worker's process ends."""


class LostError(BrokenOffError):
    """The lease ran out, and the job may be another's."""


@dataclass
class JobRun:
    """A job in the hands of a worker, which holds its lease."""

    job: IngestJob
    worker: str
    stop: threading.Event
    is_lost: threading.Event
    _files: dict[str, JobFile] = field(default_factory=dict, init=False)
    _looked: float = field(default=0.0, init=False)

    def run(self, embedder: Embedder) -> None:
        """Bring in what is left of the job. Raises ``BrokenOffError`` where it is to end before."""
        self._files = {file.source: file for file in self._left()}
        sources = [source_file(file) for file in self._files.values()]
        facts = facts_of(self.job)
        for outcome in ingest(self.job.creator, sources, embedder=embedder, facts=facts, report=self._report):
            self._record(outcome)
        passed = {"state": JobFile.State.PASSED, "detail": "The same talk stands in another file.", "ended": Now()}
        self.job.files.unfinished().update(**passed)
        self.job.files.filter(state__in=(*JobFile.DONE, JobFile.State.PASSED)).update(content=None)

    def _left(self) -> list[JobFile]:
        """Return what is unfinished, and all of its name: which file holds a talk best is told among all of them."""
        groups: dict[str, list[JobFile]] = defaultdict(list)
        for file in self.job.files.without_content():
            groups[name_of_talk(file.source)].append(file)
        return [
            file for group in groups.values() if any(one.state in JobFile.UNFINISHED for one in group) for file in group
        ]

    def _report(self, progress: Progress) -> None:
        if self.stop.is_set():
            raise StoppedError
        if self.is_lost.is_set():
            raise LostError
        file = self._files[progress.source]
        is_news = progress.stage == "cut" or progress.embedded == progress.chunks > 0
        if time.monotonic() - self._looked < LOOK and not is_news:
            return
        self._looked = time.monotonic()
        held = IngestJob.objects.filter(pk=self.job.pk).held_by(self.worker).values_list("is_cancelled", flat=True)
        is_cancelled = held.first()
        if is_cancelled is None:
            raise LostError
        if is_cancelled:
            raise CancelledError
        told = {"stage": progress.stage, "texts": progress.chunks, "embedded": progress.embedded}
        JobFile.objects.unfinished().filter(pk=file.pk).update(state=JobFile.State.WORKING, **told)

    def _record(self, outcome: IngestOutcome) -> None:
        """Keep what became of a file, unless it is known: a job taken up again finds done works as they should be."""
        file = self._files[outcome.source]
        if outcome.status != "failed" and file.creator_label:
            works = Work.objects.filter(creator_id=self.job.creator_id, source=outcome.source)
            works.update(creator_label=file.creator_label)
        if outcome.status != "failed" and self.job.feed_id:
            Episode.objects.filter(feed_id=self.job.feed_id, source=outcome.source).update(is_ingested=True)
        held = JobFile.objects.unfinished().filter(pk=file.pk, job__worker=self.worker)
        held.update(
            state=outcome.status, detail=outcome.detail, chunks=outcome.chunks, embedded=outcome.embedded, ended=Now()
        )
        if self.job.takes:
            self.job.takes = 0
            IngestJob.objects.filter(pk=self.job.pk).held_by(self.worker).update(takes=0)
