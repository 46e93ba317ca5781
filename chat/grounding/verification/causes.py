"""Causes: whether a passage gives another reason than a claim for what both speak of."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from chat.grounding.quantities import same_amount
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

CAUSES = frozenset("because since cause".split())
_REASONS = CAUSES | frozenset("so otherwise".split())
"""Words before a reason."""
LEAST_CAUSE, SAME = 2, 0.5
"""Content words from which on a cause can be compared, and the share of an effect's words that make it the same."""
RELATED = 0.5
"""Similarity from which on a word of the claim's cause may be what the passage calls it."""


def other_cause(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[str, str] | None:
    """Return a word of a claim's cause, and one of the passage's, where that gives another reason for the same."""
    effect, cause = _effect_and_cause(claim)
    said = matrix >= SAID
    if not effect or not cause:
        return None
    least = 1.0 if len(cause) < LEAST_CAUSE and not said[cause].any(axis=1).all() else SAME
    if least > SAME and len(effect) < LEAST_CAUSE:
        return None
    sentences = np.array([passage.sentences[term.place] for term in passage.terms])
    if _is_said_beside(claim, passage, cause) or _is_near(matrix, sentences, effect, cause):
        return None
    others: list[tuple[str, str]] = []
    for place, word in enumerate(passage.words):
        if word not in _REASONS:
            continue
        own = passage.sentences[place]
        terms = [(column, term.place) for column, term in enumerate(passage.terms) if sentences[column] == own]
        before, behind = ([column for column, at in terms if (at < place) is is_before] for is_before in (True, False))
        if len(before) < LEAST_CAUSE:
            before += [column for column, number in enumerate(sentences) if number == own - 1]
        near = (sentences == own) | (sentences == (own - 1 if word == "so" else own + 1))
        if before and behind and said[effect][:, before].any(axis=1).mean() >= least:
            if float(matrix[cause][:, near].max()) >= RELATED:
                return None
            others.append((claim.terms[cause[0]].text, passage.terms[behind[0]].text))
    return others[0] if others else None


def _is_said_beside(claim: AnalysedText, passage: AnalysedText, cause: Sequence[int]) -> bool:
    """Say whether the passage gives a quantity that the claim gives in its cause."""
    first = claim.spans[claim.terms[cause[0]].place][0]
    own = [one for one in claim.quantity_text.quantities if one.start > first]
    return any(same_amount(one, other) for one in own for other in passage.quantity_text.quantities)


def _is_near(matrix: Matrix, sentences: npt.NDArray[np.int64], effect: Sequence[int], cause: Sequence[int]) -> bool:
    """Say whether some sentence says a word of the effect and one of the cause, and the passage most of the cause."""
    said = matrix >= SAID
    if said[cause].any(axis=1).mean() < SAME:
        return False
    return any(
        said[effect][:, sentences == number].any() and said[cause][:, sentences == number].any()
        for number in np.unique(sentences)
    )


def _effect_and_cause(claim: AnalysedText) -> tuple[list[int], list[int]]:
    """Return the rows of the content words of what a claim gives a cause for, and of the cause; empty where of none."""
    words = claim.words
    cues = [
        (place, length)
        for place in range(len(words))
        for length, cue in enumerate((("because",), ("so", "that"), ("in", "order", "to")), start=1)
        if words[place : place + length] == cue or (length == 1 and words[place] in CAUSES)
    ]
    if len(cues) != 1:
        return [], []
    at, length = cues[0]
    rows = list(enumerate(claim.terms))
    if at:
        return [row for row, term in rows if term.place < at], [row for row, term in rows if term.place >= at + length]
    end = next(
        (
            place
            for place in range(1, len(words))
            if "," in claim.text[claim.spans[place - 1][1] : claim.spans[place][0]]
        ),
        0,
    )
    return [row for row, term in rows if term.place >= end > 0], [
        row for row, term in rows if length <= term.place < end
    ]
