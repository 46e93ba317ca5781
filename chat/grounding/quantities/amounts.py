"""Whether two quantities are the same amount, in whatever units, and as people leave units out."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.grounding.quantities.units import UNITS, Quantity, Unit, is_pronoun, is_year

EXACT, ROUNDED = 0.004, 0.02
"""Relative differences that are none: as written, and of fractions or between unlike units."""
_SIGNED = {"level", "loudness", "celsius", "fahrenheit", "degree", ""}
"""Dimensions in which minus six is not six; a quantity without a unit may be of any of them."""
_ACROSS = {
    ("times", "percent"): (100.0, 0.0, EXACT),
    ("clock", "time"): (1.0, 0.0, EXACT),
    ("ratio", "times"): (1.0, 0.0, EXACT),
    ("celsius", "fahrenheit"): (1.8, 32.0, ROUNDED),
    ("month", "time"): (30.4 * 86400, 0.0, ROUNDED),
    ("sterling", "mass"): (UNITS["lb"].factor, 0.0, EXACT),
    ("bar", "pressure"): (14.504, 0.0, ROUNDED),
    ("bar", "kilopascal"): (100.0, 0.0, ROUNDED),
    ("pressure", "kilopascal"): (6.895, 0.0, ROUNDED),
}
"""How one dimension's base becomes another's: times a factor, plus an offset, within a tolerance."""
_FACTORS: dict[str, set[float]] = {}
for _unit in UNITS.values():
    _FACTORS.setdefault(_unit.dimension, set()).add(_unit.factor)


def same_amount(quantity: Quantity, other: Quantity, *, lowers: bool = False) -> bool:
    """Say whether a claim's quantity is the amount of a passage's; one without a unit may have the other's.

    ``lowers`` says that the claim itself speaks of less ("cut by 6 dB"), so that a minus sign may be left out.
    """
    if not is_comparable(quantity, other, lowers=lowers):
        return False
    dimensions = {one.unit.dimension if one.unit else "" for one in (quantity, other)}
    if "era" in dimensions:
        return _is_of_one_decade(quantity, other) or _is_of_one_age(quantity, other)
    if is_year(quantity) and other.in_words and not other.unit and other.value == quantity.value % CENTURY:
        return True  # "seventy four" for 1974
    if dimensions == {"clock"}:
        return bool({quantity.value, *quantity.others[1:2]} & {other.value, *other.others[1:2]})
    tolerance = ROUNDED if quantity.is_share or other.is_share else EXACT
    pairs = [(abs(one), abs(two)) for one in _values(quantity, other) for two in _values(other, quantity)]
    if _are_of_two_scales(quantity, other):
        pairs = list(itertools.product(quantity.values, other.values))
    if quantity.unit and other.unit:
        units = itertools.product(_meant(quantity, other.unit), _meant(other, quantity.unit))
        return any(_converted(one, mine, two, theirs, tolerance) for mine, theirs in units for one, two in pairs)
    return not _is_share_of_another(quantity, other) and _is_same_without_units(quantity, other, pairs, tolerance)


def _values(quantity: Quantity, other: Quantity) -> Sequence[float]:
    """Return what a quantity may mean beside another: "25 k" is also 25 where that has no unit either."""
    return (quantity.value,) if other.unit and quantity.text.lower().endswith("k") else quantity.values


def _is_same_without_units(
    quantity: Quantity, other: Quantity, pairs: Sequence[tuple[float, float]], tolerance: float
) -> bool:
    """Say whether two quantities, one of them without a unit, are one in number, or in a unit that may be left out."""
    is_percent = UNITS["%"] in (quantity.unit, other.unit) and (quantity.is_share or other.is_share)
    if not is_percent and any(nearly_equal(one, two, tolerance) for one, two in pairs):
        return True
    units_left_out = _with_units_left_out(quantity, other)
    is_left_out = units_left_out is not None and same_amount(*units_left_out)
    return is_left_out or _by_convention(quantity, other, pairs)


def _is_of_one_decade(quantity: Quantity, other: Quantity) -> bool:
    """Say whether a decade is another's, or that of a year: "the seventies", 1976."""
    if not all(is_year(one) or (one.unit and one.unit.dimension == "era") for one in (quantity, other)):
        return False
    has_centuries = min(quantity.value, other.value) >= CENTURY
    years = [one.value if has_centuries else one.value % CENTURY for one in (quantity, other)]
    return years[0] // 10 == years[1] // 10


def _is_of_one_age(quantity: Quantity, other: Quantity) -> bool:
    """Say whether a number is an age in somebody's "twenties"."""
    decade, age = sorted((quantity, other), key=lambda one: one.unit is None)
    return age.unit is None and 20 <= age.value < CENTURY and age.value // 10 == decade.value // 10


CENTURY = 100


def _is_share_of_another(quantity: Quantity, other: Quantity) -> bool:
    """Say whether one is the share of something, and the other a part of a unit: "a quarter of them", of an hour."""
    bare, whole = (other, quantity) if quantity.unit else (quantity, other)
    is_part = whole.unit is not None and whole.is_share and whole.unit.dimension == "time"
    return is_part and bare.is_share and bare.unit is None


def _is_hardly_an_amount(quantity: Quantity, other: Quantity) -> bool:
    """Say whether one is the "one" of speech beside an amount: "one reel", an hour."""
    bare, whole = (other, quantity) if quantity.unit else (quantity, other)
    is_alike = bare.elided and whole.unit and bare.elided.dimension == whole.unit.dimension
    return whole.unit is not None and is_pronoun(bare) and bool(bare.counted) and not is_alike


