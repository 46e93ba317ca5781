"""Whether a quantity of a claim stands in a passage, as it is or by simple arithmetic."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chat.grounding.quantities.units import UNITS, Quantity, Unit


@dataclass(frozen=True, slots=True)
class ContextWord:
    """A content word of a text, stemmed, and where it begins."""

    stem: str
    start: int


@dataclass(frozen=True, slots=True)
class QuantityText:
    """A text with its quantities and its content words, each in order."""

    text: str
    quantities: tuple[Quantity, ...]
    words: tuple[ContextWord, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A quantity of a claim that the passage doesn't give: no such number, with another unit, or of something else."""

    quantity: Quantity
    kind: Literal["number", "unit", "elsewhere"]


_DENIES = re.compile(r"\b(?:not|rather|instead|prefer\w*|than|avoid\w*|without|unlike|against|versus)\b|n['’]t\b", re.I)
_COUNT = 10
"""Up to this, a count in words without a unit may be the answer's own: "two reasons"."""


def mismatches(claim: QuantityText, passage: QuantityText, *, lowers: bool = False) -> tuple[Mismatch, ...]:
    """Return the claim's quantities that the passage doesn't give; ``lowers`` as for ``same_amount``."""
    swapped = tuple(
        Mismatch(one, "unit") for one in claim.quantities if one.is_implied and _has_other_unit(one, passage)
    )
    own = [quantity for quantity in claim.quantities if not (quantity.is_implied or _is_pronoun(quantity))]
    return (*(found for quantity in own if (found := _mismatch(quantity, claim, passage, lowers=lowers))), *swapped)


def _mismatch(quantity: Quantity, claim: QuantityText, passage: QuantityText, *, lowers: bool) -> Mismatch | None:
    given = (
        passage.quantities if _DENIES.search(claim.text) else [one for one in passage.quantities if not one.is_denied]
    )
    found = [other for other in given if same_amount(quantity, other, lowers=lowers)]
    rivals = [other for other in passage.quantities if other not in found and _is_rival(quantity, other)]
    if found:
        return Mismatch(quantity, "elsewhere") if _belongs_to_another(quantity, found, rivals, claim, passage) else None
    if _is_own_count(quantity):
        return Mismatch(quantity, "number") if any(set(one.counted) & set(quantity.counted) for one in rivals) else None
    if follows_by_arithmetic(quantity, passage.quantities, claim=claim.text):
        return None
    values = [abs(value) for each in passage.quantities for value in each.values if not each.is_implied]
    alike = any(nearly_equal(abs(one), other, EXACT) for one in quantity.values for other in values)
    return Mismatch(quantity, "unit" if alike and quantity.unit else "number")


