"""Whether a quantity of a claim stands in a passage, as it is or by simple arithmetic."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chat.grounding.quantities.context import APART, META, QuantityText, context_of, context_overlap, label_of
from chat.grounding.quantities.numerals import numeral_at, tokens_of
from chat.grounding.quantities.units import UNITS, Quantity, Unit


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A quantity of a claim that the passage doesn't give: no such number, with another unit, or of something else.

    ``instead`` is what the passage gives for the same, None where that is not plain.
    """

    quantity: Quantity
    kind: Literal["number", "unit", "elsewhere"]
    instead: Quantity | None = None


_DENIES = re.compile(r"\b(?:not|rather|instead|prefer\w*|than|avoid\w*|without|unlike|against|versus)\b|n['’]t\b", re.I)
_COUNT = 10
"""Up to this, a count in words without a unit may be the answer's own: "two reasons"."""


def mismatches(claim: QuantityText, passage: QuantityText, *, lowers: bool = False) -> tuple[Mismatch, ...]:
    """Return the claim's quantities that the passage doesn't give; ``lowers`` as for ``same_amount``."""
    units = tuple(Mismatch(one, "unit") for one in claim.quantities if one.is_implied and _has_other_unit(one, passage))
    own = [quantity for quantity in claim.quantities if not (quantity.is_implied or _is_pronoun(quantity))]
    found = (*(one for quantity in own if (one := _mismatch(quantity, claim, passage, lowers=lowers))), *units)
    return found or tuple(_exchanged(own, claim, passage, lowers=lowers))


def _mismatch(quantity: Quantity, claim: QuantityText, passage: QuantityText, *, lowers: bool) -> Mismatch | None:
    given = (
        passage.quantities if _DENIES.search(claim.text) else [one for one in passage.quantities if not one.is_denied]
    )
    found = [other for other in given if same_amount(quantity, other, lowers=lowers)]
    rivals = [
        other
        for other in passage.quantities
        if other not in found and not _is_pronoun(other) and _is_rival(quantity, other)
    ]
    instead = _nearest(quantity, rivals, claim, passage)
    if found:
        return (
            Mismatch(quantity, "elsewhere", instead)
            if _is_of_another(quantity, found, rivals, claim, passage)
            else None
        )
    if _is_own_count(quantity) and _is_in_a_share(quantity, passage):
        return None
    if _is_own_count(quantity):
        is_wrong = _is_counted_otherwise(quantity, rivals, claim, passage)
        return Mismatch(quantity, "number", instead) if is_wrong else None
    if follows_by_arithmetic(quantity, passage.quantities, claim=claim.text) or _is_a_width(quantity, passage):
        return None
    values = [abs(value) for each in passage.quantities for value in each.values if not each.is_implied]
    alike = any(nearly_equal(abs(one), other, EXACT) for one in quantity.values for other in values)
    return Mismatch(quantity, "unit" if alike and quantity.unit else "number", instead)


