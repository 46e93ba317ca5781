"""Bases: what a quantity comes to in the base of what it measures, and what two of them have in common."""

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from chat.grounding.quantities.units import Quantity


def factor_of(quantity: Quantity) -> float:
    """Return how many of its base a quantity's unit is."""
    return quantity.unit.factor if quantity.unit else 1.0


def base_beside(quantity: Quantity, other: Quantity) -> float:
    """Return an amount in its base; without a unit it has that of the amount before it, or of the one beside it."""
    unit = quantity.unit or (quantity.elided if other.unit else None) or other.unit
    return abs(quantity.value) * (unit.factor if unit else 1.0)


def may_be_one(quantity: Quantity, other: Quantity) -> bool:
    """Say whether two quantities may measure the same; one without a unit may measure anything."""
    return other.unit is None or quantity.unit is None or dimension_of(quantity) == dimension_of(other)


def dimension_of(quantity: Quantity) -> str:
    """Return what a quantity measures; points, of which only differences are told, measure what percents do."""
    dimension = quantity.unit.dimension if quantity.unit else ""
    return "percent" if dimension == "point" else dimension


def base_of(quantity: Quantity) -> float:
    """Return a quantity in its base."""
    return quantity.value * factor_of(quantity)


def ascending(values: Iterable[float]) -> tuple[float, ...]:
    """Return numbers in order, without what is none."""
    return tuple(sorted(value for value in values if not math.isnan(value)))


def has_within(values: Sequence[float], low: float, high: float) -> bool:
    """Say whether one of some numbers, which are in order, lies between two others."""
    at = bisect_left(values, low)
    return at < len(values) and values[at] <= high
