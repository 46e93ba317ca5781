"""Vector spaces: made once with their index, and filled with what they lack."""

import re

import numpy as np
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from creators.embeddings.spaces import missing_embeddings, space_of
from creators.models import Chunk, Creator, Embedding, Space, Work
from tests.creators.fake_embedder import FakeEmbedder

pytestmark = pytest.mark.django_db

FAKE = FakeEmbedder()
VECTOR = np.array([1, 0, 0], np.float32)


@pytest.fixture
def chunks() -> list[Chunk]:
    """Two chunks without vectors, beside those of the demo creators where another test has brought them in."""
    creator = Creator.objects.create(slug="somebody", name="Somebody")
    work = Work.objects.create(creator=creator, slug="some-work", title="Some work", source="a.txt")
    return [
        Chunk.objects.create(work=work, creator=creator, position=n, text=f"Text {n}.", text_hash=str(n), words=2)
        for n in range(2)
    ]


@pytest.fixture
def fake_embedder(settings: Settings) -> None:
    settings.EMBEDDER = {"BACKEND": "tests.creators.fake_embedder.FakeEmbedder"}


def index_of(space: Space) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [space.index_name])
        (row,) = cursor.fetchall()
    return str(row[0])


def test_it_makes_a_space_with_its_index() -> None:
    space = space_of(FAKE)
    assert (space.name, space.dimensions) == ("fake/3", 3)
    definition = index_of(space)
    assert all(part in definition for part in ("hnsw", "halfvec(3)", "halfvec_cosine_ops"))
    assert re.search(rf"WHERE \(space_id = {space.pk}\)", definition)


def test_it_makes_a_space_and_its_index_once() -> None:
    before = Space.objects.count()
    first, second = space_of(FAKE), space_of(FAKE)
    assert first == second
    assert Space.objects.count() == before + 1
    assert index_of(first)


def test_it_says_how_many_chunks_lack_a_vector_where_the_space_is_new(chunks: list[Chunk]) -> None:
    said = missing_embeddings(FAKE.space)
    assert said.startswith(f"{Chunk.objects.count()} chunks have no embedding by fake/3")
    assert "manage.py embed" in said


def test_it_counts_only_the_chunks_that_lack_a_vector(chunks: list[Chunk]) -> None:
    chunk = chunks[0]
    Embedding.of(chunk, space=space_of(FAKE), vector=VECTOR).save()
    assert missing_embeddings(FAKE.space).startswith(f"{Chunk.objects.count() - 1} chunks have no embedding")


def test_it_takes_no_vector_of_another_space_for_one_of_its_own(chunks: list[Chunk]) -> None:
    space, other = space_of(FAKE), Space.objects.create(name="other/3", dimensions=3)
    for chunk in chunks:
        Embedding.of(chunk, space=other, vector=VECTOR).save()
    assert set(chunks) <= set(Chunk.objects.without_embedding(space))


@pytest.mark.usefixtures("fake_embedder")
def test_it_fills_a_space_by_command(chunks: list[Chunk], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("embed")
    assert f"{Chunk.objects.count()} chunks embedded by fake/3." in capsys.readouterr().out
    assert missing_embeddings(FAKE.space) == ""
    stored = Embedding.objects.filter(space=space_of(FAKE), chunk__in=chunks)
    assert [list(row.vector) for row in stored] == [[1, 0, 0]] * 2
    assert {row.creator for row in stored} == {chunks[0].creator}


@pytest.mark.usefixtures("fake_embedder", "chunks")
def test_it_embeds_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("embed")
    call_command("embed")
    assert "0 chunks embedded by fake/3." in capsys.readouterr().out.splitlines()