def _is_in_a_share(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a count is one of the two in a share of the passage: the four in "two of the four"."""
    for share in (one for one in passage.quantities if one.is_share):
        tokens = tokens_of(share.text)
        numerals = [numeral for at in range(len(tokens)) if (numeral := numeral_at(tokens, at))]
        if len(numerals) > 1 and any(quantity.value == one.value for one in numerals):
            return True
    return False


def _nearest(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> Quantity | None:
    """Return the rival that most likely stands for the same as a claim's quantity, None where none does."""
    wanted = context_of(quantity, claim)
    overlaps = [(context_overlap(wanted, context_of(one, passage)), -one.start, one) for one in rivals]
    best = max(overlaps, default=(0.0, 0, None), key=lambda one: one[:2])
    return best[2] if best[0] > 0 or len(rivals) == 1 else None


def _is_a_width(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a tolerance is half of a range that the passage gives."""
    values = [one.value for one in passage.quantities]
    steps = [abs(one - other) / 2 for one, other in itertools.pairwise(values)]
    return quantity.is_tolerance and any(nearly_equal(quantity.value, step, EXACT) for step in steps)


def _exchanged(
    own: Sequence[Quantity], claim: QuantityText, passage: QuantityText, *, lowers: bool
) -> Iterator[Mismatch]:
    """Yield two quantities of a claim that stand for each other's in the passage: 26 front, 28 rear."""
    for one, other in itertools.combinations(own, 2):
        if not _is_rival(one, other) or same_amount(one, other) or _is_a_range(one, other, claim):
            continue
        places = [[each for each in passage.quantities if same_amount(it, each, lowers=lowers)] for it in (one, other)]
        if not all(places):
            continue
        mine, theirs = (context_of(it, claim, other_clause=APART) for it in (one, other))
        first, second = ([context_of(each, passage, other_clause=APART) for each in few] for few in places)
        straight = _most(mine, first) + _most(theirs, second)
        crossed = _most(mine, second) + _most(theirs, first)
        if crossed > straight + CROSSED:
            yield Mismatch(one, "elsewhere", other)
            return


CROSSED = 0.42
"""By how much more two quantities' contexts must fit each other's places than their own: no true pair of 44 had it."""


def _is_a_range(one: Quantity, other: Quantity, text: QuantityText) -> bool:
    between = text.text[one.end : other.start]
    return len(between.split()) <= 1


def _most(context: Mapping[str, float], places: Sequence[Mapping[str, float]]) -> float:
    return max(context_overlap(context, place) for place in places)


def _is_counted_otherwise(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> bool:
    """Say whether a small count or number, which the passage doesn't give, is another one there."""
    label = label_of(quantity, claim)
    if label and any(label_of(one, passage) == label for one in passage.quantities if not one.unit):
        return True
    if quantity.value < 2 or set(quantity.counted) & META or label in META:
        return False
    if any(set(one.counted) & set(quantity.counted) for one in rivals):
        return True
    if quantity.is_tolerance:
        return True
    wanted = context_of(quantity, claim)
    if any(context_overlap(wanted, context_of(one, passage)) >= COUNTED for one in rivals if not one.unit):
        return True
    is_telling = quantity.value > 2 or not quantity.in_words
    return is_telling and not label and bool(set(quantity.counted) & {word.stem for word in passage.words})


COUNTED = 0.8
"""What the contexts of two counts must share to be of the same, where nothing says what is counted."""


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


CLEARLY, FAINTLY = 2.0, 0.45
"""What the context of a rival must share with the claim's, and what that of the quantity found may share at most."""
APART_FROM, HARDLY = 0.95, 0.3
"""The same where the rival is none of the claim's other quantities."""
LIKELY, LESS = 1.2, 0.78
"""The same where only the other quantity has the claim's unit."""


def _is_of_another(
    quantity: Quantity,
    found: Sequence[Quantity],
    rivals: Sequence[Quantity],
    claim: QuantityText,
    passage: QuantityText,
) -> bool:
    """Say whether the passage gives another quantity for what the claim speaks of, and this one for something else."""
    if any(one.is_ordinal for one in found):
        return False
    wanted = context_of(quantity, claim)
    here = _most(wanted, [context_of(one, passage) for one in found])
    there = max((context_overlap(wanted, context_of(one, passage)) for one in rivals), default=0.0)
    others = [one for one in rivals if not any(same_amount(mine, one) for mine in claim.quantities)]
    beside = max((context_overlap(wanted, context_of(one, passage)) for one in others), default=0.0)
    if (
        quantity.unit
        and not any(one.unit or one.others for one in found)
        and beside >= LIKELY
        and here <= LESS * beside
    ):
        return True
    is_small = quantity.in_words and quantity.unit is None and quantity.value <= 2
    is_apart = beside >= APART_FROM and here <= HARDLY * beside and not is_small
    return is_apart or (there >= CLEARLY and here <= FAINTLY * there)


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
    if quantity.per and other.per and quantity.per != other.per:
        return False
    tolerance = ROUNDED if quantity.is_share or other.is_share else EXACT
    pairs = [(abs(one), abs(two)) for one in quantity.values for two in other.values]
    if quantity.unit and other.unit:
        units = (_as_meant(quantity, other.unit), _as_meant(other, quantity.unit))
        return any(_converted(one, units[0], two, units[1], tolerance) for one, two in pairs)
    return any(nearly_equal(one, two, tolerance) for one, two in pairs) or _by_convention(quantity, other, pairs)


def _as_meant(quantity: Quantity, beside: Unit) -> Unit:
    """Return a quantity's unit; "mil" is millilitres beside a volume."""
    unit = quantity.unit or beside
    is_volume = beside.dimension == "volume" and quantity.text.lower().endswith(("mil", "mils"))
    return UNITS["ml"] if is_volume and unit.name in {"mm", "ms"} else unit


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
        if factor >= unit.factor / 1000 and _is_usual(factor / unit.factor)
    )


def _is_usual(share: float) -> bool:
    """Say whether people leave out a unit that is this much of another: ms for s, but no days for weeks."""
    return any(nearly_equal(max(share, 1 / share), usual, EXACT) for usual in (1.0, 10.0, 60.0, 100.0, 1e3, 1e6))


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
