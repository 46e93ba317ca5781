"""Whether two quantities are the same amount, in whatever units, and as people leave units out."""

from collections.abc import Sequence

from chat.grounding.quantities.units import UNITS, Quantity, Unit

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
    if (
        unit
        and unit.name == "month"
        and any(one.unit is None and one.text.endswith("quarter") for one in (quantity, other))
    ):
        return (quantity if quantity.unit else other).value == QUARTER
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


QUARTER = 3
"""Months in a quarter of a year, which is said without the year."""


def _is_usual(share: float) -> bool:
    """Say whether people leave out a unit that is this much of another: ms for s, but no days for weeks."""
    return any(nearly_equal(max(share, 1 / share), usual, EXACT) for usual in (1.0, 10.0, 60.0, 100.0, 1e3, 1e6))


def nearly_equal(one: float, other: float, tolerance: float) -> bool:
    """Say whether two amounts differ by at most ``tolerance`` of the larger; exactly, whole numbers must be equal."""
    if one.is_integer() and other.is_integer() and tolerance == EXACT:
        return one == other
    return abs(one - other) <= tolerance * max(abs(one), abs(other))
