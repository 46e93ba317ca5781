"""Vector spaces in the database: making one with its index, and what is missing in it."""

from django.db import transaction

from creators.embeddings.base import Embedder, SpaceSpec
from creators.embeddings.spaces import make_index
from creators.models import Chunk, Space


def space_of(embedder: Embedder) -> Space:
    """Return the embedder's space, made with its half-precision HNSW index where it does not exist yet."""
    return Space.objects.filter(name=embedder.space.name).first() or _make(embedder.space)


@transaction.atomic
def _make(spec: SpaceSpec) -> Space:
    space, _ = Space.objects.get_or_create(name=spec.name, defaults={"dimensions": spec.dimensions})
    make_index(space)
    return space


def missing_embeddings(spec: SpaceSpec) -> str:
    """Return a sentence that says what to run where chunks lack a vector in this space, else ""."""
    missing = Chunk.objects.without_embedding(Space.objects.filter(name=spec.name).first())
    if not missing.exists():
        return ""
    return (
        f"{missing.count()} chunks have no embedding by {spec.name}, the embedder that is set: "
        "run '.venv/bin/python manage.py embed', or set the embedder they were made with."
    )
