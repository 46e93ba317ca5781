"""Ranking by BM25 alone: as retrieval computes it, and by the reference."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import snowballstemmer
from django.db import connection

from bench.judged import Judged, Passage
from bench.judging import discounted
from chat.retrieval import lexical
from chat.retrieval.lexical import K1, B

FIRST = 10
Search = Callable[[str], Sequence[int]]
"""From a question to the ids of the ten best chunks, best first."""


def ndcg(questions: Sequence[Judged], chunks: Mapping[str, int], *, search: Search) -> float:
    """Return the mean nDCG@10."""
    gains = []
    for one in questions:
        right = {chunks[key] for key in one.keys}
        gains.append(discounted(np.array([chunk in right for chunk in search(one.text)], bool), len(right)))
    return float(np.mean(gains))


def ours(text: str) -> Sequence[int]:
    """Rank every chunk that holds a word by the BM25 of retrieval."""
    terms = lexical.query_terms(text)
    query = " | ".join(map(lexical.quoted_lexeme, terms.weights))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM creators_chunk WHERE search @@ %s::tsquery", [query])
        found = lexical.overlaps(terms, chunks=[row[0] for row in cursor.fetchall()])
    return sorted(found, key=lambda chunk: -found[chunk].bm25)[:FIRST]


def reference(passages: Sequence[Passage], chunks: Mapping[str, int]) -> Search:
    """Return the search of bm25s over the passages."""
    import bm25s

    stem = snowballstemmer.stemmer("english").stemWords
    index = bm25s.BM25(method="lucene", k1=K1, b=B)
    texts = [passage.text for passage in passages]
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stem, show_progress=False), show_progress=False)

    def search(text: str) -> Sequence[int]:
        tokens = bm25s.tokenize([text], stopwords="en", stemmer=stem, show_progress=False)
        found, _ = index.retrieve(tokens, k=FIRST, show_progress=False)
        return [chunks[passages[int(place)].key] for place in found[0]]

    return search
