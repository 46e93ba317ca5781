"""How far a job is: files done, chunks a second, and the time that is left by what was done so far."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Greatest

from creators.models import IngestJob, JobFile

SOONEST = 2.0
"""Seconds of work from which on a rate is told."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Figures over a job's files; ``rate`` is chunks embedded a second, ``left`` seconds, None where nobody can say."""

    done: int
    total: int
    failed: int
    share: float
    rate: float | None = None
    left: float | None = None


def progress_of(job: IngestJob, *, now: datetime) -> JobProgress:
    """Return how far a job is. A file weighs its bytes, one that is yet to be fetched nothing."""
    unfinished = Q(state__in=JobFile.UNFINISHED)
    since = Q(ended__gte=job.taken) if job.taken else Q(pk=None)
    weight = Greatest("size", 1)
    told = job.files.order_by().aggregate(
        total=Count("pk"),
        open=Count("pk", filter=unfinished),
        failed=Count("pk", filter=Q(state=JobFile.State.FAILED)),
        weight=Sum(weight),
        left=Sum(weight, filter=unfinished),
        done_since=Sum(weight, filter=since & ~unfinished),
        embedded=Sum("embedded", filter=since | Q(state=JobFile.State.WORKING)),
    )
    under_way = job.files.filter(state=JobFile.State.WORKING, texts__gt=0).only("size", "texts", "embedded")
    part = sum(max(one.size, 1) * one.embedded / one.texts for one in under_way)
    weight_of_all, left = told["weight"] or 1, (told["left"] or 0) - part
    share = 1 - left / weight_of_all
    done, total = told["total"] - told["open"], told["total"]
    seconds = (now - job.taken).total_seconds() if job.taken else 0.0
    if job.state != IngestJob.State.RUNNING or seconds < SOONEST:
        return JobProgress(done, total, told["failed"], share)
    speed = ((told["done_since"] or 0) + part) / seconds
    rate = (told["embedded"] or 0) / seconds
    return JobProgress(done, total, told["failed"], share, rate or None, left / speed if speed else None)
