"""Whether a quantity of a claim stands in a passage, as it is or by simple arithmetic."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chat.grounding.quantities.units import UNITS, Figure, Unit

EXACT, ROUNDED = 0.004, 0.02
"""Relative differences that are none: as written, and of fractions or between unlike units."""
_SIGNED = {"level", "loudness", "celsius", "fahrenheit", "degree", ""}
"""Dimensions in which minus six is not six; a figure without a unit may be of any of them."""
_ACROSS = {
    ("times", "percent"): (100.0, 0.0, EXACT),
    ("clock", "time"): (1.0, 0.0, EXACT),
    ("ratio", "times"): (1.0, 0.0, EXACT),
    ("celsius", "degree"): (1.0, 0.0, EXACT),
    ("fahrenheit", "degree"): (1.0, 0.0, EXACT),
    ("celsius", "fahrenheit"): (1.8, 32.0, ROUNDED),
    ("month", "time"): (30.4 * 86400, 0.0, ROUNDED),
    ("sterling", "mass"): (UNITS["lb"].factor, 0.0, EXACT),
}
"""How one dimension's base becomes another's: times a factor, plus an offset, within a tolerance."""
_FACTORS: dict[str, set[float]] = {}
for _unit in UNITS.values():
    _FACTORS.setdefault(_unit.dimension, set()).add(_unit.factor)


def same(figure: Figure, other: Figure, *, lowers: bool = False) -> bool:
    """Say whether a claim's figure is the amount of a passage's; one without a unit may have the other's.

    ``lowers`` says that the claim itself speaks of less ("cut by 6 dB"), so that a minus sign may be left out.
    """
    if not _signs_agree(figure, other, lowers=lowers) or _counts_otherwise(figure, other):
        return False
    tolerance = ROUNDED if figure.is_share or other.is_share else EXACT
    pairs = [(abs(one), abs(two)) for one in figure.values for two in other.values]
    if figure.unit and other.unit:
        return any(_converted(one, figure.unit, two, other.unit, tolerance) for one, two in pairs)
    return any(close(one, two, tolerance) for one, two in pairs) or _by_convention(figure, other, pairs)


def _counts_otherwise(figure: Figure, other: Figure) -> bool:
    """Say whether one counts things and the other is an amount with a unit: two evenings, 2 m."""
    counts = (figure.is_count or figure.is_ordinal, other.is_count or other.is_ordinal)
    unlike = (figure.unit and counts[1]) or (other.unit and counts[0])
    return bool(unlike) and not (figure.is_share or other.is_share) and not _may_count(figure.unit or other.unit)


def _may_count(unit: Unit | None) -> bool:
    return unit is not None and unit.dimension in {"thousand", "times", "note", "beat", "bar", "date"}


def _by_convention(figure: Figure, other: Figure, pairs: Sequence[tuple[float, float]]) -> bool:
    """Compare where one has no unit: half and 50 %, "two fifty" and 0.25 kHz, "three hundred" and 0.3 s."""
    unit = figure.unit or other.unit
    if unit is None or ((figure.is_share or other.is_share) and unit.dimension not in {"percent", "times"}):
        return False
    with_unit, bare = (0, 1) if figure.unit else (1, 0)
    if unit.dimension == "percent":
        is_share = figure.is_share or other.is_share
        return any(close(pair[with_unit], pair[bare] * 100, ROUNDED) for pair in pairs if is_share or pair[bare] < 1)
    if unit.dimension == "clock":
        return any(close(pair[with_unit], pair[bare], EXACT) for pair in pairs)
    if unit.dimension == "times":
        return any(pair[bare] and close(pair[with_unit], 1 / pair[bare], ROUNDED) for pair in pairs)
    return any(
        close(pair[with_unit] * unit.factor, pair[bare] * factor, EXACT)
        for pair in pairs
        for factor in _FACTORS.get(unit.dimension, ())
        if factor >= unit.factor / 1000
    )


def _converted(one: float, unit: Unit, two: float, other: Unit, tolerance: float) -> bool:
    if unit == other:
        return close(one, two, tolerance)
    if unit.dimension == other.dimension:
        loose = tolerance if _is_round(unit, other) else ROUNDED
        return close(one * unit.factor, two * other.factor, loose)
    compared = _ACROSS.get((unit.dimension, other.dimension))
    if compared:
        return close(one * unit.factor * compared[0] + compared[1], two * other.factor, compared[2])
    turned = _ACROSS.get((other.dimension, unit.dimension))
    return turned is not None and close(two * other.factor * turned[0] + turned[1], one * unit.factor, turned[2])


def _is_round(unit: Unit, other: Unit) -> bool:
    """Say whether one unit is a whole number of the other."""
    share = max(unit.factor, other.factor) / min(unit.factor, other.factor)
    return abs(share - round(share)) < 1e-6


def _signs_agree(figure: Figure, other: Figure, *, lowers: bool) -> bool:
    dimensions = {one.unit.dimension if one.unit else "" for one in (figure, other)}
    if not dimensions & _SIGNED or figure.sign == other.sign:
        return True
    if figure.sign and other.sign:
        return False
    return lowers or figure.sign > 0 or other.sign >= 0


def close(one: float, other: float, tolerance: float) -> bool:
    """Say whether two amounts differ by no more than a share of the larger; whole numbers must be the same."""
    if one.is_integer() and other.is_integer() and tolerance == EXACT:
        return one == other
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


REACH = 7
"""Content words on each side that a figure may belong to."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of a text, stemmed, and where it begins."""

    stem: str
    start: int


