"""The dense leg: nearest vectors in a scope, exact where it is small, HNSW with iterative scan where it is large."""

import math

from django.db import connection

from chat.retrieval.candidates import Near, Scope, Vector
from chat.retrieval.scan import set_scan, statement
from creators.models import Space

EXACT_LIMIT = 10_000
"""Chunks up to which a scope is always scanned exactly, so that no index can be wrong about it."""
EVEN = 40.0
"""Where a scan of a scope and the index cost the same: this times the root of all chunks there are.

A scan takes time in proportion to the scope, the index to how many it passes by to find one of the scope.
"""


def nearest(vector: Vector, *, space: Space, scope: Scope, is_small: bool, limit: int) -> list[Near]:
    """Return the chunks in scope that lie nearest to the vector, nearest first.

    Must run in a transaction: the scan settings are local to it, because a pooled connection outlives the question.
    """
    if not is_small:
        set_scan()
    with connection.cursor() as cursor:
        cursor.execute(
            statement(scope, space=space, by_index=not is_small),
            {**scope.parameters, "space": space.pk, "vector": literal(vector), "limit": limit},
        )
        found = [Near(chunk, creator, float(cosine)) for chunk, creator, cosine in cursor.fetchall()]
    return sorted(found, key=lambda near: -near.cosine)


def exact_limit(chunks: int) -> int:
    """Return up to how many chunks a scope is scanned exactly, of so many in all."""
    return max(EXACT_LIMIT, int(EVEN * math.sqrt(chunks)))


def size_of(scope: Scope, *, space: Space, most: int) -> int:
    """Return how many chunks the scope holds, counting no further than one more than ``most``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM creators_embedding "  # noqa: S608 -- made of constants
            f"WHERE space_id = %(space)s AND {scope.condition} LIMIT %(most)s + 1) AS few",
            {**scope.parameters, "space": space.pk, "most": most},
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def literal(vector: Vector) -> str:
    """Return the vector as pgvector reads it; six digits are all that single precision holds."""
    return "[" + ",".join([f"{part:.6g}" for part in vector.tolist()]) + "]"
