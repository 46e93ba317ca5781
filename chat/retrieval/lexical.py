"""The lexical leg: the query's terms, the chunks that hold enough of them, and how far each overlaps the query."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db import connection

from chat.retrieval.candidates import NO_OVERLAP, Candidate, Overlap, Scope
from chat.retrieval.dense import vector_literal
from chat.retrieval.query import Vector
from creators.models import Space


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """The stemmed terms of a query that the corpus knows: the weight of each, and how many chunks hold it.

    A weight is the inverse document frequency, halved for a term of the context. ``chunks`` counts what is published,
    ``mean_length`` is in words.
    """

    weights: Mapping[str, float]
    frequencies: Mapping[str, int]
    chunks: int
    mean_length: float


TermSets = Sequence[tuple[str, ...]]
"""Sets of terms; a chunk qualifies that holds one of them whole."""

MAX_TERMS = 40
"""A question of 1,000 characters has up to 170 words; the rarest of them say what it is about."""
MAX_ESTIMATED_ROWS, MAX_POSTINGS = 4_000, 40_000
"""Chunks that the leg may look at, and entries of the inverted index that it may read, as far as can be foreseen."""
MAX_ROWS = 4_000
"""Chunks that it looks at in the end, whatever was foreseen."""
SHARE_STEP = 0.05
"""By how much more of a question's weight is asked for at a time, until it is rare enough."""
CONTEXT_WEIGHT = 0.5
"""What a word of an earlier question counts beside one of the question that follows it."""

TERMS_SQL = """
    SELECT total.documents, total.words, terms.lexeme, terms.place, terms.documents
    FROM (
        SELECT coalesce(sum(documents), 0)::bigint AS documents, coalesce(sum(words), 0)::bigint AS words
        FROM creators_corpuslength
    ) AS total LEFT JOIN (
        SELECT lexeme, min(place) AS place,
            (SELECT sum(documents)::bigint FROM creators_termcount AS one WHERE one.lexeme = asked.lexeme) AS documents
        FROM (
            SELECT lexeme, positions[1] AS place FROM unnest(to_tsvector('english', %s))
            UNION ALL SELECT lexeme, NULL FROM unnest(to_tsvector('english', %s))
        ) AS asked
        GROUP BY lexeme
    ) AS terms ON terms.documents > 0
    ORDER BY terms.documents, terms.lexeme LIMIT %s
"""
MATCHING_SQL = """
    SELECT e.chunk_id, e.creator_id, 1 - (e.vector <=> %(vector)s::vector) AS cosine
    FROM (
        SELECT id FROM creators_chunk WHERE search @@ %(query)s::tsquery AND {condition} LIMIT %(cut)s
    ) AS k JOIN creators_embedding e ON e.chunk_id = k.id AND e.space_id = %(space)s
    ORDER BY cosine DESC, e.chunk_id LIMIT %(limit)s
"""
OVERLAPS_SQL = """
    WITH chunks AS MATERIALIZED (
        SELECT id, work_id, words, ts_filter(setweight(search, 'A', %(terms)s::text[]), '{a}') AS held
        FROM creators_chunk WHERE id = ANY(%(chunks)s)
    ), titles AS (
        SELECT w.id, t.lexeme FROM creators_work AS w, unnest(to_tsvector('english', w.title)) AS t
        WHERE w.id IN (SELECT work_id FROM chunks) AND t.lexeme = ANY(%(terms)s)
    )
    SELECT c.id, t.lexeme, t.positions, c.words FROM chunks AS c, unnest(c.held) AS t
    UNION ALL SELECT c.id, t.lexeme, NULL, c.words FROM chunks AS c JOIN titles AS t ON t.id = c.work_id
"""
"""The terms of a chunk are marked, and what is marked is kept, as to unfold all its words takes four times as long."""


