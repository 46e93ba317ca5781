"""What figures take from their neighbours: the unit of "two to three dB", the "not" of "not twelve"."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chat.grounding.quantities.tokens import Piece
from chat.grounding.quantities.values import Figure

JOINTS = frozenset("to by or and - – , through maybe until / till versus vs".split())
_OWN = frozenset({"ratio", "clock", "date", "times"})
"""Dimensions whose unit belongs to one figure alone."""


def joined(figures: Iterable[Figure], pieces: Sequence[Piece]) -> list[Figure]:
    """Return the figures, those without a unit with that of the one they are joined to."""
    found = list(figures)
    for place in range(len(found) - 2, -1, -1):
        own, following = found[place], found[place + 1]
        between = _between(own, following, pieces)
        may_share = own.unit is None and not own.is_share and following.unit and following.unit.dimension not in _OWN
        if may_share and 0 < len(between) <= 2 and JOINTS.issuperset(between):
            found[place] = replace(own, unit=following.unit, is_shared=True)
    for place in range(1, len(found)):
        own, before = found[place], found[place - 1]
        between = _between(before, own, pieces)
        may_share = own.unit is None and before.unit and not own.counted
        if may_share and 0 < len(between) <= 3 and between[-1] == "to":
            found[place] = replace(own, unit=before.unit, is_shared=True)
    return [replace(one, is_denied=_is_denied(one, pieces)) for one in found]


def _between(one: Figure, other: Figure, pieces: Sequence[Piece]) -> list[str]:
    return [piece.text for piece in pieces[_at(pieces, one.end) : _at(pieces, other.start)]]


def _is_denied(figure: Figure, pieces: Sequence[Piece]) -> bool:
    at = _at(pieces, figure.start)
    before = [piece.text for piece in pieces[max(0, at - 2) : at]]
    return before[-1:] == ["not"] or before in (["rather", "than"], ["instead", "of"])


def _at(pieces: Sequence[Piece], offset: int) -> int:
    """Return the first piece that begins at an offset or after it."""
    return bisect_left(pieces, offset, key=lambda piece: piece.start)
