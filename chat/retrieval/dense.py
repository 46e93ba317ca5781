"""The dense leg: the nearest vectors within a scope, by an exact scan or by the HNSW index."""

import json
import math
from collections.abc import Mapping

from django.db import DatabaseError, connection, transaction

from chat.events.events import Tier
from chat.retrieval.candidates import Candidate, Scope
from chat.retrieval.query import Vector
from creators.models import Space

NEAREST_SQL = """
    SELECT chunk_id, creator_id, 1 - (vector <=> %(vector)s::vector)
    FROM creators_embedding
    WHERE space_id = %(space)s AND {condition}
    ORDER BY {distance} LIMIT %(limit)s
"""


def nearest(vector: Vector, *, space: Space, scope: Scope, exact: bool, limit: int) -> list[Candidate]:
    """Return up to ``limit`` chunks in scope, nearest first; without ``exact`` the index may miss some.

    Must run in a transaction, to which the index's settings are local. Synchronous.
    """
    if not exact:
        apply_hnsw_settings()
    with connection.cursor() as cursor:
        cursor.execute(
            nearest_sql(scope, space=space, exact=exact),
            {**scope.parameters, "space": space.pk, "vector": vector_literal(vector), "limit": limit},
        )
        found = [Candidate(chunk, creator, float(cosine)) for chunk, creator, cosine in cursor.fetchall()]
    return sorted(found, key=lambda near: -near.cosine)


def nearest_sql(scope: Scope, *, space: Space, exact: bool) -> str:
    """Return the SQL for the nearest chunks; its parameters are the scope's, ``vector``, ``space`` and ``limit``."""
    # Without the cast no index matches the expression, so that is always a scan of the whole scope.
    half = f"halfvec({space.dimensions})"
    distance = "vector <=> %(vector)s::vector" if exact else f"(vector::{half}) <=> %(vector)s::{half}"
    return NEAREST_SQL.format(condition=scope.condition, distance=distance)


HNSW_SETTINGS: Mapping[str, str] = {
    "hnsw.ef_search": "300",
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.max_scan_tuples": "200000",
    "hnsw.scan_mem_multiplier": "4",
}
"""Local to a transaction, because a pooled connection outlives the question. An iterative scan goes on until it has
found as many rows as are asked for, where a filter would otherwise leave nothing of the first 300."""


def apply_hnsw_settings() -> None:
    """Apply the settings to this transaction, in one round trip."""
    calls = ", ".join("set_config(%s, %s, true)" for _ in HNSW_SETTINGS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {calls}", [part for pair in HNSW_SETTINGS.items() for part in pair])


EXACT_LIMIT = 10_000
"""Chunks up to which a scope is always scanned exactly, so that no index can be wrong about it."""
BREAK_EVEN = 40.0
"""A scan and the index cost the same at this times the root of the number of chunks.

A scan costs in proportion to the scope's size, the index to the chunks it passes by until it meets one of the scope.
"""


def exact_limit(chunks: int) -> int:
    """Return the size up to which a scope is scanned exactly, in a corpus of so many chunks."""
    return max(EXACT_LIMIT, int(BREAK_EVEN * math.sqrt(chunks)))


def scope_size(scope: Scope, *, space: Space, most: int) -> int:
    """Return how many chunks the scope holds, counting only to ``most`` + 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT 1 FROM creators_embedding "  # noqa: S608 -- made of constants
            f"WHERE space_id = %(space)s AND {scope.condition} LIMIT %(most)s + 1) AS few",
            {**scope.parameters, "space": space.pk, "most": most},
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def vector_literal(vector: Vector) -> str:
    """Return the vector as pgvector reads it; six digits are all that single precision holds."""
    return "[" + ",".join([f"{part:.6g}" for part in vector.tolist()]) + "]"


class HnswError(RuntimeError):
    """The database would not search by the HNSW index as it should; the message says why."""


@transaction.atomic
def verify_hnsw(space: Space) -> None:
    """Raise ``HnswError`` where a setting is unknown or not taken, or the index is not used for a search."""
    vector = "[" + ",".join(["1"] * space.dimensions) + "]"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT '[1]'::vector <=> '[1]'"
        )  # only a session that has used the extension knows its settings
        try:
            with transaction.atomic():
                apply_hnsw_settings()
        except DatabaseError as error:
            raise HnswError(str(error).splitlines()[0]) from error
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(HNSW_SETTINGS)])
        in_force = dict(cursor.fetchall())
        for name, wanted in HNSW_SETTINGS.items():
            if in_force.get(name) != wanted:
                raise HnswError(f"{name} is {in_force.get(name, 'unknown')} and not {wanted}")
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true)")
        scope = Scope(Tier.GLOBAL, None)
        cursor.execute(
            "EXPLAIN (FORMAT JSON) " + nearest_sql(scope, space=space, exact=False),
            {**scope.parameters, "vector": vector, "space": space.pk, "limit": 10},
        )
        row = cursor.fetchone()
    if space.index_name not in json.dumps(row):
        raise HnswError(f"{space.index_name} is not used")
