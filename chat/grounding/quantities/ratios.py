"""Figures of two numbers: ratios, and times of day or of a player."""

from collections.abc import Sequence
from dataclasses import replace

from chat.grounding.quantities.making import made
from chat.grounding.quantities.measures import unit_after
from chat.grounding.quantities.numerals import SHARES, Numeral, numeral_at
from chat.grounding.quantities.tokens import Piece
from chat.grounding.quantities.units import UNITS, Unit
from chat.grounding.quantities.values import Figure

CLOCK, RATIO = Unit("clock", "clock"), UNITS["ratio"]
_NAMES = frozenset("ratio ratios compression".split())


def ratio_at(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return "3:1", "three to one", "4-to-1", or the time that "12:34" is."""
    first = numeral_at(pieces, at)
    if first is None:
        return None
    if figure := _parts(text, pieces, first):
        return figure
    joint = first.stop + (_word(pieces, first.stop) == "-")
    begin = joint + 1 + (_word(pieces, joint + 1) == "-")
    is_joined = _word(pieces, joint) in {":", "to"} and begin < len(pieces)
    second = numeral_at(pieces, begin) if is_joined else None
    if second is None or not second.value:
        return None
    has_colon = _word(pieces, joint) == ":"
    if has_colon and len(pieces[begin].text) == 2:
        return _clock(text, pieces, at, second.stop, first.value, second.value), second.stop
    unit, _ = unit_after(pieces, second.stop, in_digits=not second.in_words)
    is_named = any(piece.text in _NAMES for piece in pieces[second.stop : second.stop + 2])
    if not (has_colon or is_named or (second.value == 1 and first.value > 1 and unit is None)):
        return None
    return made(text, pieces, at, second.stop, first.value / second.value, RATIO), second.stop


def time_at(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return the time in "half past five", "ten past two", "quarter to nine"."""
    skip = pieces[at].text == "a"
    word = pieces[at + skip].text if at + skip < len(pieces) else ""
    first = None if word in SHARES else numeral_at(pieces, at)
    minutes = 60 / SHARES[word] if word in {"half", "quarter"} else first.value if first else 0.0
    joint = first.stop if first else at + skip + 1
    if not 0 < minutes < 60 or joint + 1 >= len(pieces) or pieces[joint].text not in {"past", "to"}:
        return None
    hour = numeral_at(pieces, joint + 1)
    is_told = pieces[joint].text == "past" or word == "quarter"
    if hour is None or not is_told or not 1 <= hour.value <= 12 or hour.value != int(hour.value):
        return None
    sign = 1 if pieces[joint].text == "past" else -1
    total = hour.value * 60 + sign * minutes
    return _clock(text, pieces, at, hour.stop, total // 60, total % 60), hour.stop


def _parts(text: str, pieces: Sequence[Piece], first: Numeral) -> tuple[Figure, int] | None:
    """Return the ratio in "thirty parts of carbon to one of nitrogen"."""
    if first.stop >= len(pieces) or pieces[first.stop].text not in {"part", "parts"}:
        return None
    for at in range(first.stop + 1, min(first.stop + 5, len(pieces) - 1)):
        if pieces[at].text == "to" and (second := numeral_at(pieces, at + 1)) and second.value:
            return made(text, pieces, first.first, second.stop, first.value / second.value, RATIO), second.stop
    return None


def _clock(text: str, pieces: Sequence[Piece], first: int, stop: int, hour: float, minute: float) -> Figure:
    """Return a time of day, or of a player: "1:35" may be said as "one thirty five", and 14:10 as ten past two."""
    time = made(text, pieces, first, stop, hour * 60 + minute, CLOCK)
    twelve = hour + 12 if hour <= 12 else hour - 12
    return replace(time, others=(hour * 100 + minute, twelve * 60 + minute))


def _word(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at].text if at < len(pieces) else ""
