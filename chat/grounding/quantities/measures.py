"""The unit after a number, the rest of "two minutes twenty", and what a number without a unit counts."""

from collections.abc import Sequence

from chat.grounding.quantities.numerals import SHARES, Numeral, numeral_at
from chat.grounding.quantities.tokens import Piece
from chat.grounding.quantities.units import SPOKEN, UNITS, Unit
from chat.grounding.verification.english import FUNCTION

_LONGEST = max(map(len, SPOKEN))
_AFTER_DIGITS = frozenset('" st k m s l t g b h a v w in mil mils ks x ′ ″'.split())
"""Spellings that need digits before them: "3k", "10 m", but not "two s"."""
_GLUED = frozenset("b a t in".split())
"""Those that must stand right after the digits: "3 in" is no three inches."""


def unit_after(pieces: Sequence[Piece], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a piece, or after the hyphen or ordinal ending there, and where it stops."""
    if at < len(pieces) and pieces[at].text in {"-", "th", "nd", "rd"} and pieces[at].glued:
        unit, stop = unit_at(pieces, at + 1, in_digits=in_digits)
        return (unit, stop) if unit else (None, at + (pieces[at].text != "-"))
    return unit_at(pieces, at, in_digits=in_digits)


def unit_at(pieces: Sequence[Piece], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a piece and where it stops; ``in_digits`` says how its number is written."""
    for length in range(min(_LONGEST, len(pieces) - at), 1, -1):
        if spoken := SPOKEN.get(tuple(piece.text for piece in pieces[at : at + length])):
            return UNITS[spoken], at + length
    word = pieces[at].text if at < len(pieces) else ""
    is_apart = word in _GLUED and not pieces[at].glued
    if word == "k" or (word in UNITS and not is_apart and (in_digits or word not in _AFTER_DIGITS)):
        return UNITS[word], at + 1
    return None, at


def share_of_unit(pieces: Sequence[Piece], numeral: Numeral) -> tuple[Unit | None, int] | None:
    """Return the unit of "half a second", "a quarter of an hour"."""
    at = numeral.stop
    if at < len(pieces) and pieces[at].text == "of":
        at += 1
    elif not numeral.is_share:
        return None
    if at + 1 < len(pieces) and pieces[at].text in {"a", "an"} and pieces[at + 1].text in UNITS:
        return UNITS[pieces[at + 1].text], at + 2
    return None


def rest_after(pieces: Sequence[Piece], at: int, unit: Unit) -> tuple[float, int] | None:
    """Return the rest of "two minutes twenty", as a share of the minute or hour, and where it stops."""
    smaller = {"min": "s", "h": "min"}.get(unit.name)
    at += at < len(pieces) and pieces[at].text == "and"
    more = numeral_at(pieces, at) if smaller and at < len(pieces) else None
    if more is None or not 0 < more.value < 60 or more.is_share:
        return None
    own, stop = unit_at(pieces, more.stop, in_digits=not more.in_words)
    if own is None:
        # "two minutes, twenty people"
        return None if counted_after(pieces, more.stop) else (more.value / 60, more.stop)
    return (more.value / 60, stop) if own.name == smaller else None


def and_a_half(pieces: Sequence[Piece], at: int) -> float:
    """Return the share in "and a half", 0 where there is none."""
    words = [piece.text for piece in pieces[at : at + 3]]
    return 1 / SHARES[words[2]] if words[:2] == ["and", "a"] and words[2:] and words[2] in SHARES else 0.0


def counted_after(pieces: Sequence[Piece], at: int) -> tuple[str, ...]:
    """Return the words after a number, up to three, that may name what it counts."""
    words: list[str] = []
    at += at < len(pieces) and pieces[at].text == "-"
    for piece in pieces[at : at + 3]:
        if not piece.text[0].isalpha() or piece.text in FUNCTION:
            break
        words.append(piece.text)
    return tuple(words)