def query_terms(text: str, *, context: str = "") -> QueryTerms:
    """Return the rarest terms of a query's text and context, ``MAX_TERMS`` at most. Synchronous."""
    with connection.cursor() as cursor:
        cursor.execute(TERMS_SQL, [text, context, MAX_TERMS])
        rows = cursor.fetchall()
    count, length = rows[0][:2]
    known = [(term, place, found) for _, _, term, place, found in rows if term is not None]
    return QueryTerms(
        weights={term: _idf(found, count) * (1 if place else CONTEXT_WEIGHT) for term, place, found in known},
        frequencies={term: found for term, _, found in known},
        chunks=count,
        mean_length=length / count if count and length else 1.0,
    )


def matching(
    terms: QueryTerms, *, share: float, vector: Vector, space: Space, scope: Scope, size: int, limit: int
) -> list[Candidate]:
    """Return up to ``limit`` chunks that hold at least ``share`` of the query's weight, 0 to 1, nearest first.

    ``size`` is about how many chunks the scope holds. Where too many would match, more than the share is asked for, so
    that a common word costs no more in a larger corpus; where all words are that common, nothing is returned.
    """
    sets = _affordable_sets(terms, share=share, part=min(1.0, size / max(1, terms.chunks)))
    if not sets:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            MATCHING_SQL.format(condition=scope.condition),
            {
                **scope.parameters,
                "query": _tsquery(sets),
                "vector": vector_literal(vector),
                "space": space.pk,
                "cut": MAX_ROWS,
                "limit": limit,
            },
        )
        return [Candidate(chunk, creator, float(cosine)) for chunk, creator, cosine in cursor.fetchall()]


def overlaps(terms: QueryTerms, *, chunks: Sequence[int]) -> dict[int, Overlap]:
    """Return the overlap of each of these chunks that holds any of the terms, by chunk id."""
    found: dict[int, dict[str, Sequence[int]]] = {}
    lengths: dict[int, int] = {}
    titled: dict[int, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS_SQL, {"chunks": list(chunks), "terms": list(terms.weights)})
        for chunk, term, places, length in cursor.fetchall():
            lengths[chunk] = length
            if places is None:
                titled.setdefault(chunk, []).append(term)
            else:
                found.setdefault(chunk, {})[term] = places
    return {
        chunk: overlap(
            found.get(chunk, {}),
            weights=terms.weights,
            length=length,
            mean_length=terms.mean_length,
            titled=titled.get(chunk, ()),
        )
        for chunk, length in lengths.items()
    }


def _affordable_sets(terms: QueryTerms, *, share: float, part: float) -> TermSets:
    """Return the term sets for the least share, from this one up, that is cheap in a scope that is ``part`` of all."""
    while share <= 1:
        sets = required_term_sets(terms.weights, share=share)
        if sets is not None and _is_cheap(sets, terms.frequencies, chunks=terms.chunks, part=part):
            return sets
        share = min(share + SHARE_STEP, 1.0) if share < 1 else 2.0
    return ()


def _is_cheap(sets: TermSets, frequencies: Mapping[str, int], *, chunks: int, part: float) -> bool:
    return (
        part * estimated_rows(sets, frequencies, chunks=chunks) <= MAX_ESTIMATED_ROWS
        and estimated_postings(sets, frequencies) <= MAX_POSTINGS
    )


def _tsquery(sets: TermSets) -> str:
    """Return the ``tsquery`` for any of the sets; what sets have in common at their beginning is checked once."""
    parts = []
    for first, group in groupby(sets, key=itemgetter(0)):
        rests = [one[1:] for one in group]
        parts.append(quoted_lexeme(first) + (f" & ({_tsquery(rests)})" if all(rests) else ""))
    return " | ".join(parts)


def _idf(found: int, count: int) -> float:
    return math.log(1 + (count - found + 0.5) / (found + 0.5))


def quoted_lexeme(term: str) -> str:
    """Return a lexeme quoted for a ``tsquery``."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


K1, B = 1.5, 0.75
"""The usual parameters of BM25."""
WINDOW = 25
"""Words that a window spans: a long sentence."""
TITLED = 0.4
"""What a term in the work's title counts beside one in the window."""

Positions = Mapping[str, Sequence[int]]
"""Where in a chunk each of the query's terms stands, counted in words, ascending."""


