"""How much of a claim a passage says, as the numbers that the verdict is made of."""

import itertools
import re
from collections.abc import Mapping, Sequence

import numpy as np

from chat.grounding.verification.alignment import SAID
from chat.grounding.verification.english import CERTAIN, FIRST_PERSON, HEDGES
from chat.grounding.verification.similarity import Analysed, Matrix, stems_of
from creators.embeddings.word_vectors import word_rarity

WINDOW = 20
"""Content words of a passage within which one claim is mostly said: two or three sentences of talk."""
LENGTH = 45
"""All the words that there are in a window, as a rule."""
NEAR, FAR = 0.55, 0.4
"""Likenesses below which a word is hardly said, and not said."""
_NAME = re.compile(r"(?<=[^.!?:]\s)[A-Z][\w-]*\w")


def measured(claim: Analysed, passage: Analysed, matrix: Matrix, near: Sequence[str]) -> Mapping[str, float]:
    """Return what is measured of a claim on a passage, by name; ``near`` are the words around where it is said."""
    best = matrix.max(axis=1) if matrix.size else np.zeros(len(claim.terms), np.float32)
    if not best.size:
        best = np.ones(1, np.float32)
    rarity = np.array([word_rarity(term.text) for term in claim.terms] or [0.0])
    lowest = np.sort(best)
    return {
        "said": float((best >= SAID).mean()),
        "lowest": float(lowest[0]),
        "low_three": float(lowest[:3].mean()),
        "triple": float(min(best[at : at + 3].mean() for at in range(max(1, len(best) - 2)))),
        "far": float((best < FAR).mean()),
        "run": float(_longest_run(best < NEAR)),
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
        "own_case": sum(word in FIRST_PERSON for word in near) / LENGTH,
    }


def window(passage: Analysed, matrix: Matrix) -> tuple[int, int]:
    """Return the first and last word of the stretch of a passage that says most of the claim."""
    if not matrix.size:
        return 0, max(len(passage.words) - 1, 0)
    size = min(WINDOW, matrix.shape[1])
    totals = np.lib.stride_tricks.sliding_window_view(matrix, size, axis=1).max(axis=2).sum(axis=0)
    first = int(totals.argmax())
    return passage.terms[first].place, passage.terms[first + size - 1].place


def unknown_names(claim: Analysed, passage: Analysed) -> tuple[str, ...]:
    """Return the names in a claim that the passage doesn't have, in any spelling near theirs."""
    lowered = passage.text.lower()
    squeezed = re.sub(r"[\s-]", "", lowered)
    rows = {term.text for term in passage.terms}
    return tuple(
        name
        for name in _NAME.findall(claim.text)
        if name.lower() not in lowered
        and name.lower().replace("-", "") not in squeezed
        and not any(_sounds_like(name.lower(), word) for word in rows)
    )


def _sounds_like(name: str, word: str) -> bool:
    shared = len(set(name) & set(word)) / max(len(set(name) | set(word)), 1)
    return name[0] == word[0] and abs(len(name) - len(word)) <= 2 and shared > 0.7


def _longest_run(flags: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    longest = current = 0
    for flag in flags:
        current = current + 1 if flag else 0
        longest = max(longest, current)
    return longest


def _worst_clause(claim: Analysed, best: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> float:
    groups: dict[int, list[float]] = {}
    for term, value in zip(claim.terms, best, strict=False):
        groups.setdefault(claim.clauses[term.place], []).append(float(value))
    return min((sum(group) / len(group) for group in groups.values() if len(group) > 1), default=float(best.mean()))


def _pairs(claim: Analysed, passage: Analysed) -> float:
    """Return the share of neighbouring words that are neighbours in the passage too, one between them allowed."""
    mine, theirs = stems_of(claim.terms), stems_of(passage.terms)
    wanted = set(itertools.pairwise(mine))
    given = set(itertools.pairwise(theirs)) | set(zip(theirs, theirs[2:], strict=False))
    return len(wanted & given) / max(1, len(wanted))


def _any(words: Sequence[str], wanted: frozenset[str]) -> bool:
    return any(word in wanted for word in words)
