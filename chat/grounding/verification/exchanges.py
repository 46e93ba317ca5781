"""A thing of a claim of which its passage names another of the kind instead: Thursday for Tuesday."""

import numpy as np

from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix, sentences_of_terms
from chat.grounding.vocabulary import KINDS
from chrysopedia.core.text import stem

_KIND = {
    stem(word): (kind, thing) for kind, things in enumerate(KINDS) for thing in things for word in thing.split("/")
}
"""Words, stemmed, each with its kind and the thing that it names; synonyms name one thing."""
ALIKE = 0.62
"""Similarity from which on a word of the passage may be what a claim calls by another name."""
LEAST, SHARE = 2, 0.5
"""Content words of a claim besides the thing, and their share, that must stand where the other one is named."""
FULLY = 3
"""Such words from which on a thing may also be named elsewhere in the passage, with at most half as many."""


def exchanged_things(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[tuple[str, str], ...]:
    """Return the first thing of a claim for which the passage names another of its kind, with that one."""
    mine = {_KIND[term.stem] for term in claim.terms if term.stem in _KIND}
    if not mine or not matrix.size:
        return ()
    theirs = [_KIND.get(term.stem) for term in passage.terms]
    sentences = passage.once(sentences_of_terms)
    for row, term in enumerate(claim.terms):
        own = _KIND.get(term.stem)
        if own is None:
            continue
        is_sibling = np.array([one is not None and one[0] == own[0] and one not in mine for one in theirs])
        rest = np.delete(matrix, row, axis=0) >= SAID
        counts = {int(number): int(rest[:, sentences == number].any(axis=1).sum()) for number in np.unique(sentences)}
        best = max(counts.values())
        places = [at for at in np.flatnonzero(is_sibling).tolist() if counts[int(sentences[at])] == best]
        is_own = np.array([one == own for one in theirs])
        is_named = is_own | (matrix[row] >= (SAID if is_own.any() else ALIKE)) & ~is_sibling
        named = [counts[int(number)] for number in sentences[is_named]]
        is_apart = not named or (best >= FULLY and max(named) * 2 <= best)
        if places and is_apart and best >= max(min(LEAST, len(rest)), SHARE * len(rest)):
            return ((term.text, passage.terms[places[0]].text),)
    return ()
