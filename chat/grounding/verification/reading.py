"""Reading a claim against a passage: everything that is found and measured, before anything is judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.grounding.quantities import Astray, astray
from chat.grounding.verification.alignment import SAID, likeness
from chat.grounding.verification.contradiction import denied_words, opposite_words
from chat.grounding.verification.english import FUNCTION, HEDGES, LOWERS
from chat.grounding.verification.features import measured, window
from chat.grounding.verification.nearness import Nearness, Vector
from chat.grounding.verification.similarity import Analysed, Matrix

THIN = 0.35
"""Share of a claim's words below which they don't tell by themselves whether the passage speaks of it."""
ENGLISH = 0.15
"""Share of function words from which on a text of some length is English."""
LONG_ENOUGH = 6
BEFORE, AFTER = 6, 5
"""Words around the place where a claim is said in which a hedge still goes with it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found of a claim in a passage.

    ``measures`` are named numbers, ``nearness`` is a cosine where the claim is in other words, ``unsaid`` the content
    words that nothing in the passage comes near, ``lost`` the hedges that the claim leaves out; ``is_verbatim`` says
    that the passage has its very words, ``is_foreign`` that one of the two is English and the other is not.
    """

    measures: Mapping[str, float]
    nearness: float | None
    astray: tuple[Astray, ...]
    denied: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...]
    unsaid: tuple[str, ...]
    lost: tuple[str, ...]
    is_verbatim: bool
    is_foreign: bool
    is_english: bool


def read(
    claim: Analysed, passage: Analysed, nearness: Nearness | None = None, vectors: Sequence[Vector] = ()
) -> Reading:
    """Return what is found of a claim in a passage; where its words hardly stand there, by its vectors too."""
    matrix = likeness(claim, passage)
    lowers = any(word in LOWERS for word in claim.words)
    found = astray(claim.counted, passage.counted, lowers=lowers)
    first, last = window(passage, matrix)
    near = passage.words[max(0, first - BEFORE) : last + AFTER]
    measures = {
        **measured(claim, passage, matrix, near),
        "figures_found": float(bool(claim.counted.figures) and not found),
    }
    is_thin = measures["said"] < THIN
    return Reading(
        measures=measures,
        nearness=nearness.of(claim.text, vectors) if nearness and is_thin else None,
        astray=found,
        denied=denied_words(claim, passage, matrix),
        opposites=opposite_words(claim, passage, matrix),
        unsaid=_unsaid(claim, matrix),
        lost=tuple(dict.fromkeys(word for word in near if word in HEDGES)),
        is_verbatim=is_verbatim(claim, passage),
        is_foreign=is_english(claim) != is_english(passage),
        is_english=is_english(claim),
    )


def is_verbatim(claim: Analysed, passage: Analysed) -> bool:
    """Say whether the claim's words stand in the passage, one after the other."""
    return bool(claim.words) and f" {' '.join(claim.words)} " in f" {' '.join(passage.words)} "


def is_english(text: Analysed) -> bool:
    """Say whether a text is English, as far as its small words tell; what is too short to tell counts as English."""
    share = sum(word in FUNCTION for word in text.words) / max(1, len(text.words))
    return len(text.words) < LONG_ENOUGH or share >= ENGLISH


def _unsaid(claim: Analysed, matrix: Matrix) -> tuple[str, ...]:
    best = matrix.max(axis=1) if matrix.size else [0.0] * len(claim.terms)
    far = [(float(value), term.text) for term, value in zip(claim.terms, best, strict=True) if value < SAID]
    return tuple(dict.fromkeys(text for _, text in sorted(far)))
