"""Reading the figures of a text: numbers with their signs and units, and all that is written in other ways."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chat.grounding.quantities.joining import joined
from chat.grounding.quantities.making import made
from chat.grounding.quantities.measures import and_a_half, counted_after, rest_after, share_of_unit, unit_after
from chat.grounding.quantities.numerals import Numeral, numeral_at
from chat.grounding.quantities.parsing import special_at
from chat.grounding.quantities.tokens import Piece, pieces_of
from chat.grounding.quantities.units import UNITS, Unit
from chat.grounding.quantities.values import Figure
from chat.grounding.words import stem

NOTE = UNITS["note"]
_ENDINGS = frozenset({"th", "nd", "rd", "st"})
_CURRENCIES = frozenset("$€£")
_NO_PLURALS = frozenset(
    """
    plus minus bass bus gas lens yes us chorus bonus focus canvas across besides towards series glass class less
    press loss pass cross mass makes sounds works feels looks means gives takes seems comes
    """.split()
)


def figures_in(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order."""
    pieces = pieces_of(text)
    return tuple(joined(_at_places(text, pieces), pieces))


def _at_places(text: str, pieces: Sequence[Piece]) -> Iterator[Figure]:
    at = 0
    while at < len(pieces):
        found = special_at(text, pieces, at) or _plain(text, pieces, at)
        if found:
            yield found[0]
        at = max(found[1] if found else 0, at + 1)


def _plain(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    numeral = numeral_at(pieces, at)
    if numeral is None:
        return None
    sign, first = _sign(pieces, at)
    if at and pieces[at - 1].text in _CURRENCIES:
        first = at - 1
    value, unit, stop = _measured(pieces, numeral)
    ending = pieces[numeral.stop].text if numeral.stop < len(pieces) else ""
    counted = counted_after(pieces, stop) if unit is None else ()
    figure = made(text, pieces, first, stop, value * (sign or 1), unit, in_words=numeral.in_words)
    return replace(
        figure,
        sign=sign,
        others=numeral.others,
        is_share=numeral.is_share,
        is_ordinal=unit is None and ending in _ENDINGS,
        counted=tuple(map(stem, counted)),
        is_count=any(word.endswith("s") and word not in _NO_PLURALS for word in counted),
    ), stop


def _measured(pieces: Sequence[Piece], numeral: Numeral) -> tuple[float, Unit | None, int]:
    """Return the value of a number with its unit, and where that stops."""
    value = numeral.value
    unit, stop = unit_after(pieces, numeral.stop, in_digits=not numeral.in_words or value > 9)
    before = pieces[numeral.first - 1].text if numeral.first else ""
    if before in _CURRENCIES:
        return value, UNITS[before], stop
    if unit is None:
        unit, stop = share_of_unit(pieces, numeral) or (None, stop)
    if unit is NOTE and value >= 1:
        # The 16th note is a sixteenth of one; a scale of five notes counts them.
        is_part = pieces[numeral.stop].text in _ENDINGS
        return (1 / value, unit, stop) if is_part else (value, None, numeral.stop)
    if unit and unit.name == "k":
        unit, stop = unit_after(pieces, stop, in_digits=False)
        value *= 1000
    if unit and (share := and_a_half(pieces, stop)):
        return value + share, unit, stop + 3
    if unit and (rest := rest_after(pieces, stop, unit)):
        return value + rest[0], unit, rest[1]
    return value, unit, stop


def _sign(pieces: Sequence[Piece], at: int) -> tuple[int, int]:
    before = pieces[at - 1] if at else None
    if before is None:
        return 0, at
    if before.text in {"minus", "negative"}:
        return -1, at - 1
    if before.text in {"+", "plus"}:
        return 1, at - 1
    opens = at < 2 or not before.glued or pieces[at - 2].text in '([~≈"'
    is_minus = before.text in {"-", "–"} and pieces[at].glued and opens
    return (-1, at - 1) if is_minus else (0, at)
