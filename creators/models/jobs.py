"""What is to be brought in: jobs and their files, kept with their progress until a worker has done them."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from creators.models.creator import Creator

LEASE = timedelta(seconds=30)
"""How long a job stays a worker's without a sign of life; renewed three times as often."""
MOST_TAKES = 3
"""Times that a job is taken up without a work getting done, until it is given up: it may be what ends the workers."""


class IngestJobQuerySet(models.QuerySet["IngestJob"]):
    """Queries over jobs. Times are the database's, so that machines whose clocks differ agree on a lease."""

    def with_counts(self) -> Self:
        """Each with ``file_total``, and ``done_total`` of them that are finished."""
        unfinished = Q(files__state__in=JobFile.UNFINISHED)
        done = models.Count("files", filter=~unfinished)
        return self.annotate(file_total=models.Count("files"), done_total=done)

    def take(self, *, worker: str) -> "IngestJob | None":
        """Lease the oldest job that waits, or whose worker has not been heard of for the lease's time."""
        due = Q(state=IngestJob.State.QUEUED, not_before__lte=Now())
        abandoned = Q(state=IngestJob.State.RUNNING, lease_until__lt=Now())
        with transaction.atomic():
            job = self.select_for_update(skip_locked=True, of=("self",)).filter(due | abandoned).order_by("pk").first()
            if job is None:
                return None
            job.state, job.worker, job.takes = IngestJob.State.RUNNING, worker, job.takes + 1
            self.filter(pk=job.pk).update(
                state=job.state, worker=worker, takes=job.takes, error="", taken=Now(), lease_until=Now() + LEASE
            )
        return job

    def held_by(self, worker: str) -> Self:
        """Those that this worker still has: a lease that ran out may be another's by now."""
        return self.filter(worker=worker, state=IngestJob.State.RUNNING)

    def renew(self, *, worker: str) -> int:
        """Extend the lease of what this worker has; return 0 where it has nothing any more."""
        return self.held_by(worker).update(lease_until=Now() + LEASE)

    def cancel(self) -> None:
        """End what waits at once, and have the worker of what runs end it before its next work."""
        waiting = self.filter(state__in=(IngestJob.State.DRAFT, IngestJob.State.QUEUED))
        JobFile.objects.filter(job__in=waiting).unfinished().update(state=JobFile.State.CANCELLED)
        waiting.update(state=IngestJob.State.CANCELLED, ended=Now())
        self.filter(state=IngestJob.State.RUNNING).update(is_cancelled=True)

    def retry(self) -> None:
        """Queue ended jobs again for the files that failed or were left; the others stay done."""
        ended = self.filter(state__in=IngestJob.ENDED)
        again = (JobFile.State.FAILED, JobFile.State.CANCELLED, JobFile.State.WAITING, JobFile.State.WORKING)
        JobFile.objects.filter(job__in=ended, state__in=again).update(
            state=JobFile.State.WAITING, detail="", embedded=0, texts=0
        )
        ended.update(
            state=IngestJob.State.QUEUED, takes=0, error="", is_cancelled=False, ended=None, not_before=Now(), worker=""
        )

    def tidy(self, *, now: datetime) -> None:
        """Remove drafts nobody accepted for a day, bytes of what ended a week ago, and jobs that ended 30 days ago."""
        self.filter(state=IngestJob.State.DRAFT, created__lt=now - timedelta(days=1)).delete()
        left = JobFile.objects.filter(job__in=self.filter(ended__lt=now - timedelta(days=7)))
        left.filter(content__isnull=False).update(content=None)
        self.filter(state__in=IngestJob.ENDED, ended__lt=now - timedelta(days=30)).delete()


class IngestJob(models.Model):
    """Files for one creator: first a draft that a curator looks at, then queued, run by a worker, and ended."""

    class State(models.TextChoices):
        """Where a job stands."""

        DRAFT = "draft", "to be accepted"
        QUEUED = "queued", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    ENDED = (State.DONE, State.FAILED, State.CANCELLED)

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="ingest_jobs")
    feed = models.ForeignKey("creators.Feed", on_delete=models.SET_NULL, null=True, related_name="jobs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=200, blank=True, help_text="What was brought, in a few words.")
    facts = models.JSONField(default=dict)
    """What the curator said of the work: fields of ``Facts``."""
    notes = models.JSONField(default=list)
    """Lines on what was passed over before anything was read."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_cancelled = models.BooleanField(default=False)
    error = models.TextField(blank=True)
    worker = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    takes = models.PositiveIntegerField(default=0)
    """How often it was taken up since a file of it was last finished."""
    created = models.DateTimeField(db_default=Now())
    not_before = models.DateTimeField(db_default=Now())
    taken = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)

    objects = IngestJobQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = "upload"
        indexes = (models.Index(fields=["state", "not_before"], name="job_queue"),)

    def __str__(self) -> str:
        return f"{self.label or 'Upload'} for {self.creator}"


class JobFileQuerySet(models.QuerySet["JobFile"]):
    """Queries over the files of jobs."""

    def unfinished(self) -> Self:
        """Those that a worker has yet to finish."""
        return self.filter(state__in=JobFile.UNFINISHED)

    def without_content(self) -> Self:
        """Each without its bytes, which may be many."""
        return self.defer("content")

    def counts(self, by: str) -> dict[str, int]:
        """Return how many there are for each value of a field; those without one under ""."""
        rows = self.order_by().values_list(by).annotate(models.Count("pk"))
        return {value or "": count for value, count in rows}


class JobFile(models.Model):
    """One file of a job: its bytes until they are done with, what a preview found in it, and how far it is."""

    class State(models.TextChoices):
        """What has become of a file."""

        WAITING = "waiting", "waiting"
        WORKING = "working", "working"
        NEW = "new", "added"
        CHANGED = "changed", "brought up to date"
        UNCHANGED = "unchanged", "as it was"
        PASSED = "passed", "passed over"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    UNFINISHED = (State.WAITING, State.WORKING)
    DONE = (State.NEW, State.CHANGED, State.UNCHANGED)

    job = models.ForeignKey(IngestJob, on_delete=models.CASCADE, related_name="files")
    source = models.TextField()
    url = models.TextField(blank=True, help_text="Where its bytes are fetched from when their turn comes.")
    size = models.PositiveBigIntegerField(default=0)
    content = models.BinaryField(null=True)
    sidecar = models.BinaryField(default=b"")
    info = models.BinaryField(default=b"")
    creator_label = models.TextField(blank=True)
    """The speaker whom the curator chose as the creator."""
    found = models.JSONField(null=True)
    """What the preview found; None where nobody has looked yet."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    stage = models.CharField(max_length=10, blank=True)
    chunks = models.PositiveIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0)
    embedded = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)
    ended = models.DateTimeField(null=True)

    objects = JobFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("job", "source"), name="one_file_a_source"),)

    def __str__(self) -> str:
        return self.source
