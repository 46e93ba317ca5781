"""The lexical leg: which chunks hold the question's words, and how far their words overlap it."""

import math
from collections.abc import Sequence

from django.db import connection

from chat.retrieval.overlap import Overlap, overlap
from chat.retrieval.values import Lexicon, Scope
from creators.models import CorpusLength, TermCount

MOST_TERMS = 40
"""A question of 1,000 characters has up to 170 words; the rarest of them say what it is about."""
MOST_ROWS = 20_000
"""Chunks that the candidate query may rank: common words are left out of it once rarer ones reach this many."""
CONTEXT_WEIGHT = 0.5
"""What a word of an earlier question counts beside one of the question that leans on it."""

TERMS = """
    SELECT lexeme, min(place)
    FROM (
        SELECT lexeme, positions[1] AS place FROM unnest(to_tsvector('english', %s))
        UNION ALL SELECT lexeme, NULL FROM unnest(to_tsvector('english', %s))
    ) AS terms
    GROUP BY lexeme
"""


def lexicon(text: str, *, context: str = "") -> Lexicon:
    """Return the terms of the text and its context that the corpus knows, with their weights."""
    with connection.cursor() as cursor:
        cursor.execute(TERMS, [text, context])
        places = {str(term): place for term, place in cursor.fetchall()}
    count, length = CorpusLength.objects.totals()
    known = TermCount.objects.frequencies(places)
    rows = sorted(known.items(), key=lambda row: row[1])[:MOST_TERMS]
    return Lexicon(
        weights={term: _idf(found, count) * (1 if places[term] else CONTEXT_WEIGHT) for term, found in rows},
        frequencies=dict(rows),
        mean_length=length / count if count and length else 1.0,
    )


def holding(words: Lexicon, *, scope: Scope, limit: int) -> list[int]:
    """Return the ids of chunks in scope that hold any of the rarer terms, ranked by PostgreSQL's ``ts_rank``."""
    query = " | ".join(_quoted(term) for term in _affordable(words))
    if not query:
        return []
    where = "" if scope.creators is None else "AND creator_id = ANY(%(creators)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM creators_chunk WHERE search @@ %(query)s::tsquery {where} "  # noqa: S608 -- made of constants
            "ORDER BY ts_rank(search, %(query)s::tsquery, 1) DESC, id LIMIT %(limit)s",
            {"query": query, "limit": limit, "creators": list(scope.creators or ())},
        )
        return [int(row[0]) for row in cursor.fetchall()]


def overlaps(words: Lexicon, *, chunks: Sequence[int]) -> dict[int, Overlap]:
    """Return how far each chunk that holds any of the terms overlaps the question, by chunk id."""
    found: dict[int, dict[str, Sequence[int]]] = {}
    lengths: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, t.lexeme, t.positions, c.words FROM creators_chunk c, unnest(c.search) AS t "
            "WHERE c.id = ANY(%s) AND t.lexeme = ANY(%s)",
            [list(chunks), list(words.weights)],
        )
        for chunk, term, places, length in cursor.fetchall():
            found.setdefault(chunk, {})[term] = places
            lengths[chunk] = length
    return {
        chunk: overlap(places, weights=words.weights, length=lengths[chunk], mean_length=words.mean_length)
        for chunk, places in found.items()
    }


def _idf(found: int, count: int) -> float:
    return math.log(1 + (count - found + 0.5) / (found + 0.5))


def _affordable(words: Lexicon) -> list[str]:
    taken: list[str] = []
    rows = 0
    for term, frequency in sorted(words.frequencies.items(), key=lambda item: item[1]):
        if taken and rows + frequency > MOST_ROWS:
            break
        taken.append(term)
        rows += frequency
    return taken


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
