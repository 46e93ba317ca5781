"""Which words of a question a chunk must hold to be worth looking at: the smallest sets that weigh enough.

A set of words can only reach a share of the question's weight if it holds one of the smallest sets that do. That is
the idea of essential lists in MaxScore (Turtle and Flood, "Query Evaluation: Strategies and Optimizations", 1995), put
as one boolean query, which an inverted index answers without looking at a chunk.
"""

from collections.abc import Iterator, Mapping, Sequence

MOST_TERMS = 12
"""Words that are told apart; the lighter ones of a long question are taken for held by every chunk."""
MOST_SETS = 16
"""Sets in one query: what is more is put more loosely, with fewer words told apart."""

Sets = Sequence[tuple[str, ...]]


def combinations(weights: Mapping[str, float], *, share: float) -> Sets | None:
    """Return sets of words of which every chunk holds one that holds ``share`` of the weights, 0 to 1.

    None where so little is asked for that any chunk may reach it. What holds a set need not reach the share: the
    answer is complete, not exact.
    """
    terms = sorted(weights, key=lambda term: (-weights[term], term))
    need = share * sum(weights.values()) * (1 - 1e-9)
    for count in range(min(len(terms), MOST_TERMS), 0, -1):
        left = need - sum(weights[term] for term in terms[count:])
        if left <= 0:
            return None
        sets = _first(_smallest(terms[:count], weights, left), MOST_SETS)
        if sets is not None:
            return sets
    return None


def rows_of(sets: Sets, frequencies: Mapping[str, int], *, chunks: int) -> float:
    """Return about how many of so many chunks hold one of the sets.

    Words of one question stand together more often than by chance, so each further word of a set counts for less
    (exponential backoff, as query planners do for conditions that depend on each other).
    """
    return sum(_held(one, frequencies, chunks=chunks) for one in sets)


def read_of(sets: Sets, frequencies: Mapping[str, int]) -> int:
    """Return how many entries an inverted index reads at the most: those of the rarest word of each set."""
    return sum(frequencies[term] for term in {min(one, key=frequencies.__getitem__) for one in sets})


def _smallest(terms: Sequence[str], weights: Mapping[str, float], need: float) -> Iterator[tuple[str, ...]]:
    """Yield the sets of terms, heaviest first, that reach ``need`` and would not without any one of theirs."""
    if need <= 0:
        yield ()
        return
    reach = sum(weights[term] for term in terms)
    for place, term in enumerate(terms):
        if reach < need:
            return
        for rest in _smallest(terms[place + 1 :], weights, need - weights[term]):
            yield (term, *rest)
        reach -= weights[term]


def _first(sets: Iterator[tuple[str, ...]], most: int) -> Sets | None:
    """Return all the sets, None where there are more than ``most``."""
    found: list[tuple[str, ...]] = []
    for one in sets:
        if len(found) == most:
            return None
        found.append(one)
    return found


def _held(terms: Sequence[str], frequencies: Mapping[str, int], *, chunks: int) -> float:
    held, exponent = float(chunks), 1.0
    for frequency in sorted(frequencies[term] for term in terms):
        held *= min(1.0, frequency / chunks) ** exponent
        exponent /= 2
    return held
