"""The lexical leg: which chunks hold the question's words, and how much that says, by BM25.

The score is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) without its constant factor,
over the most that the question could reach, so that it lies in 0 to 1 and means the same for every question.
"""

import math
from collections.abc import Mapping, Sequence

from django.db import connection

from chat.retrieval.values import Lexicon, Scope

K1, B = 1.5, 0.75
MOST_TERMS = 40
"""A question of 1,000 characters has up to 170 words; the rarest of them say what it is about."""
MOST_ROWS = 20_000
"""Chunks that the candidate query may rank: common words are left out of it once rarer ones reach this many."""
CONTEXT_WEIGHT = 0.5
"""What a word of an earlier question counts beside one of the question that leans on it."""


def lexicon(text: str, *, context: str = "", ignoring: str = "") -> Lexicon:
    """Return the terms of the text and its context that the corpus knows, with their weights.

    ``ignoring`` holds words that say nothing here, such as the name of the creator who is asked.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(avg(words), 1) FROM creators_chunk")
        count, mean = cursor.fetchone() or (0, 1.0)
        cursor.execute(
            """
            SELECT lexeme, bool_or(own), (
                SELECT count(*) FROM creators_chunk
                WHERE search @@ (quote_literal(lexeme)::tsquery)
            )
            FROM (
                SELECT lexeme, true AS own FROM unnest(to_tsvector('english', %s))
                UNION ALL SELECT lexeme, false FROM unnest(to_tsvector('english', %s))
            ) AS terms
            WHERE NOT lexeme = ANY(tsvector_to_array(to_tsvector('english', %s)))
            GROUP BY lexeme
            """,
            [text, context, ignoring],
        )
        rows = [(str(term), bool(own), int(found)) for term, own, found in cursor.fetchall() if found]
    rows = sorted(rows, key=lambda row: row[2])[:MOST_TERMS]
    weights = {
        term: math.log(1 + (count - found + 0.5) / (found + 0.5)) * (1 if own else CONTEXT_WEIGHT)
        for term, own, found in rows
    }
    return Lexicon(weights=weights, frequencies={term: n for term, _, n in rows}, mean_length=float(mean))


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


def scores(words: Lexicon, *, chunks: Sequence[int]) -> dict[int, float]:
    """Return the normalised BM25 of each chunk that holds any of the terms, by chunk id."""
    most = sum(words.weights.values())
    found: dict[int, float] = {}
    for chunk, term, times, length in _occurrences(words.weights, chunks):
        saturated = times / (times + K1 * (1 - B + B * length / words.mean_length))
        found[chunk] = found.get(chunk, 0.0) + words.weights[term] * saturated / most
    return found


def _affordable(words: Lexicon) -> list[str]:
    taken: list[str] = []
    rows = 0
    for term, frequency in sorted(words.frequencies.items(), key=lambda item: item[1]):
        if taken and rows + frequency > MOST_ROWS:
            break
        taken.append(term)
        rows += frequency
    return taken


def _occurrences(weights: Mapping[str, float], chunks: Sequence[int]) -> list[tuple[int, str, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, t.lexeme, cardinality(t.positions), c.words FROM creators_chunk c, unnest(c.search) AS t "
            "WHERE c.id = ANY(%s) AND t.lexeme = ANY(%s)",
            [list(chunks), list(weights)],
        )
        return [(int(chunk), str(term), int(times), int(words)) for chunk, term, times, words in cursor.fetchall()]


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
