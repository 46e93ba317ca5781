"""The vector space of the embedder in the database, and its index."""

from django.db import connection, transaction

from creators.embeddings import Embedder, SpaceSpec
from creators.models import Chunk, Space

LINKS, BUILT_WITH = 32, 128
LEAST_MEMORY, MOST_MEMORY = 64, 2048
"""Megabytes for building: a graph that does not fit takes eight times as long; about three thousand bytes a vector."""
VECTORS_A_MEGABYTE = 340


def index_definition(space: Space) -> str:
    """Return what PostgreSQL says of the index, from the word USING on."""
    return (
        f"USING hnsw (((vector)::halfvec({space.dimensions})) halfvec_cosine_ops) "
        f"WITH (m='{LINKS}', ef_construction='{BUILT_WITH}') WHERE (space_id = {space.pk})"
    )


def is_index_valid(space: Space) -> bool:
    """Tell whether the index is there, whole, and made as it should be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indisvalid, pg_get_indexdef(i.indexrelid) "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relname = %s AND pg_table_is_visible(c.oid)",
            [space.index_name],
        )
        row = cursor.fetchone()
    return row is not None and bool(row[0]) and str(row[1]).endswith(index_definition(space))


@transaction.atomic
def make_index(space: Space) -> None:
    """Make the index anew from the vectors there are, in the place of whatever is called so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM creators_embedding WHERE space_id = %s", [space.pk])
        row = cursor.fetchone()
        megabytes = min(MOST_MEMORY, max(LEAST_MEMORY, (row[0] if row else 0) // VECTORS_A_MEGABYTE))
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [f"{megabytes}MB"])
        drop_index(space)
        cursor.execute(f"CREATE INDEX {space.index_name} ON creators_embedding {index_definition(space)}")


def drop_index(space: Space) -> None:
    """Drop the index, as before many vectors are loaded: building it afterwards is faster by far."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {space.index_name}")


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