def _has_other_unit(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether "a metre" is a foot in the passage."""
    alike = [
        one
        for one in passage.quantities
        if one.unit and quantity.unit and one.unit.dimension == quantity.unit.dimension
    ]
    named = [one for one in alike if one.is_implied and one.unit != quantity.unit]
    return bool(named) and not any(same_amount(quantity, one) for one in alike)


def _is_pronoun(quantity: Quantity) -> bool:
    return quantity.value == 1 and quantity.in_words and quantity.unit is None


def _is_own_count(quantity: Quantity) -> bool:
    is_small = quantity.unit is None and not quantity.sign and not quantity.is_share
    return is_small and quantity.value <= _COUNT and quantity.value == int(quantity.value)


def _is_rival(quantity: Quantity, other: Quantity) -> bool:
    """Say whether a quantity could be what the claim's stands in place of: of the same kind, and another amount."""
    if quantity.is_share or other.is_share or quantity.is_ordinal or other.is_ordinal or other.is_implied:
        return False
    if quantity.unit and other.unit:
        return quantity.unit.dimension == other.unit.dimension
    return not (quantity.unit or other.unit)


REACH = 7
"""Content words on each side that a quantity may belong to."""
CLEARLY, FAINTLY = 2.0, 0.45
"""What the context of a rival must share with the claim's, and what that of the quantity found may share at most."""
LIKELY, LESS = 1.2, 0.78
"""The same where only the other quantity has the claim's unit."""


def _belongs_to_another(
    quantity: Quantity,
    found: Sequence[Quantity],
    rivals: Sequence[Quantity],
    claim: QuantityText,
    passage: QuantityText,
) -> bool:
    """Say whether the passage gives another quantity for what the claim speaks of, and this one for something else."""
    wanted = context_of(quantity, claim.words)
    if any(one.is_ordinal for one in found):
        return False
    here = max(context_overlap(wanted, context_of(one, passage.words)) for one in found)
    there = max((context_overlap(wanted, context_of(one, passage.words)) for one in rivals), default=0.0)
    if quantity.unit and not any(one.unit for one in found):
        others = [one for one in rivals if not any(same_amount(mine, one) for mine in claim.quantities)]
        there = max((context_overlap(wanted, context_of(one, passage.words)) for one in others), default=0.0)
        return there >= LIKELY and here <= LESS * there
    return there >= CLEARLY and here <= FAINTLY * there


def context_of(quantity: Quantity, words: Sequence[ContextWord]) -> dict[str, float]:
    """Return the content words around a quantity, with weights from 1 down to 1/3, by distance."""
    at = bisect_left(words, quantity.start, key=lambda word: word.start)
    after = bisect_left(words, quantity.end, key=lambda word: word.start)
    weights: dict[str, float] = {}
    for distance, word in [*enumerate(words[max(0, at - REACH) : at][::-1]), *enumerate(words[after : after + REACH])]:
        weights[word.stem] = max(weights.get(word.stem, 0.0), 1 / (1 + distance / 3))
    return weights


def context_overlap(some: Mapping[str, float], others: Mapping[str, float]) -> float:
    """Return how much two contexts have in common: the sum of the smaller weights of the words they share."""
    return sum(min(weight, others[word]) for word, weight in some.items() if word in others)


EXACT, ROUNDED = 0.004, 0.02
"""Relative differences that are none: as written, and of fractions or between unlike units."""
_SIGNED = {"level", "loudness", "celsius", "fahrenheit", "degree", ""}
"""Dimensions in which minus six is not six; a quantity without a unit may be of any of them."""
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


def same_amount(quantity: Quantity, other: Quantity, *, lowers: bool = False) -> bool:
    """Say whether a claim's quantity is the amount of a passage's; one without a unit may have the other's.

    ``lowers`` says that the claim itself speaks of less ("cut by 6 dB"), so that a minus sign may be left out.
    """
    if not _signs_agree(quantity, other, lowers=lowers) or _one_is_a_count(quantity, other):
        return False
    tolerance = ROUNDED if quantity.is_share or other.is_share else EXACT
    pairs = [(abs(one), abs(two)) for one in quantity.values for two in other.values]
    if quantity.unit and other.unit:
        return any(_converted(one, quantity.unit, two, other.unit, tolerance) for one, two in pairs)
    return any(nearly_equal(one, two, tolerance) for one, two in pairs) or _by_convention(quantity, other, pairs)


def _signs_agree(quantity: Quantity, other: Quantity, *, lowers: bool) -> bool:
    dimensions = {one.unit.dimension if one.unit else "" for one in (quantity, other)}
    if not dimensions & _SIGNED or quantity.sign == other.sign:
        return True
    if quantity.sign and other.sign:
        return False
    return lowers or quantity.sign > 0 or other.sign >= 0


def _one_is_a_count(quantity: Quantity, other: Quantity) -> bool:
    """Say whether one counts things and the other is an amount with a unit: two evenings, 2 m."""
    counts = (quantity.is_count or quantity.is_ordinal, other.is_count or other.is_ordinal)
    unlike = (quantity.unit and counts[1]) or (other.unit and counts[0])
    return bool(unlike) and not (quantity.is_share or other.is_share) and not _may_count(quantity.unit or other.unit)


def _may_count(unit: Unit | None) -> bool:
    return unit is not None and unit.dimension in {"thousand", "times", "note", "beat", "bar", "date"}


def _converted(one: float, unit: Unit, two: float, other: Unit, tolerance: float) -> bool:
    if unit == other:
        return nearly_equal(one, two, tolerance)
    if unit.dimension == other.dimension:
        loose = tolerance if _is_round(unit, other) else ROUNDED
        return nearly_equal(one * unit.factor, two * other.factor, loose)
    compared = _ACROSS.get((unit.dimension, other.dimension))
    if compared:
        return nearly_equal(one * unit.factor * compared[0] + compared[1], two * other.factor, compared[2])
    turned = _ACROSS.get((other.dimension, unit.dimension))
    return turned is not None and nearly_equal(two * other.factor * turned[0] + turned[1], one * unit.factor, turned[2])


def _is_round(unit: Unit, other: Unit) -> bool:
    """Say whether one unit is a whole number of the other."""
    share = max(unit.factor, other.factor) / min(unit.factor, other.factor)
    return abs(share - round(share)) < 1e-6


def _by_convention(quantity: Quantity, other: Quantity, pairs: Sequence[tuple[float, float]]) -> bool:
    """Compare where one has no unit: half and 50 %, "two fifty" and 0.25 kHz, "three hundred" and 0.3 s."""
    unit = quantity.unit or other.unit
    if unit is None or ((quantity.is_share or other.is_share) and unit.dimension not in {"percent", "times"}):
        return False
    with_unit, bare = (0, 1) if quantity.unit else (1, 0)
    if unit.dimension == "percent":
        is_share = quantity.is_share or other.is_share
        return any(
            nearly_equal(pair[with_unit], pair[bare] * 100, ROUNDED) for pair in pairs if is_share or pair[bare] < 1
        )
    if unit.dimension == "clock":
        return any(nearly_equal(pair[with_unit], pair[bare], EXACT) for pair in pairs)
    if unit.dimension == "times":
        return any(pair[bare] and nearly_equal(pair[with_unit], 1 / pair[bare], ROUNDED) for pair in pairs)
    return any(
        nearly_equal(pair[with_unit] * unit.factor, pair[bare] * factor, EXACT)
        for pair in pairs
        for factor in _FACTORS.get(unit.dimension, ())
        if factor >= unit.factor / 1000
    )


def nearly_equal(one: float, other: float, tolerance: float) -> bool:
    """Say whether two amounts differ by at most ``tolerance`` of the larger; exactly, whole numbers must be equal."""
    if one.is_integer() and other.is_integer() and tolerance == EXACT:
        return one == other
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


CLOSE = 0.02
FEW = 10
"""Up to this, numbers without a unit are too common for their quotient to mean anything."""
NEAR = 40
"""Characters within which "double that" belongs to a quantity."""
_COMPARES = re.compile(
    r"\b(?:by|shorter|longer|gain\w*|more|less|fewer|apart|difference|later|earlier|rose|fell|increased?|decreased?"
    r"|taller|higher|lower|wider|narrower|heavier|lighter|older|younger)\b"
)
_SUMS = re.compile(r"\b(?:total|totals|totalling|adds? up|altogether|in all|overall|combined|sums?)\b")


def follows_by_arithmetic(quantity: Quantity, passage: Sequence[Quantity], *, claim: str) -> bool:
    """Say whether a claim's quantity is a quotient, multiple, difference or total of the passage's.

    Differences and totals count only where the claim speaks of one: "shorter by", "in all".
    """
    folded = claim.casefold()
    amounts = [one for one in passage if not one.is_ordinal]
    if _is_multiple(quantity):
        shares = [*_quotients(amounts), *(_parts(amounts) if quantity.is_share else ())]
        return any(_nearly_same_share(_share(quantity), share) for share in shares)
    made = [
        *_multiplied(quantity, amounts),
        *(_steps(quantity, amounts) if _COMPARES.search(folded) else ()),
        *(_totals(quantity, amounts) if _SUMS.search(folded) else ()),
    ]
    return any(nearly_equal(abs(_base(quantity)), abs(amount), EXACT) for amount in made if amount)


def _is_multiple(quantity: Quantity) -> bool:
    dimension = quantity.unit.dimension if quantity.unit else ""
    return (
        (quantity.is_share and not dimension)
        or dimension == "times"
        or (dimension == "percent" and quantity.value in {25, 50, 75, 100, 200})
    )


def _share(quantity: Quantity) -> float:
    return quantity.value / 100 if quantity.unit and quantity.unit.dimension == "percent" else quantity.value


def _quotients(amounts: Sequence[Quantity]) -> Iterator[float]:
    for one in amounts:
        for other in amounts:
            if one is other or not _are_alike(one, other) or not other.value:
                continue
            is_bare = one.unit is None or other.unit is None
            yield abs(one.value / other.value) if is_bare else abs(_base(one) / _base(other))


def _parts(amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield the share that one count has of two: nine votes to three."""
    counts = [one.value for one in amounts if one.unit is None and not one.is_share]
    for one, other in itertools.pairwise(counts):
        yield one / (one + other) if one + other else 0.0


def _multiplied(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    """Yield half and double of what there is, where the passage speaks of half or double."""
    multiples = [one for one in amounts if one.is_share or (one.unit and one.unit.dimension == "times")]
    for one in amounts:
        if _dimension(one) == _dimension(quantity) and not one.is_share:
            for multiple in multiples:
                if multiple.value and -NEAR < multiple.start - one.end < NEAR:
                    yield _base(one) * multiple.value
                    yield _base(one) / multiple.value


def _steps(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    alike = [one for one in amounts if _may_be(quantity, one)]
    for one, other in itertools.pairwise(alike):
        yield abs(_base(one) - _base(other))


def _totals(quantity: Quantity, amounts: Sequence[Quantity]) -> Iterator[float]:
    counts = [one.value for one in amounts if one.unit is None]
    for one in amounts:
        if one.unit and _dimension(one) == _dimension(quantity):
            yield from (_base(one) * count for count in counts)


def _are_alike(one: Quantity, other: Quantity) -> bool:
    if one.unit and other.unit:
        return _dimension(one) == _dimension(other)
    return min(one.value, other.value) > FEW or (bool(one.unit or other.unit) and not (one.is_count or other.is_count))


def _may_be(quantity: Quantity, other: Quantity) -> bool:
    return other.unit is None or quantity.unit is None or _dimension(quantity) == _dimension(other)


def _dimension(quantity: Quantity) -> str:
    return quantity.unit.dimension if quantity.unit else ""


def _base(quantity: Quantity) -> float:
    return quantity.value * (quantity.unit.factor if quantity.unit else 1.0)


def _nearly_same_share(one: float, other: float) -> bool:
    return abs(abs(one) - abs(other)) <= CLOSE * max(abs(one), abs(other)) and bool(one)
