"""How the index is scanned, and that a database which would not do so is found out."""

import pytest
from django.db import connection

from chat.retrieval import dense
from creators.embeddings.spaces import drop_index, is_index_valid, make_index, space_of
from creators.models import Space
from tests.creators.fake_embedder import FakeEmbedder

pytestmark = pytest.mark.django_db


@pytest.fixture
def space() -> Space:
    return space_of(FakeEmbedder())


def test_it_finds_the_index_fit_that_a_new_space_has(space: Space) -> None:
    assert is_index_valid(space)
    dense.verify_hnsw(space)


def test_it_finds_out_that_the_index_is_missing(space: Space) -> None:
    drop_index(space)
    assert not is_index_valid(space)
    with pytest.raises(dense.HnswError, match=f"{space.index_name} is not used"):
        dense.verify_hnsw(space)


def test_it_finds_out_that_the_index_has_too_few_links(space: Space) -> None:
    drop_index(space)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX {space.index_name} ON creators_embedding "
            f"USING hnsw ((vector::halfvec(3)) halfvec_cosine_ops) WHERE space_id = {space.pk}"
        )
    assert not is_index_valid(space)


def test_it_makes_the_index_anew(space: Space) -> None:
    drop_index(space)
    make_index(space)
    assert is_index_valid(space)


def test_it_finds_out_that_a_setting_is_not_known(space: Space, monkeypatch: pytest.MonkeyPatch) -> None:
    # The only way to meet an older pgvector here; the check itself runs against the real one.
    monkeypatch.setattr(dense, "HNSW_SETTINGS", {**dense.HNSW_SETTINGS, "hnsw.of_the_future": "on"})
    with pytest.raises(dense.HnswError, match=r"hnsw\.of_the_future"):
        dense.verify_hnsw(space)
