"""Jobs: leased, taken up where a worker died, cancelled, retried; nothing lost and nothing doubled."""

import time
from datetime import timedelta

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import timezone
from pytest_django import Settings

from creators.ingest.uploads import UploadedSource
from creators.jobs.drafts import accept, draft
from creators.jobs.progress import progress_of
from creators.jobs.worker import LAST_BEAT, SEEN, Worker, lease_kept
from creators.models import Creator, Embedding, IngestJob, JobFile, Work
from tests.creators.fake_embedder import FakeEmbedder
from tests.creators.uploading import work_off

pytestmark = pytest.mark.django_db

MANY = " ".join(["word"] * 60)
LONG = "\n\n".join(f"Paragraph {number} speaks of many things. It does so at length. {MANY}." for number in range(9))


class CancellingEmbedder(FakeEmbedder):
    """Has somebody cancel every job while it embeds."""

    def embed_passages(self, texts):  # type: ignore[no-untyped-def]  # as its base
        IngestJob.objects.cancel()
        return super().embed_passages(texts)


class AwayEmbedder(FakeEmbedder):
    """Can't be reached."""

    def embed_passages(self, texts):  # type: ignore[no-untyped-def]  # as its base
        from creators.embeddings import EmbeddingError

        raise EmbeddingError("The embeddings server does not answer.", retryable=True)


@pytest.fixture(autouse=True)
def fake_embedder(settings: Settings) -> None:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}


@pytest.fixture
def job() -> IngestJob:
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    sources = [UploadedSource(f"{name}.txt", f"{name}. {LONG}".encode()) for name in "abc"]
    made = draft(IngestJob(creator=creator), sources)
    accept(made, labels={})
    return made


def works(job: IngestJob) -> int:
    return Work.objects.filter(creator=job.creator).count()


def test_it_leases_a_job_to_one_worker(job: IngestJob) -> None:
    assert IngestJob.objects.take(worker="one") == job
    assert IngestJob.objects.take(worker="two") is None


def test_it_takes_up_what_a_dead_worker_had(job: IngestJob) -> None:
    IngestJob.objects.take(worker="dead")
    IngestJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_off()
    job.refresh_from_db()
    assert (job.state, job.worker, works(job)) == ("done", "test", 3)


def test_it_stores_nothing_twice_where_works_were_stored_and_not_noted(job: IngestJob) -> None:
    work_off()
    vectors = Embedding.objects.filter(creator=job.creator).count()
    accept(draft(IngestJob(creator=job.creator), [UploadedSource("a.txt", f"a. {LONG}".encode())]), labels={})
    work_off()
    assert (works(job), Embedding.objects.filter(creator=job.creator).count()) == (3, vectors)
    assert JobFile.objects.latest("pk").state == "unchanged"


def test_it_gives_up_what_ended_three_workers(job: IngestJob) -> None:
    for worker in "123":
        IngestJob.objects.take(worker=worker)
        IngestJob.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    work_off()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "ended 3 times" in job.error


def test_it_ends_a_waiting_job_that_is_cancelled_at_once(job: IngestJob) -> None:
    IngestJob.objects.cancel()
    work_off()
    assert (works(job), set(job.files.values_list("state", flat=True))) == (0, {"cancelled"})


def test_it_keeps_what_was_stored_before_a_running_job_is_cancelled(job: IngestJob, settings: Settings) -> None:
    settings.EMBEDDER = {"BACKEND": "tests.creators.test_jobs.CancellingEmbedder"}
    work_off()
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert works(job) == job.files.filter(state="new").count()


def test_it_retries_what_was_left(job: IngestJob) -> None:
    IngestJob.objects.cancel()
    IngestJob.objects.retry()
    work_off()
    assert works(job) == 3
    assert set(job.files.values_list("state", flat=True)) == {"new"}


def test_it_tries_again_later_where_the_embedder_is_away(job: IngestJob, settings: Settings) -> None:
    settings.EMBEDDER = {"BACKEND": "tests.creators.test_jobs.AwayEmbedder"}
    work_off()
    job.refresh_from_db()
    assert (job.state, job.not_before > timezone.now()) == ("queued", True)
    assert "tried again by itself" in job.error


def test_it_gives_a_job_back_when_its_process_ends(job: IngestJob) -> None:
    worker = Worker("ending")
    worker.stop.set()
    worker.step()
    job.refresh_from_db()
    assert (job.state, job.takes) == ("queued", 0)


def test_it_tells_how_many_chunks_of_a_work_are_embedded(job: IngestJob) -> None:
    work_off()
    file = job.files.get(source="a.txt")
    assert file.embedded == file.chunks > 1
    assert file.texts >= file.chunks - 1


def test_it_knows_how_much_is_left(job: IngestJob) -> None:
    taken = timezone.now()
    job.files.filter(source="a.txt").update(state="new", ended=taken + timedelta(seconds=10), embedded=50)
    job.state, job.taken = IngestJob.State.RUNNING, taken
    told = progress_of(job, now=taken + timedelta(seconds=10))
    assert (told.done, told.total, told.rate) == (1, 3, 5.0)
    assert np.isclose(told.left or 0, 20, rtol=0.01)


def test_it_keeps_no_bytes_of_what_is_done(job: IngestJob) -> None:
    work_off()
    assert not job.files.exclude(content=None).exists()


def test_it_removes_drafts_that_nobody_accepts(job: IngestJob) -> None:
    left = draft(IngestJob(creator=job.creator), [UploadedSource("d.txt", b"Hi.")])
    IngestJob.objects.tidy(now=timezone.now() + timedelta(days=2))
    assert not IngestJob.objects.filter(pk=left.pk).exists()
    assert IngestJob.objects.filter(pk=job.pk).exists()


def test_it_waits_for_no_renewal_that_gets_nowhere(job: IngestJob) -> None:
    cache.set(SEEN, "in a row that the transaction of this test holds", 30)
    began = time.monotonic()
    with lease_kept("one", every=0.01):
        time.sleep(0.1)
    assert LAST_BEAT <= time.monotonic() - began < LAST_BEAT + 20