def is_comparable(quantity: Quantity, other: Quantity, *, lowers: bool = False) -> bool:
    """Say whether two quantities may be one: in sign, in what they are a rate of, and in whether things are counted."""
    if not _signs_agree(quantity, other, lowers=lowers) or _one_is_a_count(quantity, other):
        return False
    if _is_hardly_an_amount(quantity, other):
        return False
    return not (quantity.per and other.per and quantity.per != other.per)


def values_in_unit_of(quantity: Quantity, other: Quantity) -> Iterator[float]:
    """Yield what another quantity comes to in the unit of one, without signs; nothing where it can't be told."""
    first, second = quantity.unit, other.unit
    values = [value if _are_of_two_scales(quantity, other) else abs(value) for value in other.values]
    if first is None or second is None:
        share = {(None, "%"): 0.01, ("%", None): 100.0}
        names = (first.name if first else None, second.name if second else None)
        is_percent = names in share and (quantity.is_share or other.is_share)
        yield from (value * share[names] if is_percent else value for value in values)
        if first and other.text.lower().endswith("k"):
            yield from (value / first.factor for value in values)
        if units_left_out := _with_units_left_out(quantity, other):
            yield from values_in_unit_of(*units_left_out)
        return
    for mine, theirs in itertools.product(_meant(quantity, second), _meant(other, first)):
        factor, offset = _conversion(theirs, mine) or (0.0, 0.0)
        yield from (value * factor + offset for value in values if factor)


def _conversion(unit: Unit, other: Unit) -> tuple[float, float] | None:
    """Return the factor and the offset that bring an amount from one unit to another, None where nothing does."""
    if unit.dimension == other.dimension:
        return unit.factor / other.factor, 0.0
    if known := _ACROSS.get((unit.dimension, other.dimension)):
        return unit.factor * known[0] / other.factor, known[1] / other.factor
    if known := _ACROSS.get((other.dimension, unit.dimension)):
        return unit.factor / known[0] / other.factor, -known[1] / known[0] / other.factor
    return None


def _with_units_left_out(quantity: Quantity, other: Quantity) -> tuple[Quantity, Quantity] | None:
    """Return two quantities of which one has the unit of the amount before it: "two years, and it took three"."""
    bare = other if quantity.unit else quantity
    unit = quantity.unit or other.unit
    if unit is None or bare.elided is None or bare.elided.dimension != unit.dimension:
        return None
    whole = replace(bare, unit=bare.elided, elided=None)
    return (quantity, whole) if quantity.unit else (whole, other)


def _meant(quantity: Quantity, beside: Unit) -> tuple[Unit, ...]:
    """Return what a unit may be beside another: "mil" is millilitres beside a volume, degrees are of either scale."""
    unit = quantity.unit or beside
    if beside.dimension == "volume" and quantity.text.lower().endswith(("mil", "mils")) and unit.name in {"mm", "ms"}:
        return (UNITS["ml"],)
    if unit.dimension == "degree" and beside.dimension in {"celsius", "fahrenheit"}:
        return UNITS["celsius"], UNITS["fahrenheit"]
    return (unit,)


def _signs_agree(quantity: Quantity, other: Quantity, *, lowers: bool) -> bool:
    dimensions = {one.unit.dimension if one.unit else "" for one in (quantity, other)}
    if not dimensions & _SIGNED or quantity.sign == other.sign or _are_of_two_scales(quantity, other):
        return True
    if quantity.sign and other.sign:
        return False
    return lowers or quantity.sign > 0 or other.sign >= 0


def _are_of_two_scales(quantity: Quantity, other: Quantity) -> bool:
    """Say whether one is in Celsius and the other in Fahrenheit, so that minus two may be plus 28."""
    return {one.unit.dimension if one.unit else "" for one in (quantity, other)} == {"celsius", "fahrenheit"}


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
    if (
        unit
        and unit.name == "month"
        and any(one.unit is None and one.text.endswith("quarter") for one in (quantity, other))
    ):
        return (quantity if quantity.unit else other).value == QUARTER
    if unit is None or ((quantity.is_share or other.is_share) and unit.dimension not in {"percent", "times"}):
        return False
    with_unit, bare = (0, 1) if quantity.unit else (1, 0)
    without = other if quantity.unit else quantity
    is_named = (
        bool(without.counted) and without.value <= FEW and unit.dimension in {"time", "month"} and unit.name != "ms"
    )
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
        if factor >= unit.factor / 1000 and _is_usual(factor / unit.factor) and (factor == unit.factor or not is_named)
    )


FEW = 10
"""Up to this, a number with a word behind it is one of those rather than an amount whose unit was left out."""
QUARTER = 3
"""Months in a quarter of a year, which is said without the year."""


def _is_usual(share: float) -> bool:
    """Say whether people leave out a unit that is this much of another: ms for s, but no days for weeks."""
    return any(nearly_equal(max(share, 1 / share), usual, EXACT) for usual in (1.0, 10.0, 60.0, 100.0, 1e3, 1e6))


def nearly_equal(one: float, other: float, tolerance: float) -> bool:
    """Say whether two amounts differ by at most ``tolerance`` of the larger; exactly, whole numbers must be equal."""
    if one.is_integer() and other.is_integer() and tolerance == EXACT:
        return one == other
    # A number of more than 308 digits is infinite: it would be close to any other.
    return one == other or abs(one - other) <= tolerance * max(abs(one), abs(other)) < math.inf
