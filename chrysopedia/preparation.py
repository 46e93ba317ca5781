"""What has to be in place before the server listens. Each step looks first, and a second start redoes nothing."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from chrysopedia.embedded.folders import make_folder
from chrysopedia.failures import OperatorError
from chrysopedia.steps import step

logger = logging.getLogger(__name__)

Say = Callable[[str], object]
MIGRATING = 7_106_711  # any number, the same for every machine that shares the database


class UnreachableError(OperatorError):
    """A service that was named in the settings and does not answer, or weights that can't be used."""


class VectorsMissingError(OperatorError):
    """The corpus has chunks that the embedder of the settings has not embedded: searching would miss them silently."""


def check_services() -> None:
    """Find out now whether the database and the cache answer; the pool alone would not say why they don't."""
    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.Error as error:
        raise UnreachableError(f"the database does not answer: {error} (check DATABASE_URL)") from None
    if "redis" in settings.CACHES["default"]["BACKEND"]:
        try:
            cache.get("any")
        except Exception as error:
            raise UnreachableError(f"Redis does not answer: {error} (check REDIS_URL)") from None


def prepare_database(*, say: Say) -> None:
    """Apply what is missing of the migrations; of several machines that start at once, one does."""
    if not _missing_migrations():
        return
    with step("Preparing the database", say=say), _one_at_a_time():
        if _missing_migrations():
            try:
                call_command("migrate", verbosity=0, interactive=False)
            except DatabaseError as error:
                raise UnreachableError(f"the database can't be prepared: {error} (has its user the right?)") from None


def prepare_static(*, say: Say) -> None:
    """Collect the page's files, compressed and with hashed names, if any of them changed."""
    root = Path(settings.STATIC_ROOT)
    seal = root / ".sources"
    sources = _fingerprint()
    if seal.is_file() and seal.read_text() == sources:
        return
    with step("Collecting the page's files", say=say):
        make_folder(root)
        seal.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        seal.write_text(sources)


def prepare_embedder(*, say: Say) -> None:
    """Have the embedder look at its weights now and not at the first question."""
    from creators.embeddings import EmbeddingError, get_embedder

    with step("Preparing the embedder", say=say):
        try:
            prepare = getattr(get_embedder(), "prepare", None)
            if prepare is not None:
                prepare()
        except EmbeddingError as error:
            raise UnreachableError(f"the embedder can't be used: {error}") from None


def prepare_demo(*, say: Say) -> None:
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


def check_vectors() -> None:
    """Refuse to serve a corpus that was embedded by another model. A database that is down now is no reason to."""
    from creators.embeddings import EmbeddingError, get_embedder
    from creators.spaces import missing_embeddings

    try:
        missing = missing_embeddings(get_embedder().space)
    except (DatabaseError, EmbeddingError) as error:
        logger.warning("the corpus could not be looked at: %s", error)
        return
    finally:
        connection.close()
    if missing:
        raise VectorsMissingError(missing)


def _missing_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_at_a_time() -> Iterator[None]:
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