def around(figure: Figure, words: Sequence[Word]) -> dict[str, float]:
    """Return the words around a figure, the nearer the heavier, from 1 down."""
    at = bisect_left(words, figure.start, key=lambda word: word.start)
    after = bisect_left(words, figure.end, key=lambda word: word.start)
    weights: dict[str, float] = {}
    for distance, word in [*enumerate(words[max(0, at - REACH) : at][::-1]), *enumerate(words[after : after + REACH])]:
        weights[word.stem] = max(weights.get(word.stem, 0.0), 1 / (1 + distance / 3))
    return weights


def shared(some: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Return how much two surroundings have in common."""
    return sum(min(weight, others[word]) for word, weight in some.items() if word in others)


CLOSE = 0.02
FEW = 10
"""Up to this, numbers without a unit are too common for their quotient to mean anything."""
NEAR = 40
"""Characters within which "double that" belongs to a figure."""
_COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger)\b"
)
_SUMS = re.compile(r"\b(?:total|totals|totalling|adds? up|altogether|in all|overall|combined|sums?)\b")


def is_derived(figure: Figure, passage: Sequence[Figure], *, claim: str) -> bool:
    """Say whether a claim's figure follows from two of the passage's, by a step that its words speak of."""
    folded = claim.casefold()
    amounts = [one for one in passage if not one.is_ordinal]
    if _is_multiple(figure):
        shares = [*_quotients(amounts), *(_parts(amounts) if figure.is_share else ())]
        return any(_close(_share(figure), share) for share in shares)
    made = [
        *_multiplied(figure, amounts),
        *(_steps(figure, amounts) if _COMPARES.search(folded) else ()),
        *(_totals(figure, amounts) if _SUMS.search(folded) else ()),
    ]
    return any(close(abs(_base(figure)), abs(amount), EXACT) for amount in made if amount)


def _is_multiple(figure: Figure) -> bool:
    dimension = figure.unit.dimension if figure.unit else ""
    return (
        (figure.is_share and not dimension)
        or dimension == "times"
        or (dimension == "percent" and figure.value in {25, 50, 75, 100, 200})
    )


def _share(figure: Figure) -> float:
    return figure.value / 100 if figure.unit and figure.unit.dimension == "percent" else figure.value


def _quotients(amounts: Sequence[Figure]) -> Iterator[float]:
    for one in amounts:
        for other in amounts:
            if one is other or not _are_alike(one, other) or not other.value:
                continue
            is_bare = one.unit is None or other.unit is None
            yield abs(one.value / other.value) if is_bare else abs(_base(one) / _base(other))


def _parts(amounts: Sequence[Figure]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0


def _multiplied(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    """Yield half and double of what there is, where the passage speaks of half or double."""
    multiples = [one for one in amounts if one.is_share or (one.unit and one.unit.dimension == "times")]
    for one in amounts:
        if _dimension(one) == _dimension(figure) and not one.is_share:
            for multiple in multiples:
                if multiple.value and -NEAR < multiple.start - one.end < NEAR:
                    yield _base(one) * multiple.value
                    yield _base(one) / multiple.value


def _steps(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    alike = [one for one in amounts if _may_be(figure, one)]
    for one, other in itertools.pairwise(alike):
        yield abs(_base(one) - _base(other))


def _totals(figure: Figure, amounts: Sequence[Figure]) -> Iterator[float]:
    counts = [one.value for one in amounts if one.unit is None]
    for one in amounts:
        if one.unit and _dimension(one) == _dimension(figure):
            yield from (_base(one) * count for count in counts)


def _are_alike(one: Figure, other: Figure) -> bool:
    if one.unit and other.unit:
        return _dimension(one) == _dimension(other)
    return min(one.value, other.value) > FEW or (bool(one.unit or other.unit) and not (one.is_count or other.is_count))


def _may_be(figure: Figure, other: Figure) -> bool:
    return other.unit is None or figure.unit is None or _dimension(figure) == _dimension(other)


def _dimension(figure: Figure) -> str:
    return figure.unit.dimension if figure.unit else ""


def _base(figure: Figure) -> float:
    return figure.value * (figure.unit.factor if figure.unit else 1.0)


def _close(one: float, other: float) -> bool:
    return abs(abs(one) - abs(other)) <= CLOSE * max(abs(one), abs(other)) and bool(one)


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
