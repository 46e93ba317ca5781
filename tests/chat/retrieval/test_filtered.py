"""A filtered search never lies: 10,000 or 100,000 chunks, creators from five up, one with 1 % or 0.1 % of all."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
from django.db import connection, connections, transaction
from pytest_django import DjangoDbBlocker

from chat.events.events import Tier
from chat.retrieval.candidates import Scope
from chat.retrieval.dense import nearest
from creators.embeddings.spaces import make_index
from creators.models import Creator, Space, Work

pytestmark = pytest.mark.usefixtures("db")

DIMENSIONS = 32
FEW, MANY = (5, 100, 500, 2_000, 7_395), (5, 100, 2_000, 20_000, 77_895)
"""Chunks of each creator."""
QUESTIONS = 40
ROWS = """
    INSERT INTO creators_chunk (work_id, creator_id, position, text, heading, marks, corrections, text_hash, words)
    SELECT %s, %s, n, 'x', '', '[]', '[]', '', 1 FROM generate_series(1, %s) n RETURNING id
"""
COPY = "COPY creators_embedding (chunk_id, space_id, creator_id, work_id, vector) FROM STDIN"

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Crowd:
    sizes: tuple[int, ...]
    space: Space
    creators: list[Creator]
    ids: list[npt.NDArray[np.int64]]
    vectors: list[Vectors]
    questions: Vectors


def units(chance: np.random.Generator, count: int) -> Vectors:
    """Return vectors in clusters, as those of texts are."""
    centres = np.random.default_rng(5).standard_normal((200, DIMENSIONS))
    rows = centres[chance.integers(0, 200, count)] + 0.8 * chance.standard_normal((count, DIMENSIONS))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module", params=[FEW, pytest.param(MANY, marks=pytest.mark.soak)], ids=["few", "many"])
def crowd(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    with django_db_blocker.unblock():
        with transaction.atomic():
            made = make_crowd(request.param, np.random.default_rng(1))
        make_index(made.space)
        yield made
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM creators_embedding WHERE space_id = %s", [made.space.pk])
            cursor.execute("DELETE FROM creators_chunk WHERE creator_id = ANY(%s)", [[c.pk for c in made.creators]])
            Creator.objects.filter(pk__in=[creator.pk for creator in made.creators]).delete()
            made.space.delete()
            cursor.execute(f"DROP INDEX IF EXISTS {made.space.index_name}")
        connections.close_all()


def make_crowd(sizes: tuple[int, ...], chance: np.random.Generator) -> Crowd:
    space = Space.objects.create(name="crowd/32", dimensions=DIMENSIONS)
    creators = [Creator.objects.create(slug=f"crowd-{size}", name=f"Crowd {size}") for size in sizes]
    ids, vectors = [], [units(chance, size) for size in sizes]
    with connection.cursor() as cursor:
        for creator, rows in zip(creators, vectors, strict=True):
            work = Work.objects.create(creator=creator, slug=creator.slug, title=creator.name, source="made")
            cursor.execute(ROWS, [work.pk, creator.pk, len(rows)])
            ids.append(np.array([row[0] for row in cursor.fetchall()]))
            with cursor.copy(
                "COPY creators_embedding (chunk_id, space_id, creator_id, work_id, vector) FROM STDIN"
            ) as c:
                for chunk, row in zip(ids[-1].tolist(), rows.tolist(), strict=True):
                    c.write_row((chunk, space.pk, creator.pk, work.pk, str(row)))
    return Crowd(sizes, space, creators, ids, vectors, units(chance, QUESTIONS))


def scope_of(crowd: Crowd, places: range) -> Scope:
    return Scope(Tier.DOMAIN, tuple(crowd.creators[place].pk for place in places))


def found(crowd: Crowd, scope: Scope, question: Vectors, *, limit: int = 10) -> list[int]:
    with transaction.atomic():
        near = nearest(question, space=crowd.space, scope=scope, exact=False, limit=limit)
    return [one.chunk_id for one in near]


def recall(crowd: Crowd, places: range) -> float:
    """Return the share of the ten nearest in these creators' chunks that the index finds, over all questions."""
    ids = np.concatenate([crowd.ids[place] for place in places])
    vectors = np.vstack([crowd.vectors[place] for place in places])
    hits = wanted = 0
    for question in crowd.questions:
        right = ids[np.argsort(-(vectors @ question))[:10]].tolist()
        hits += len(set(right) & set(found(crowd, scope_of(crowd, places), question)))
        wanted += len(right)
    return hits / wanted


@pytest.mark.parametrize("place", range(len(FEW)))
def test_it_finds_the_nearest_of_one_creator_by_the_index(crowd: Crowd, place: int) -> None:
    assert recall(crowd, range(place, place + 1)) >= 0.98


def test_it_finds_the_nearest_of_several_creators(crowd: Crowd) -> None:
    assert recall(crowd, range(1, 4)) >= 0.98


def test_it_finds_the_nearest_of_everyone(crowd: Crowd) -> None:
    assert recall(crowd, range(len(FEW))) >= 0.98


@pytest.mark.parametrize("limit", [60, 100])
def test_it_gives_as_many_rows_as_there_are(crowd: Crowd, limit: int) -> None:
    for question in crowd.questions:
        assert len(found(crowd, scope_of(crowd, range(1, 2)), question, limit=limit)) == limit
        assert len(found(crowd, scope_of(crowd, range(1)), question, limit=limit)) == crowd.sizes[0]


def test_it_gives_as_many_rows_where_nearly_all_is_withdrawn(crowd: Crowd) -> None:
    hidden = tuple(Work.objects.filter(creator__in=crowd.creators[2:]).values_list("pk", flat=True))
    scope = Scope(Tier.GLOBAL, None, without_works=hidden)
    assert len(found(crowd, scope, crowd.questions[0], limit=100)) == 100
