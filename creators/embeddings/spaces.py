"""The HNSW index over a space's vectors: how it is made, and whether the one in the database is that one.

Half precision halves its size and loses nothing that the exact cosine of the candidates would not put right. 32 links
a vector and 128 candidates while it is built: with pgvector's own 16 and 64 a scan of 200 found 86 % of the ten nearest
among a million, whatever else was tried; these find more than 98 % (decision 16).
"""

from django.db import connection, transaction

from creators.models import Space

LINKS, BUILT_WITH = 32, 128
LEAST_MEMORY, MOST_MEMORY = 64, 2048
"""Megabytes for building: a graph that does not fit takes eight times as long; about three thousand bytes a vector."""
VECTORS_A_MEGABYTE = 340


def definition(space: Space) -> str:
    """Return what PostgreSQL says of the index, from the word USING on."""
    return (
        f"USING hnsw (((vector)::halfvec({space.dimensions})) halfvec_cosine_ops) "
        f"WITH (m='{LINKS}', ef_construction='{BUILT_WITH}') WHERE (space_id = {space.pk})"
    )


def is_fit(space: Space) -> bool:
    """Tell whether the index is there, whole, and made as it should be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indisvalid, pg_get_indexdef(i.indexrelid) "
            "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE c.relname = %s AND pg_table_is_visible(c.oid)",
            [space.index_name],
        )
        row = cursor.fetchone()
    return row is not None and bool(row[0]) and str(row[1]).endswith(definition(space))


@transaction.atomic
def make_index(space: Space) -> None:
    """Make the index anew from the vectors there are, in the place of whatever is called so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM creators_embedding WHERE space_id = %s", [space.pk])
        row = cursor.fetchone()
        megabytes = min(MOST_MEMORY, max(LEAST_MEMORY, (row[0] if row else 0) // VECTORS_A_MEGABYTE))
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [f"{megabytes}MB"])
        drop_index(space)
        cursor.execute(f"CREATE INDEX {space.index_name} ON creators_embedding {definition(space)}")


def drop_index(space: Space) -> None:
    """Drop the index, as before many vectors are loaded: building it afterwards is faster by far."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {space.index_name}")
