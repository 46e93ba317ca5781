"""What is right: the nearest and the best chunks of a made corpus, found by looking at every one of them."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import connection

from chat.retrieval import lexical
from chat.retrieval.calibration import Calibration
from chat.retrieval.candidates import NO_OVERLAP, Scope
from chat.retrieval.lexical import QueryTerms
from chat.retrieval.query import SearchQuery, Vector
from creators.models import Space

Ids = npt.NDArray[np.int64]


@dataclass
class Exact:
    """All vectors of a corpus, row n being the chunk with id n + 1, and the creator of each."""

    vectors: npt.NDArray[np.float32]
    creators: Ids
    holders: dict[str, Ids] = field(default_factory=dict)

    @classmethod
    def load(cls, space: Space) -> "Exact":
        """Read the corpus out of the database once, and from a file beside it later."""
        path = Path(settings.DATA_DIR, "exact.npz")
        if not path.exists():
            vectors, creators = _read(space)
            np.savez(path, vectors=vectors, creators=creators)
        held = np.load(path)
        return cls(held["vectors"], held["creators"])

    def rows(self, scope: Scope) -> Ids:
        """Return the rows in a scope."""
        if scope.creators is None:
            return np.arange(len(self.creators))
        return np.flatnonzero(np.isin(self.creators, scope.creators))

    def nearest(self, vector: Vector, *, rows: Ids, limit: int) -> tuple[list[int], list[float]]:
        """Return ids and cosines of the nearest chunks among the rows."""
        cosines = self._cosines(vector, rows)
        first = np.argsort(-cosines, kind="stable")[:limit]
        return (rows[first] + 1).tolist(), cosines[first].tolist()

    def best(
        self, query: SearchQuery, terms: QueryTerms, *, rows: Ids, calibration: Calibration, limit: int
    ) -> list[tuple[float, int]]:
        """Return the best of the rows, each with its score on the scale of the cosine and its id.

        A window never weighs more than all the words of its chunk, so that those are looked at first which could
        score most, until no other could be among the best.
        """
        cosines = self._cosines(query.vector, rows)
        held = np.zeros(len(self.creators), np.float32)
        most = sum(terms.weights.values()) or 1.0
        for term, weight in terms.weights.items():
            held[self._holding(term)] += weight / most
        reach = cosines + calibration.ratio * held[rows]
        order = np.argsort(-reach, kind="stable")
        scores: list[tuple[float, int]] = []
        for first in range(0, len(order), 500):
            part = order[first : first + 500]
            if len(scores) >= limit and sorted(scores)[-limit][0] >= reach[part[0]]:
                break
            ids = [int(row) + 1 for row in rows[part]]
            found = lexical.overlaps(terms, chunks=ids)
            scores += [
                (calibration.score_of(cosine=float(cosine), overlap=found.get(key, NO_OVERLAP)), key)
                for key, cosine in zip(ids, cosines[part], strict=True)
            ]
        return sorted(scores, reverse=True)[:limit]

    def _cosines(self, vector: Vector, rows: Ids) -> npt.NDArray[np.float32]:
        everything = len(rows) == len(self.creators)
        return np.asarray((self.vectors if everything else self.vectors[rows]) @ vector)

    def _holding(self, term: str) -> Ids:
        if term not in self.holders:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id FROM creators_chunk WHERE search @@ %s::tsquery", [lexical.quoted_lexeme(term)]
                )
                self.holders[term] = np.array([row[0] for row in cursor.fetchall()], np.int64) - 1
        return self.holders[term]


def _read(space: Space) -> tuple[npt.NDArray[np.float32], Ids]:
    from pgvector.psycopg import register_vector

    connection.ensure_connection()
    register_vector(connection.connection)
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(chunk_id), max(chunk_id) FROM creators_embedding")
        count, least, most = cursor.fetchone()
        assert (least, most) == (1, count), "the chunks of a made corpus are numbered from 1"
        vectors, creators = np.empty((count, space.dimensions), np.float32), np.empty(count, np.int64)
        with cursor.copy("COPY creators_embedding (chunk_id, creator_id, vector) TO STDOUT (FORMAT BINARY)") as copy:
            copy.set_types(["int8", "int8", "vector"])
            for chunk, creator, vector in copy.rows():
                vectors[chunk - 1], creators[chunk - 1] = vector.to_numpy(), creator
    return vectors, creators
