"""The lexical leg: BM25 over the chunks that hold the question's rarest words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import connection

from chat.retrieval.dense import vector_literal
from chat.retrieval.query import Candidate, Overlap, QueryTerms, Scope, Vector, overlap
from creators.models import CorpusLength, Space, TermCount

MAX_TERMS_COMBINED = 12
"""Words that are told apart; the lighter ones of a long question are taken for held by every chunk."""
MAX_SETS = 16
"""Sets in one query: what is more is put more loosely, with fewer words told apart."""

TermSets = Sequence[tuple[str, ...]]


def required_term_sets(weights: Mapping[str, float], *, share: float) -> TermSets | None:
    """Return sets of words of which every chunk holds one that holds ``share`` of the weights, 0 to 1.

    None where so little is asked for that any chunk may reach it. What holds a set need not reach the share: the
    answer is complete, not exact.
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
    """Return about how many of so many chunks hold one of the sets.

    Words of one question stand together more often than by chance, so each further word of a set counts for less
    (exponential backoff, as query planners do for conditions that depend on each other).
    """
    return sum(_rows_with_all(one, frequencies, chunks=chunks) for one in sets)


def estimated_postings(sets: TermSets, frequencies: Mapping[str, int]) -> int:
    """Return how many entries an inverted index reads at the most: those of the rarest word of each set."""
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


MAX_TERMS = 40
"""A question of 1,000 characters has up to 170 words; the rarest of them say what it is about."""
MAX_ESTIMATED_ROWS, MAX_POSTINGS = 4_000, 40_000
"""Chunks that the leg may look at, and entries of the inverted index that it may read, as far as can be foreseen."""
MAX_ROWS = 4_000
"""Chunks that it looks at in the end, whatever was foreseen."""
SHARE_STEP = 0.05
"""By how much more of a question's weight is asked for at a time, until it is rare enough."""
CONTEXT_WEIGHT = 0.5
"""What a word of an earlier question counts beside one of the question that leans on it."""

TERMS_SQL = """
    SELECT lexeme, min(place)
    FROM (
        SELECT lexeme, positions[1] AS place FROM unnest(to_tsvector('english', %s))
        UNION ALL SELECT lexeme, NULL FROM unnest(to_tsvector('english', %s))
    ) AS terms
    GROUP BY lexeme
"""
MATCHING_SQL = """
    SELECT e.chunk_id, e.creator_id, 1 - (e.vector <=> %(vector)s::vector) AS cosine
    FROM (
        SELECT id FROM creators_chunk WHERE search @@ %(query)s::tsquery AND {condition} LIMIT %(cut)s
    ) AS k JOIN creators_embedding e ON e.chunk_id = k.id AND e.space_id = %(space)s
    ORDER BY cosine DESC, e.chunk_id LIMIT %(limit)s
"""


def query_terms(text: str, *, context: str = "") -> QueryTerms:
    """Return the terms of the text and its context that the corpus knows, with their weights."""
    with connection.cursor() as cursor:
        cursor.execute(TERMS_SQL, [text, context])
        places = {str(term): place for term, place in cursor.fetchall()}
    count, length = CorpusLength.objects.totals()
    known = TermCount.objects.frequencies(places)
    rows = sorted(known.items(), key=lambda row: row[1])[:MAX_TERMS]
    return QueryTerms(
        weights={term: _idf(found, count) * (1 if places[term] else CONTEXT_WEIGHT) for term, found in rows},
        frequencies=dict(rows),
        chunks=count,
        mean_length=length / count if count and length else 1.0,
    )


def matching(
    terms: QueryTerms, *, share: float, vector: Vector, space: Space, scope: Scope, size: int, limit: int
) -> list[Candidate]:
    """Return the chunks in scope, of about ``size``, that hold ``share`` of the question's weight, nearest first.

    Where that may be too many, more than the share is asked for: what the leg costs does not grow with the number of
    chunks that have a common word. Where all words are that common, it is none.
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
    """Return how far each chunk that holds any of the terms overlaps the question, by chunk id."""
    found: dict[int, dict[str, Sequence[int]]] = {}
    lengths: dict[int, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, t.lexeme, t.positions, c.words FROM creators_chunk c, unnest(c.search) AS t "
            "WHERE c.id = ANY(%s) AND t.lexeme = ANY(%s)",
            [list(chunks), list(terms.weights)],
        )
        for chunk, term, places, length in cursor.fetchall():
            found.setdefault(chunk, {})[term] = places
            lengths[chunk] = length
    return {
        chunk: overlap(places, weights=terms.weights, length=lengths[chunk], mean_length=terms.mean_length)
        for chunk, places in found.items()
    }


def _affordable_sets(terms: QueryTerms, *, share: float, part: float) -> TermSets:
    """Return the sets of words for this share or the next greater one that costs little enough, in a part of all."""
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
    """Return the query for any of the sets, which are in the order of their words.

    Sets that begin alike share their beginning: a chunk that lacks it is done with them all.
    """
    parts = []
    for first, group in groupby(sets, key=itemgetter(0)):
        rests = [one[1:] for one in group]
        parts.append(quoted_lexeme(first) + (f" & ({_tsquery(rests)})" if all(rests) else ""))
    return " | ".join(parts)


def _idf(found: int, count: int) -> float:
    return math.log(1 + (count - found + 0.5) / (found + 0.5))


def quoted_lexeme(term: str) -> str:
    """Return a lexeme as a query holds it."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
