"""The figures of a text: numbers with their units, so that two texts can be compared by them."""

import re
from typing import NamedTuple

_UNITS = (
    r"%|percent|[°º][CF]?|(?:milli|micro|nano|kilo|mega|giga)?(?:seconds?|met(?:er|re)s?|grams?|lit(?:er|re)s?|hertz|bytes?)"
    r"|minutes?|hours?|days?|weeks?|months?|years?|times|x|min|sec|[kKMGTmµnc]?(?:Hz|m|g|s|W|V|A|B|L|dB|Pa|bit)"
)
_FIGURE = re.compile(
    rf"(?<![\w.])(?P<sign>[-−+]?)(?P<value>[0-9]{{1,15}}(?:\.[0-9]{{1,15}})?)(?:[\s-]?(?P<unit>{_UNITS})(?!\w))?"
)


class Figure(NamedTuple):
    """A number, the unit behind it ("" without one), and both as they are written."""

    value: float
    unit: str
    text: str


def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order."""
    return tuple(_figure(match) for match in _FIGURE.finditer(text))


def _figure(match: re.Match[str]) -> Figure:
    value = float(match["value"])
    return Figure(-value if match["sign"] in ("-", "−") else value, match["unit"] or "", match.group())
