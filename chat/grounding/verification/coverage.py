"""Coverage: how much of a claim's words a passage says, and where it says most of them."""

import itertools
import re
from collections.abc import Mapping, Sequence

import numpy as np

from chat.grounding.verification.polarity import denies
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, stems_of
from chat.grounding.vocabulary import CERTAIN, DETERMINERS, FIRST_PERSON, HEDGES
from creators.embeddings.weights import word_rarity

SUPPOSES = frozenset({"would"})
"""Words of what is worked out for a case that nobody speaks of: "a three-foot board would take half a minute"."""
WINDOW = 20
"""Content words of a passage within which one claim is mostly said: two or three sentences of talk."""
LENGTH = 45
"""All the words that there are in a window, as a rule."""
HARDLY_SAID, UNSAID = 0.55, 0.4
"""Similarities below which a word is hardly said, and not said."""
_NAME = re.compile(r"(?<=[^.!?:]\s)[A-Z][\w-]*\w")


def window(passage: AnalysedText, matrix: Matrix) -> tuple[int, int]:
    """Return the first and last word of the stretch of a passage that says most of the claim."""
    if not matrix.size:
        return 0, max(len(passage.words) - 1, 0)
    size = min(WINDOW, matrix.shape[1])
    totals = np.lib.stride_tricks.sliding_window_view(matrix, size, axis=1).max(axis=2).sum(axis=0)
    first = int(totals.argmax())
    return passage.terms[first].place, passage.terms[first + size - 1].place


def coverage_measures(
    claim: AnalysedText, passage: AnalysedText, matrix: Matrix, near: Sequence[str]
) -> Mapping[str, float]:
    """Return how much of a claim a passage says, in several measures by name.

    ``near`` are the words of the passage around the place where it says most of the claim.
    """
    best = matrix.max(axis=1) if matrix.size else np.zeros(len(claim.terms), np.float32)
    added = _added(claim, best)
    if not best.size:
        best = np.ones(1, np.float32)
    rarity = np.array([word_rarity(term.text) for term in claim.terms] or [0.0])
    lowest = np.sort(best)
    return {
        "said": float((best >= SAID).mean()),
        "lowest": float(lowest[0]),
        "low_three": float(lowest[:3].mean()),
        "triple": float(min(best[at : at + 3].mean() for at in range(max(1, len(best) - 2)))),
        "far": float((best < UNSAID).mean()),
        "run": float(_longest_run(best < HARDLY_SAID)),
        "rare_unsaid": float((rarity * (1 - best)).max()),
        "rare_sum": float((rarity * (1 - best)).sum()),
        "names": float(len(unknown_names(claim, passage))),
        "clause": _worst_clause(claim, best),
        "clauses": float(len(set(claim.clauses))),
        "length": len(best) / 10,
        "pairs": _pairs(claim, passage),
        "hedge_lost": float(_any(near, HEDGES) and not _any(claim.words, HEDGES)),
        "hedges": float(sum(word in HEDGES for word in near)),
        "certain": float(_any(claim.words, CERTAIN) and not _any(near, CERTAIN)),
        "added": added,
        "denies": float(denies(claim)),
        "supposes": float(_any(claim.words, SUPPOSES)),
        "own_case": sum(word in FIRST_PERSON for word in near) / LENGTH,
    }


def _longest_run(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest


def _worst_clause(claim: AnalysedText, best: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    groups: dict[int, list[float]] = {}
    for term, value in zip(claim.terms, best, strict=False):
        groups.setdefault(claim.clauses[term.place], []).append(float(value))
    return min((sum(group) / len(group) for group in groups.values() if len(group) > 1), default=float(best.mean()))


NAMED = frozenset(
    """
    of with in on at for to from by into onto over under between per some any every each
    """.split()
)
"""Words besides determiners that a word which names something stands behind."""


def _added(claim: AnalysedText, best: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    """Return by how much more the passage says the one end of a claim than the other, 0 where that names too little."""
    said, largest = best >= SAID, 0.0
    named = np.array([_is_named(claim, term.place) for term in claim.terms], dtype=np.bool_) & (best < HARDLY_SAID)
    for at in range(2, len(best) - 1):
        for inside, outside in ((slice(at, None), slice(None, at)), (slice(None, at), slice(at, None))):
            if named[inside].sum() > 1 and len(best[outside]) > 2:
                largest = max(largest, float(said[outside].mean() - best[inside].mean()))
    return largest


def _is_named(text: AnalysedText, place: int) -> bool:
    return place > 0 and (text.words[place - 1] in NAMED or text.words[place - 1] in DETERMINERS)


def _pairs(claim: AnalysedText, passage: AnalysedText) -> float:
    """Return the share of neighbouring words that are neighbours in the passage too, one between them allowed."""
    wanted = set(itertools.pairwise(stems_of(claim.terms)))
    return len(wanted & passage.once(_neighbours)) / max(1, len(wanted))


def _neighbours(text: AnalysedText) -> set[tuple[str, str]]:
    stems = stems_of(text.terms)
    return {*itertools.pairwise(stems), *zip(stems, stems[2:], strict=False)}


def _any(words: Sequence[str], wanted: frozenset[str]) -> bool:
    return any(word in wanted for word in words)


def unknown_names(claim: AnalysedText, passage: AnalysedText) -> tuple[str, ...]:
    """Return the names in a claim that the passage doesn't have, in any spelling near theirs."""
    names = _NAME.findall(claim.text)
    if not names:
        return ()
    lowered = passage.text.lower()
    squeezed = re.sub(r"[\s-]", "", lowered)
    rows = {term.text for term in passage.terms}
    return tuple(
        name
        for name in names
        if name.lower() not in lowered
        and name.lower().replace("-", "") not in squeezed
        and not any(_sounds_like(name.lower(), word) for word in rows)
    )


def _sounds_like(name: str, word: str) -> bool:
    shared = len(set(name) & set(word)) / max(len(set(name) | set(word)), 1)
    return name[0] == word[0] and abs(len(name) - len(word)) <= 2 and shared > 0.7
