"""Two who change the same works at once, each over a connection of their own: one waits, and none fails."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from chat.moves import merge, move
from creators.ingest.shape import lock_chunk
from creators.models import Chunk, Creator, Embedding, FormerSlug, Space, Work

# Afterwards no table is emptied but this app's, and it has none that a model names: others count on the demo creators.
pytestmark = pytest.mark.django_db(transaction=True, available_apps=["chrysopedia"])

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def chunk() -> Iterator[Chunk]:
    one, other = (Creator.objects.create(slug=slug, name=slug) for slug in ("waiting-one", "waiting-other"))
    work = Work.objects.create(creator=one, slug="waiting", title="Waiting", source="waiting.txt", content_hash="0")
    yield Chunk.objects.create(work=work, creator=one, position=0, text="Said.", words=1)
    Embedding.objects.filter(work=work).delete()
    Space.objects.filter(name="waiting/2").delete()
    Chunk.objects.filter(work=work).delete()  # first: with few apps available nothing cascades
    Work.objects.filter(slug="waiting").delete()
    FormerSlug.objects.filter(slug__startswith="waiting").delete()
    Creator.objects.filter(pk__in=(one.pk, other.pk)).delete()


def named(slug: str) -> Creator:
    return Creator.objects.get(slug=slug)


def merged() -> None:
    merge(named("waiting-one"), into=named("waiting-other"), with_curators=False, now=timezone.now())


def moved() -> None:
    move([Work.objects.get(slug="waiting").pk], to=named("waiting-other"), now=timezone.now())


def begun(pool: ThreadPoolExecutor, what: object) -> "Future[None]":
    """Have something done over another connection, and return once that waits for a lock."""

    def call() -> None:
        try:
            what()  # type: ignore[operator]
        finally:
            connection.close()

    future = pool.submit(call)
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if future.done() or cursor.fetchone()[0]:
                return future
        time.sleep(0.05)
    raise AssertionError("It neither waits nor ends.")


@pytest.mark.parametrize("what", [merged, moved], ids=["merge", "move"])
def test_a_passage_is_cut_while_its_work_waits_to_be_moved(chunk: Chunk, what: object) -> None:
    space = Space.objects.create(name="waiting/2", dimensions=2)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            work, _ = lock_chunk(chunk)
            future = begun(pool, what)
            new = Chunk.objects.create(work=work, creator_id=work.creator_id, position=1, text="And this.", words=2)
            Embedding.objects.create(chunk=new, space=space, work=work, creator_id=work.creator_id, vector=[1.0, 0.0])
        future.result(timeout=20)
    assert {one.creator.slug for one in Chunk.objects.filter(work=work)} == {"waiting-other"}
    assert {one.creator.slug for one in Embedding.objects.filter(space=space)} == {"waiting-other"}
