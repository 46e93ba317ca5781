"""The demo corpus in the test database, ingested once with the real embedding model, for tests that only read it."""

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from creators.embeddings.base import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The embedder that ships."""
    from creators.embeddings import get_embedder

    return get_embedder()


@pytest.fixture(scope="session")
def stored_corpus(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The demo creators, committed: worker threads have connections of their own and must see them."""
    with django_db_blocker.unblock():
        call_command("demo", verbosity=0)
        connections.close_all()


@pytest.fixture
def corpus(stored_corpus: None, db: None) -> None:
    """Access to the stored corpus.

    Worker threads write past the test's transaction, so what they write stays: only to the cache, under new ids.
    """
