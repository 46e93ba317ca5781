"""The dense leg: nearest vectors in a scope, exact where it is small, HNSW with iterative scan where it is large."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from chat.retrieval.values import Scope, Vector
from creators.models import Space

EXACT_LIMIT = 10_000
"""Chunks up to which a scope is scanned exactly: about 5 ms, and no index can be wrong about it."""

SCAN_SETTINGS = {
    "hnsw.ef_search": "100",
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "200000",
    "hnsw.scan_mem_multiplier": "4",
}


def nearest(vector: Vector, *, space: Space, scope: Scope, limit: int) -> list[int]:
    """Return the ids of the chunks in scope that lie nearest to the vector, nearest first.

    Must run in a transaction: the scan settings are local to it, because a pooled connection outlives the question.
    """
    if _is_small(space, scope):
        return _ids(_exact(space), vector, space=space, scope=scope, limit=limit)
    with connection.cursor() as cursor:
        for name, value in SCAN_SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
    return _ids(_indexed(space), vector, space=space, scope=scope, limit=limit)


def cosines(vector: Vector, *, space: Space, chunks: Sequence[int]) -> dict[int, tuple[int, float]]:
    """Return creator id and exact cosine of each chunk, by chunk id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT chunk_id, creator_id, 1 - (vector <=> %s::vector) FROM creators_embedding "
            "WHERE space_id = %s AND chunk_id = ANY(%s)",
            [literal(vector), space.pk, list(chunks)],
        )
        return {chunk: (creator, float(cosine)) for chunk, creator, cosine in cursor.fetchall()}


def literal(vector: Vector) -> str:
    """Return the vector as pgvector reads it."""
    return "[" + ",".join(map(str, vector.tolist())) + "]"


def _exact(_space: Space) -> str:
    # Without the cast no index matches the expression, so this is always a scan of the scope.
    return "vector <=> %s::vector"


def _indexed(space: Space) -> str:
    return f"(vector::halfvec({space.dimensions})) <=> %s::halfvec({space.dimensions})"


def _is_small(space: Space, scope: Scope) -> bool:
    where, parameters = _where(space, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM creators_embedding WHERE {where} LIMIT {EXACT_LIMIT + 1}) AS few",  # noqa: S608 -- made of constants
            parameters,
        )
        row = cursor.fetchone()
    return row is not None and int(row[0]) <= EXACT_LIMIT


def _ids(distance: str, vector: Vector, *, space: Space, scope: Scope, limit: int) -> list[int]:
    where, parameters = _where(space, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT chunk_id FROM creators_embedding WHERE {where} ORDER BY {distance} LIMIT %s",  # noqa: S608 -- made of constants
            [*parameters, literal(vector), limit],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _where(space: Space, scope: Scope) -> tuple[str, list[Any]]:
    if scope.creators is None:
        return "space_id = %s", [space.pk]
    return "space_id = %s AND creator_id = ANY(%s)", [space.pk, list(scope.creators)]
