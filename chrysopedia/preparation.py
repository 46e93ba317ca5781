"""What must be in order before the program serves: tables, static files, the embedder's space and its index."""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from chrysopedia.core.errors import OperatorError
from chrysopedia.embedded.folders import make_folder

if TYPE_CHECKING:
    from creators.models import Space

logger = logging.getLogger(__name__)

Print = Callable[[str], object]
"""What is told a line for the terminal."""

NOTICEABLE = 1.0  # seconds


@contextmanager
def progress(label: str, *, say: Print) -> Iterator[None]:
    """Say the label if the block takes longer than one notices, and how long it took once it has ended."""
    began = time.monotonic()
    timer = threading.Timer(NOTICEABLE, say, [f"{label} …"])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    took = time.monotonic() - began
    if took > NOTICEABLE:
        say(f"{label}: done in {took:.1f} s")


MIGRATING = 7_106_711  # any number, the same for every machine that shares the database


class UnreachableError(OperatorError):
    """A service that was named in the settings and does not answer or can't be used."""


def check_services() -> None:
    """Find out now whether the database and the cache answer; the pool alone would not say why they don't."""
    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.Error as error:
        raise UnreachableError(f"the database does not answer: {error} (check DATABASE_URL)") from None
    if settings.CACHES["default"]["BACKEND"].endswith(".RedisCache"):
        try:
            cache.get("any")
        except Exception as error:
            raise UnreachableError(f"Redis does not answer: {error} (check REDIS_URL)") from None


def prepare_database(*, say: Print) -> None:
    """Apply what is missing of the migrations; of several machines that start at once, one does."""
    if not _missing_migrations():
        return
    with progress("Preparing the database", say=say), preparation_lock():
        if _missing_migrations():
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except DatabaseError as error:
                raise UnreachableError(f"the database can't be prepared: {error} (has its user the right?)") from None


def remove_ended_sessions(*, say: Print) -> None:
    """Remove the sessions that are past their time; on a quiet site no new one comes that would take some along."""
    with progress("Removing sessions that have ended", say=say):
        import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def prepare_static(*, say: Print) -> None:
    """Collect the page's files, compressed and with hashed names, if any of them changed."""
    root = Path(settings.STATIC_ROOT)
    seal = root / ".sources"
    sources = _fingerprint()
    if seal.is_file() and seal.read_text() == sources:
        return
    with progress("Collecting the page's files", say=say):
        make_folder(root)
        seal.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        seal.write_text(sources)


def prepare_demo(*, say: Print) -> None:
    """Ingest the demo creators on the first start only; a start that was cut short resumes."""
    from creators.models import Creator

    mark = Path(settings.DATA_DIR) / "demo"
    state = mark.read_text() if mark.is_file() else ""
    # Told apart by database: who later sets another one starts anew there.
    database = "/".join(str(settings.DATABASES["default"].get(key, "")) for key in ("HOST", "PORT", "NAME"))
    begun, done = f"begun {database}", f"done {database}"
    if state == done:
        return
    if state == begun or not Creator.objects.exists():
        mark.write_text(begun)
        say("First start: bringing in the demo creators")
        call_command("demo")
    mark.write_text(done)


def _missing_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def preparation_lock() -> Iterator[None]:
    """Hold the lock of whoever prepares the database, for all machines that share it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATING])


def _fingerprint() -> str:
    files = []
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            files.append([path, status.st_size, status.st_mtime_ns])
    known = json.dumps([settings.STORAGES["staticfiles"], sorted(files)])
    return hashlib.sha256(known.encode()).hexdigest()


class IndexCheckError(OperatorError):
    """Searching would miss chunks silently: the embedder has not embedded them, or no index finds them."""


def prepare_embedder(*, say: Print) -> None:
    """Have the embedder look at its weights now and not at the first question."""
    from creators.embeddings import get_embedder

    _prepare("embedder", get_embedder, say=say)


def prepare_reranker(*, say: Print) -> None:
    """Have a judge that runs in this process load its weights now and not at the first question."""
    from chat.retrieval.reranking import get_reranker

    _prepare("judge", get_reranker, say=say)


def _prepare(name: str, get: Callable[[], object], *, say: Print) -> None:
    from creators.embeddings import EmbeddingError

    with progress(f"Preparing the {name}", say=say):
        try:
            prepare = getattr(get(), "prepare", None)
            if prepare is not None:
                prepare()
        except EmbeddingError as error:
            raise UnreachableError(f"the {name} can't be used: {error}") from None


def prepare_index(*, say: Print) -> None:
    """Make the vectors' index where it is not the one that searches count on.

    An embeddings server that is down now doesn't say which space it is, and is no reason not to start.
    """
    from creators.embeddings import EmbeddingError
    from creators.embeddings.spaces import is_index_valid, make_index

    try:
        space = _space()
    except EmbeddingError as error:
        logger.warning("the vectors' index could not be looked at: %s", error)
        return
    if space is None or is_index_valid(space):
        return
    with progress("Building the index of the vectors", say=say), preparation_lock():
        if not is_index_valid(space):
            make_index(space)


def check_index() -> None:
    """Refuse to serve a corpus that was embedded by another model or whose index would not be used as it must.

    A database that is down now is no reason to.
    """
    from chat.retrieval.dense import HnswError, verify_hnsw
    from creators.embeddings import EmbeddingError, WeightsError, get_embedder
    from creators.embeddings.spaces import is_index_valid, missing_embeddings

    try:
        missing = missing_embeddings(get_embedder().space)
        space = _space()
        if space is not None and not is_index_valid(space):
            missing = missing or "The index of the vectors is missing or not as it should be: run 'manage.py embed'."
        elif space is not None:
            verify_hnsw(space)
    except HnswError as error:
        raise UnreachableError(f"vectors can't be searched as they must: {error} (is pgvector 0.8 or newer?)") from None
    except WeightsError as error:
        raise UnreachableError(f"the embedder can't be used: {error}") from None
    except (DatabaseError, EmbeddingError) as error:
        logger.warning("the corpus could not be looked at: %s", error)
        return
    finally:
        connection.close()
    if missing:
        raise IndexCheckError(missing)


def _space() -> "Space | None":
    from creators.embeddings import get_embedder
    from creators.models import Space

    return Space.objects.filter(name=get_embedder().space.name).first()
