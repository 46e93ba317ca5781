"""Workers: each does one job at a time under a lease, so that another takes up what a dead one had."""

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connections
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string

from chrysopedia.core.database import CACHE_ERRORS
from creators.embeddings import EmbeddingError, get_embedder
from creators.feeds.polling import poll
from creators.jobs.runner import CancelledError, JobRun, LostError, StoppedError
from creators.models import Feed, IngestJob, JobFile
from creators.models.jobs import LEASE, MOST_TAKES

logger = logging.getLogger(__name__)

PAUSE = 1.0
"""Seconds between two looks into the queue."""
TIDY = 3600.0
"""Seconds between two rounds of what has to be done now and then."""
BACK_OFF = (15, 60, 240, 900)
"""Seconds until a job is tried again that an embedder out of reach had broken off."""
SEEN = "creators:worker"
SEEN_SECONDS = 30
END = 2.0
"""Seconds that a worker in this process has to give its job back; else the lease runs out."""
BEAT = LEASE.total_seconds() / 3
"""Seconds between two renewals of a lease."""
LAST_BEAT = 0.5
"""Seconds that a job waits at its end for a renewal on its way, which nobody needs any more."""


def is_any_alive() -> bool:
    """Say whether a worker was there within the last half minute; where the cache is away, it is taken for granted."""
    try:
        return bool(cache.get(SEEN))
    except CACHE_ERRORS:
        return True


def _show_up(name: str) -> None:
    with suppress(*CACHE_ERRORS):
        cache.set(SEEN, name, SEEN_SECONDS)


def name_of_worker() -> str:
    """Return a name that no other worker has, from which a person sees where it runs."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:8]}"


@contextmanager
def working() -> Iterator[None]:
    """Have a worker in a thread of this process while a block runs."""
    worker = Worker(name_of_worker())
    thread = threading.Thread(target=worker.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        worker.stop.set()
        thread.join(END)


@dataclass
class Worker:
    """Does jobs and polls feeds until it is told to stop. Its methods are called from one thread."""

    name: str
    stop: threading.Event = field(default_factory=threading.Event)
    _tidied: float = field(default=0.0, init=False)

    def run(self) -> None:
        """Work until ``stop`` is set; a database that is away is waited for."""
        while not self.stop.is_set():
            busy = False
            try:
                busy = self.step()
            except DatabaseError as error:
                logger.warning("the queue of jobs can't be used: %s", type(error).__name__)
            except Exception:  # it may be one feed or one job, and the others wait
                logger.exception("the worker stumbled, and goes on")
            if not busy:
                connections.close_all()
                self.stop.wait(PAUSE)
        connections.close_all()

    def step(self) -> bool:
        """Poll a feed that is due and do a job that waits; return False where there was nothing to do."""
        _show_up(self.name)
        now = timezone.now()
        if time.monotonic() - self._tidied > TIDY or not self._tidied:
            self._tidied = time.monotonic()
            IngestJob.objects.tidy(now=now)
            for name in settings.WORKER_CHORES:
                if import_string(name)(now=now):
                    self._tidied = 0.0  # more of it is left
        feed = Feed.objects.take(now=now)
        if feed is not None:
            poll(feed, now=now)
        job = IngestJob.objects.take(worker=self.name)
        if job is not None:
            self._do(job)
        return feed is not None or job is not None

    def _do(self, job: IngestJob) -> None:
        """Do a job to its end, or leave it so that what is done of it stays done."""
        if job.takes > MOST_TAKES:
            working = job.files.filter(state=JobFile.State.WORKING).values_list("source", flat=True).first()
            error = GIVEN_UP.format(times=MOST_TAKES, source=working or "one of the files")
            self._end(job, IngestJob.State.FAILED, error=error)
            return
        try:
            with lease_kept(self.name) as is_lost:
                JobRun(job, self.name, stop=self.stop, is_lost=is_lost).run(get_embedder())
            self._end(job, IngestJob.State.DONE)
        except CancelledError:
            job.files.unfinished().update(state=JobFile.State.CANCELLED)
            self._end(job, IngestJob.State.CANCELLED)
        except StoppedError:
            self._give_back(job, takes=0)
        except LostError:
            logger.warning("job %s: its lease ran out, and another worker may have it", job.pk)
        except EmbeddingError as error:
            self._put_off(job, error)
        except DatabaseError:
            raise  # the lease runs out, and whoever reaches the database takes the job up
        except Exception as error:
            logger.exception("job %s broke off", job.pk)
            self._end(job, IngestJob.State.FAILED, error=BROKEN.format(name=type(error).__name__))

    def _put_off(self, job: IngestJob, error: EmbeddingError) -> None:
        """Have a job tried again later, but for what only a person puts right."""
        told = f"The embedder failed: {error.reason}"
        if not error.retryable or job.takes >= MOST_TAKES:
            self._end(job, IngestJob.State.FAILED, error=f"{told} {SET_RIGHT}")
        else:
            self._give_back(job, takes=job.takes, seconds=BACK_OFF[job.takes], error=f"{told} {AGAIN}")

    def _give_back(self, job: IngestJob, *, takes: int, seconds: float = 0, error: str = "") -> None:
        IngestJob.objects.filter(pk=job.pk).held_by(self.name).update(
            state=IngestJob.State.QUEUED, takes=takes, error=error, not_before=Now() + timedelta(seconds=seconds)
        )

    def _end(self, job: IngestJob, state: str, *, error: str = "") -> None:
        IngestJob.objects.filter(pk=job.pk).held_by(self.name).update(state=state, error=error, ended=Now())


GIVEN_UP = (
    "The worker ended {times} times while it was at {source}: perhaps it takes more memory than there is. Upload the "
    "others without it, or retry where there is more."
)
BROKEN = "An error of the program broke it off ({name}; the log has more). What is done stays done: retry the rest."
AGAIN = "It is tried again by itself."
SET_RIGHT = "Put that right (EMBEDDINGS_… in the settings), then retry: what is done stays done."


@contextmanager
def lease_kept(worker: str, *, every: float = BEAT) -> Iterator[threading.Event]:
    """Renew the worker's lease from a thread of its own while a block runs, however long one work takes.

    The event is set where the lease is another's.
    """
    is_lost, end = threading.Event(), threading.Event()

    def beat() -> None:
        while not end.wait(every):
            try:
                _show_up(worker)
                if not IngestJob.objects.renew(worker=worker):
                    is_lost.set()
            except DatabaseError as error:
                logger.warning("the lease of a job could not be renewed: %s", type(error).__name__)
            finally:
                connections.close_all()

    thread = threading.Thread(target=beat, name="lease", daemon=True)
    thread.start()
    try:
        yield is_lost
    finally:
        end.set()
        thread.join(LAST_BEAT)
