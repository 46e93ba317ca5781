"""Who is said to say a claim: right names in many forms are accepted, wrong ones found, whatever the frame."""

from collections.abc import Sequence

import pytest

from bench.receipts.naming import Named, named
from creators.embeddings import Embedder


@pytest.fixture(scope="module")
def judged(embedder: Embedder) -> Sequence[Named]:
    return named(embedder)


def test_it_has_as_many_right_names_as_wrong_ones(judged: Sequence[Named]) -> None:
    assert [one.is_right for one in judged].count(True) == [one.is_right for one in judged].count(False) == 30


def test_it_accepts_nearly_every_right_name(judged: Sequence[Named]) -> None:
    assert sum(not one.is_called_wrong for one in judged if one.is_right) >= 29


def test_it_finds_nearly_every_wrong_name(judged: Sequence[Named]) -> None:
    assert sum(one.is_called_wrong for one in judged if not one.is_right) >= 27
