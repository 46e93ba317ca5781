"""Making a figure of the pieces that it stands in."""

from collections.abc import Sequence

from chat.grounding.quantities.tokens import Piece
from chat.grounding.quantities.units import Unit
from chat.grounding.quantities.values import Figure


def made(
    text: str,
    pieces: Sequence[Piece],
    first: int,
    stop: int,
    value: float,
    unit: Unit | None,
    *,
    in_words: bool = False,
) -> Figure:
    """Return the figure that stands from one piece up to another."""
    start, end = pieces[first].start, pieces[stop - 1].end
    return Figure(value=value, unit=unit, start=start, end=end, text=text[start:end], in_words=in_words)
