"""The demo corpus, which every test database holds, embedded with the real model, for tests that only read it."""

import pytest

from creators.embeddings import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The embedder that ships."""
    from creators.embeddings import get_embedder

    return get_embedder()


@pytest.fixture
def corpus(db: None) -> None:
    """Access to the stored corpus.

    Worker threads write past the test's transaction, so what they write stays: only to the cache, under new ids.
    """
