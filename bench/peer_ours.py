"""This program's own index, queried as a retrieval queries it."""

from django.db import connection, transaction

from bench.peer_data import WANTED, Data, Vectors, Within
from bench.peer_timing import Search, Setting
from chat.events.events import Tier
from chat.retrieval import dense
from chat.retrieval.candidates import Scope
from chat.retrieval.cascade import CANDIDATES
from creators.embeddings import get_embedder
from creators.embeddings.spaces import space_of
from creators.models import Embedding


class Ours:
    """The dense leg over PostgreSQL, with the settings that the program has."""

    def __init__(self, data: Data, *, limit: int) -> None:
        self._space = space_of(get_embedder())
        if Embedding.objects.filter(space=self._space).count() != len(data.chunks):
            raise SystemExit("The vectors were exported from another database: leave out --reuse.")
        self._rows = {int(chunk): row for row, chunk in enumerate(data.chunks)}
        self._limit = limit

    def families(self, within: Within) -> list[list[Setting]]:
        """Return the one way there is."""
        return [[{"limit": self._limit}]]

    def searching(self, within: Within, setting: Setting) -> Search:
        """Return the search, in a transaction of its own as in a retrieval."""

        def search(vector: Vectors) -> list[int]:
            with transaction.atomic():
                found = self._nearest(vector, creator=within.creator, total=within.size, limit=setting["limit"])
            return [self._rows[chunk] for chunk in found[:WANTED]]

        return search

    def _nearest(self, vector: Vectors, *, creator: int | None, total: int, limit: int) -> list[int]:
        """Return the chunks nearest to the vector: all that depends on how the dense leg is called."""
        most = dense.exact_limit(len(self._rows))
        if creator is None:
            scope, size = Scope(Tier.GLOBAL, None), total
        else:
            scope = Scope(Tier.CREATOR, (creator,))
            size = dense.scope_size(scope, space=self._space, most=most)
        found = dense.nearest(vector, space=self._space, scope=scope, exact=size <= most, limit=limit)
        return [near.chunk_id for near in found]


def megabytes() -> float:
    """Return what the vectors and their indexes take up on disk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('creators_embedding')")
        row = cursor.fetchone()
    return float(row[0]) / 1e6 if row else 0.0


LIMITS = {"ours": WANTED, "ours-candidates": CANDIDATES}
"""As many as the peers are asked for, and as many as a retrieval asks the dense leg for."""
