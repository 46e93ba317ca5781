"""Works read again from the files that are kept with them, as after the glossary has grown."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction

from creators.models import IngestJob, JobFile, WorkFile


def read_again(works: Collection[int], *, by: Any) -> list[IngestJob]:
    """Queue works whose files are kept, by key: a job for each creator and for what was said of works by hand."""
    kept = WorkFile.objects.filter(work__in=works).select_related("work").defer("content").order_by("work")
    groups: defaultdict[tuple[int, str], list[WorkFile]] = defaultdict(list)
    for one in kept:
        groups[one.work.creator_id, repr(sorted(one.facts.items()))].append(one)
    with transaction.atomic():
        return [_queue(creator, files, by=by) for (creator, _), files in groups.items()]


def _queue(creator: int, files: list[WorkFile], *, by: Any) -> IngestJob:
    label = "1 work read again" if len(files) == 1 else f"{len(files)} works read again"
    told: dict[str, Any] = {"facts": files[0].facts, "created_by": by, "label": label}
    job = IngestJob.objects.create(creator_id=creator, state=IngestJob.State.QUEUED, **told)
    JobFile.objects.bulk_create(
        JobFile(
            job=job,
            source=one.work.source,
            sidecar=bytes(one.sidecar),
            info=bytes(one.info),
            creator_label=one.work.creator_label,  # chosen at the desk after the file was written
        )
        for one in files
    )
    return job
