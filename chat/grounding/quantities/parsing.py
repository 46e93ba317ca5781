"""Figures that are no number before a unit: multiples, months, ordinals, "an hour", "nine of ten"."""

from collections.abc import Sequence
from dataclasses import replace

from chat.grounding.quantities.making import made
from chat.grounding.quantities.measures import and_a_half, rest_after, unit_after, unit_at
from chat.grounding.quantities.numerals import numeral_at
from chat.grounding.quantities.ratios import ratio_at, time_at
from chat.grounding.quantities.tokens import Piece
from chat.grounding.quantities.units import MONTHS, UNITS, Unit
from chat.grounding.quantities.values import Figure

MONTH, TIMES = Unit("month of the year", "date"), UNITS["x"]
MULTIPLES = {
    word: value
    for value, words in (
        (2.0, "twice double doubles doubled doubling"),
        (3.0, "thrice triple triples tripled tripling"),
        (4.0, "quadruple quadrupled"),
    )
    for word in words.split()
}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        3,
    )
} | {"thirtieth": 30}
_ALSO_WORDS = frozenset("may march mar sep dec".split())
"""Names of months that are words as well."""
_ONE = frozenset("hour day week month octave semitone decade".split())
"""Units of which "an hour" is one for certain; "a second" and "a bit" rarely mean a figure."""
_WHOLE = frozenset("full whole good solid single".split())


def special_at(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return such a figure that begins at a piece, and where it stops."""
    word = pieces[at].text
    if word in MULTIPLES:
        return made(text, pieces, at, at + 1, MULTIPLES[word], TIMES, in_words=True), at + 1
    if word in MONTHS and _is_date(pieces, at):
        return made(text, pieces, at, at + 1, float(MONTHS[word]), MONTH, in_words=True), at + 1
    if word in ORDINALS:
        ordinal = made(text, pieces, at, at + 1, float(ORDINALS[word]), None, in_words=True)
        return replace(ordinal, is_ordinal=True, is_implied=True), at + 1
    for read in (time_at, _one_at, _out_of, ratio_at):
        if found := read(text, pieces, at):
            return found
    return None


def _one_at(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return "an hour", "a full minute", "a minute ten"."""
    if pieces[at].text not in {"a", "an"} or at + 1 >= len(pieces) or len(pieces[at + 1].text) < 2:
        return None
    named = at + 1 + (pieces[at + 1].text in _WHOLE)
    unit, stop = unit_at(pieces, named, in_digits=False)
    if unit is None or unit.name == "k":
        return None
    if rest := rest_after(pieces, stop, unit):
        return made(text, pieces, at, rest[1], 1 + rest[0], unit, in_words=True), rest[1]
    share = and_a_half(pieces, stop)
    stop += 3 * bool(share)
    before = pieces[at - 1].text if at else ""
    is_rate = before in MULTIPLES or before in UNITS or before in {"times", "once"}
    is_implied = is_rate or (not share and pieces[named].text not in _ONE)
    return replace(made(text, pieces, at, stop, 1 + share, unit, in_words=True), is_implied=is_implied), stop


def _out_of(text: str, pieces: Sequence[Piece], at: int) -> tuple[Figure, int] | None:
    """Return the share in "nine of ten", "three out of four"."""
    first = numeral_at(pieces, at)
    if first is None or first.is_share:
        return None
    words = [piece.text for piece in pieces[first.stop : first.stop + 3]]
    skip = 1 if words[:1] in (["of"], ["in"]) else 2 if words[:2] == ["out", "of"] else 0
    skip += bool(skip) and words[skip : skip + 1] == ["the"]
    second = numeral_at(pieces, first.stop + skip) if skip and first.stop + skip < len(pieces) else None
    if second is None or not first.value < second.value <= 1000 or first.others or second.others:
        return None
    if unit_after(pieces, second.stop, in_digits=True)[0]:
        return None
    share = made(text, pieces, at, second.stop, first.value / second.value, None, in_words=first.in_words)
    return replace(share, is_share=True), second.stop


def _is_date(pieces: Sequence[Piece], at: int) -> bool:
    """Say whether a month's name is one: "may" and "march" only beside a number."""
    before = [piece.text for piece in pieces[max(0, at - 3) : at] if piece.text not in {"of", "th", "st", "nd", "rd"}]
    near = [*before[-1:], *(piece.text for piece in pieces[at + 1 : at + 2])]
    is_dated = any(word[0].isdigit() or word in ORDINALS or word in {"first", "second"} for word in near)
    return is_dated or pieces[at].text not in _ALSO_WORDS
