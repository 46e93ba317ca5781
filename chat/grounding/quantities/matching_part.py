"""Whether the figures of a claim stand in a passage, and there belong to the same thing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from chat.grounding.quantities.derived import is_derived
from chat.grounding.quantities.matching import EXACT, close, same
from chat.grounding.quantities.surroundings import Word, around, shared
from chat.grounding.quantities.values import Figure

_DENIES = re.compile(r"\b(?:not|rather|instead|prefer\w*|than|avoid\w*|without|unlike|against|versus)\b|n['’]t\b", re.I)
_COUNT = 10
"""Up to this, a count in words without a unit may be the answer's own: "two reasons"."""
CLEARLY, FAINTLY = 2.0, 0.45
"""How much another figure's surroundings must share with the claim's, and at most those of the figure found."""
LIKELY, LESS = 1.2, 0.78
"""The same where only the other figure has the claim's unit."""


@dataclass(frozen=True, slots=True)
class Astray:
    """A figure of a claim that the passage doesn't give: no such number, with another unit, or of something else."""

    figure: Figure
    kind: Literal["number", "unit", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Counted:
    """A text as its figures are compared: the text, its figures, and its content words in order."""

    text: str
    figures: tuple[Figure, ...]
    words: tuple[Word, ...]


def astray(claim: Counted, passage: Counted, *, lowers: bool = False) -> tuple[Astray, ...]:
    """Return the claim's figures that the passage doesn't give; ``lowers`` as for ``same``."""
    swapped = tuple(Astray(one, "unit") for one in claim.figures if one.is_implied and _has_other_unit(one, passage))
    own = [figure for figure in claim.figures if not (figure.is_implied or _is_pronoun(figure))]
    return (*(found for figure in own if (found := _astray(figure, claim, passage, lowers=lowers))), *swapped)


def _astray(figure: Figure, claim: Counted, passage: Counted, *, lowers: bool) -> Astray | None:
    given = passage.figures if _DENIES.search(claim.text) else [one for one in passage.figures if not one.is_denied]
    found = [other for other in given if same(figure, other, lowers=lowers)]
    rivals = [other for other in passage.figures if other not in found and _is_rival(figure, other)]
    if found:
        return Astray(figure, "elsewhere") if _is_elsewhere(figure, found, rivals, claim, passage) else None
    if _is_own_count(figure):
        return Astray(figure, "number") if any(set(one.counted) & set(figure.counted) for one in rivals) else None
    if is_derived(figure, passage.figures, claim=claim.text):
        return None
    values = [abs(value) for each in passage.figures for value in each.values if not each.is_implied]
    alike = any(close(abs(one), other, EXACT) for one in figure.values for other in values)
    return Astray(figure, "unit" if alike and figure.unit else "number")


def _has_other_unit(figure: Figure, passage: Counted) -> bool:
    """Say whether "a metre" is a foot in the passage."""
    alike = [one for one in passage.figures if one.unit and figure.unit and one.unit.dimension == figure.unit.dimension]
    named = [one for one in alike if one.is_implied and one.unit != figure.unit]
    return bool(named) and not any(same(figure, one) for one in alike)


def _is_elsewhere(
    figure: Figure, found: Sequence[Figure], rivals: Sequence[Figure], claim: Counted, passage: Counted
) -> bool:
    """Say whether the passage gives another figure for what the claim speaks of, and this one for something else."""
    wanted = around(figure, claim.words)
    if any(one.is_ordinal for one in found):
        return False
    here = max(shared(wanted, around(one, passage.words)) for one in found)
    there = max((shared(wanted, around(one, passage.words)) for one in rivals), default=0.0)
    if figure.unit and not any(one.unit for one in found):
        others = [one for one in rivals if not any(same(mine, one) for mine in claim.figures)]
        there = max((shared(wanted, around(one, passage.words)) for one in others), default=0.0)
        return there >= LIKELY and here <= LESS * there
    return there >= CLEARLY and here <= FAINTLY * there


def _is_rival(figure: Figure, other: Figure) -> bool:
    """Say whether a figure could be what the claim's stands in place of: of the same kind, and another amount."""
    if figure.is_share or other.is_share or figure.is_ordinal or other.is_ordinal or other.is_implied:
        return False
    if figure.unit and other.unit:
        return figure.unit.dimension == other.unit.dimension
    return not (figure.unit or other.unit)


def _is_pronoun(figure: Figure) -> bool:
    return figure.value == 1 and figure.in_words and figure.unit is None


def _is_own_count(figure: Figure) -> bool:
    is_small = figure.unit is None and not figure.sign and not figure.is_share
    return is_small and figure.value <= _COUNT and figure.value == int(figure.value)
