"""Where a search looks, and the candidate chunks that its two legs propose there."""

from dataclasses import dataclass, replace

from django.db import connection

from chat.events.events import Tier


@dataclass(frozen=True, slots=True)
class Scope:
    """The creators of a tier, by primary key; ``creators`` is None for everyone.

    Unpublished creators and withdrawn works are excluded by name, so that a search of everyone needs no long list.
    """

    tier: Tier
    creators: tuple[int, ...] | None
    without_creators: tuple[int, ...] = ()
    without_works: tuple[int, ...] = ()
    only_creators: tuple[int, ...] = ()
    only_works: tuple[int, ...] = ()
    """Where a question names them, nobody and nothing else is searched; () leaves the scope as it is."""

    @property
    def is_everyone(self) -> bool:
        """Whether hardly any chunk lies outside it."""
        return self.creators is None and not self.only_creators and not self.only_works

    @property
    def condition(self) -> str:
        """SQL that holds for a row in scope, over the columns ``creator_id`` and ``work_id``; needs ``parameters``."""
        parts = [
            *(["creator_id = ANY(%(creators)s)"] if self.creators is not None else []),
            *(["creator_id <> ALL(%(without_creators)s)"] if self.without_creators else []),
            *(["work_id <> ALL(%(without_works)s)"] if self.without_works else []),
            *(["creator_id = ANY(%(only_creators)s)"] if self.only_creators else []),
            *(["work_id = ANY(%(only_works)s)"] if self.only_works else []),
        ]
        return " AND ".join(parts) or "true"

    @property
    def parameters(self) -> dict[str, list[int]]:
        """The values of the placeholders in ``condition``."""
        return {
            "creators": list(self.creators or ()),
            "without_creators": list(self.without_creators),
            "without_works": list(self.without_works),
            "only_creators": list(self.only_creators),
            "only_works": list(self.only_works),
        }


SCOPES_SQL = """
    SELECT
        ARRAY(SELECT id FROM creators_work WHERE is_withdrawn ORDER BY id),
        ARRAY(SELECT id FROM creators_creator WHERE NOT is_published ORDER BY id),
        peers.keys,
        EXISTS (SELECT FROM creators_creator WHERE is_published AND id <> %(creator)s AND id <> ALL(peers.keys))
    FROM (
        SELECT ARRAY(
            SELECT id FROM creators_creator
            WHERE is_published AND (id = %(creator)s OR id IN (
                SELECT peer.creator_id FROM creators_creator_domains AS own
                JOIN creators_creator_domains AS peer USING (domain_id) WHERE own.creator_id = %(creator)s
            )) ORDER BY id
        ) AS keys
    ) AS peers
"""


def scopes_for(creator_id: int | None) -> tuple[Scope, ...]:
    """Return the scopes to try, narrowest first; without a creator that is ``global`` alone.

    None of them holds unpublished creators or withdrawn works. A tier that adds nobody to the one before is left out.
    Synchronous: one statement.
    """
    with connection.cursor() as cursor:
        # No creator has the key 0.
        cursor.execute(SCOPES_SQL, {"creator": creator_id or 0})
        withdrawn, hidden, peers, adds = cursor.fetchall()[0]
    widest = Scope(Tier.GLOBAL, None, without_creators=tuple(hidden), without_works=tuple(withdrawn))
    if creator_id is None:
        return (widest,)
    own = replace(widest, tier=Tier.CREATOR, creators=(creator_id,))
    domain = (Scope(Tier.DOMAIN, tuple(peers), without_works=tuple(withdrawn)),) if len(peers) > 1 else ()
    return own, *domain, *((widest,) if adds else ())


def narrowest_tier(creator_id: int, scopes: tuple[Scope, ...]) -> Tier:
    """Return the tier of the first scope that holds this creator; raises ``StopIteration`` where none does."""
    return next(scope.tier for scope in scopes if scope.creators is None or creator_id in scope.creators)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chunk that a leg proposes, with the exact cosine of its vector and the query's, -1 to 1."""

    chunk_id: int
    creator_id: int
    cosine: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """The query's terms in a chunk: BM25 as a share of the weights of all terms, and the best window, 0 to 1."""

    bm25: float = 0.0
    window: float = 0.0

    @property
    def words(self) -> float:
        """Both as one, 0 to 1: what a chunk is about is told by all of it, what it says of a thing by a few lines."""
        return (self.bm25 + self.window) / 2


NO_OVERLAP = Overlap()


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with the scores of both legs, and the relevance, 0 to 1, that a calibration makes of them.

    ``cosine`` mixes its vector's cosine with the query's and the highest of its windows'; ``windows`` has
    one for each window of sentences, in order, none where it was embedded before there were any. ``judged`` is what an
    operator's judge says, as log-odds, 0 where there is none.
    """

    chunk_id: int
    creator_id: int
    cosine: float
    overlap: Overlap
    relevance: float
    windows: tuple[float, ...] = ()
    judged: float = 0.0