def overlap(
    found: Positions,
    *,
    weights: Mapping[str, float],
    length: int,
    mean_length: float,
    titled: Sequence[str] = (),
) -> Overlap:
    """Return the overlap of a chunk of ``length`` words, in which the terms stand at these positions.

    ``titled`` are the terms in the title of its work, which says what is meant where the words themselves don't.
    """
    most = sum(weights.values())
    if not most or not (found or titled):
        return NO_OVERLAP
    slope = K1 * (1 - B + B * length / mean_length)
    bm25 = sum(weights[term] * len(places) / (len(places) + slope) for term, places in found.items())
    window = _best_window(found, weights)
    titles = TITLED * sum(weights[term] for term in titled)
    return Overlap(bm25=bm25 / most, window=min(window + titles, most) / most)


def _best_window(found: Positions, weights: Mapping[str, float]) -> float:
    """Return the largest sum of weights of different terms that stand within one window."""
    places = sorted((place, term) for term, all_places in found.items() for place in all_places)
    inside: Counter[str] = Counter()
    best = total = 0.0
    first = 0
    for place, term in places:
        inside[term] += 1
        total += weights[term] if inside[term] == 1 else 0.0
        while places[first][0] < place - WINDOW:
            gone = places[first][1]
            inside[gone] -= 1
            total -= weights[gone] if not inside[gone] else 0.0
            first += 1
        best = max(best, total)
    return best


MAX_TERMS_COMBINED = 12
"""Terms that sets are made of; every chunk is taken to hold the lighter ones of a long query."""
MAX_SETS = 16
"""Sets in one lookup; where there would be more, they are made of fewer terms."""


def required_term_sets(weights: Mapping[str, float], *, share: float) -> TermSets | None:
    """Return sets of terms of which every chunk with at least ``share`` of the weight, 0 to 1, holds one whole.

    The reverse need not be true: a chunk that holds a set may still have less. None where any chunk could qualify.
    """
    terms = sorted(weights, key=lambda term: (-weights[term], term))
    need = share * sum(weights.values()) * (1 - 1e-9)
    for count in range(min(len(terms), MAX_TERMS_COMBINED), 0, -1):
        left = need - sum(weights[term] for term in terms[count:])
        if left <= 0:
            return None
        sets = _at_most(_minimal_sets(terms[:count], weights, left), MAX_SETS)
        if sets is not None:
            return sets
    return None


def estimated_rows(sets: TermSets, frequencies: Mapping[str, int], *, chunks: int) -> float:
    """Return about how many of so many chunks hold one of the sets whole.

    Words of one question stand together more often than by chance, so each further word of a set counts for less
    (exponential backoff, as query planners do for conditions that depend on each other).
    """
    return sum(_rows_with_all(one, frequencies, chunks=chunks) for one in sets)


def estimated_postings(sets: TermSets, frequencies: Mapping[str, int]) -> int:
    """Return how many entries of the inverted index are read at most: those of the rarest term of each set."""
    return sum(frequencies[term] for term in {min(one, key=frequencies.__getitem__) for one in sets})


def _minimal_sets(terms: Sequence[str], weights: Mapping[str, float], need: float) -> Iterator[tuple[str, ...]]:
    """Yield the sets of terms, heaviest first, that reach ``need`` and would not without any one of theirs."""
    if need <= 0:
        yield ()
        return
    reach = sum(weights[term] for term in terms)
    for place, term in enumerate(terms):
        if reach < need:
            return
        for rest in _minimal_sets(terms[place + 1 :], weights, need - weights[term]):
            yield (term, *rest)
        reach -= weights[term]


def _at_most(sets: Iterator[tuple[str, ...]], most: int) -> TermSets | None:
    """Return all the sets, None where there are more than ``most``."""
    found: list[tuple[str, ...]] = []
    for one in sets:
        if len(found) == most:
            return None
        found.append(one)
    return found


def _rows_with_all(terms: Sequence[str], frequencies: Mapping[str, int], *, chunks: int) -> float:
    held, exponent = float(chunks), 1.0
    for frequency in sorted(frequencies[term] for term in terms):
        held *= min(1.0, frequency / chunks) ** exponent
        exponent /= 2
    return held
