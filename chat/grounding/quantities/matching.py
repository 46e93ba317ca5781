"""Whether two figures are the same amount, in whatever unit and way of writing."""

from collections.abc import Sequence

from chat.grounding.quantities.units import UNITS, Unit
from chat.grounding.quantities.values import Figure

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
