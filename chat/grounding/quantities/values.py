"""A figure: a number in a text with its unit."""

from dataclasses import dataclass

from chat.grounding.quantities.units import Unit


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, and the words it stands in, from ``start`` to ``end``.

    ``sign`` is -1 or 1 where one is given, else 0, and ``value`` has it. ``others`` is what the same words may mean as
    well. ``is_shared`` says that the unit stands with a later figure: "two to three dB". ``in_words`` marks what is not
    written in digits. ``counted`` are the words after a number without a unit, stemmed, and ``is_count`` says that one
    of them is a plural: things are counted. ``is_implied`` marks "a millimetre", ``is_ordinal`` "the third",
    ``is_denied`` "not twelve".
    """

    value: float
    unit: Unit | None
    start: int
    end: int
    text: str
    sign: int = 0
    others: tuple[float, ...] = ()
    is_share: bool = False
    is_shared: bool = False
    in_words: bool = False
    counted: tuple[str, ...] = ()
    is_count: bool = False
    is_implied: bool = False
    is_ordinal: bool = False
    is_denied: bool = False

    @property
    def values(self) -> tuple[float, ...]:
        """All that it may mean, the likeliest first."""
        return (self.value, *self.others)
