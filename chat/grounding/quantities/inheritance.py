"""What a quantity takes from the words around it: its unit, tolerance, rate, and how loosely it is meant."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from chat.grounding.quantities.numerals import QuantityToken
from chat.grounding.quantities.units import Quantity

JOINTS = frozenset("to by or and - – , through maybe until / till versus vs".split())
_OWN = frozenset({"ratio", "clock", "date", "times"})
"""Dimensions whose unit belongs to one quantity alone."""


def inherit_units(quantities: Iterable[Quantity], tokens: Sequence[QuantityToken]) -> list[Quantity]:
    """Propagate units: in "two to three dB", 2 inherits dB; in "2 dB to 3", 3 does. Marks denied quantities too."""
    found = list(quantities)
    for place in range(len(found) - 2, -1, -1):
        own, following = found[place], found[place + 1]
        between = _between(own, following, tokens)
        may_share = own.unit is None and not own.is_share and following.unit and following.unit.dimension not in _OWN
        if may_share and 0 < len(between) <= 2 and JOINTS.issuperset(between):
            found[place] = replace(own, unit=following.unit, is_shared=True)
    for place in range(1, len(found)):
        own, before = found[place], found[place - 1]
        between = _between(before, own, tokens)
        # A time of day is in minutes, which the 9 of "6 pm to 9" is not.
        may_share = own.unit is None and before.unit and before.unit.dimension != "clock" and not own.counted
        if may_share and 0 < len(between) <= 3 and between[-1] == "to":
            found[place] = replace(own, unit=before.unit, is_shared=True)
    for place in range(len(found) - 1):
        if _is_retracted(found[place], found[place + 1], tokens):
            found[place] = replace(found[place], is_retracted=True)
    for place in range(1, len(found)):
        if _is_tolerance(found[place], tokens):
            found[place - 1 : place + 1] = _with_tolerance(found[place - 1], found[place])
    return [_read_around(one, found[max(0, place - NEIGHBOURS) : place], tokens) for place, one in enumerate(found)]


def _is_retracted(quantity: Quantity, following: Quantity, tokens: Sequence[QuantityToken]) -> bool:
    """Say whether the speaker takes a quantity back and gives another: "four, no sorry, five metres"."""
    between = [word for word in _between(quantity, following, tokens) if word[0].isalpha()]
    is_alike = not (quantity.unit and following.unit) or quantity.unit.dimension == following.unit.dimension
    return is_alike and not _TAKES_BACK.isdisjoint(between) and _CORRECTING.issuperset(between)


_TAKES_BACK = frozenset("no sorry wait lie correction".split())
_CORRECTING = _TAKES_BACK | frozenset(
    "i mean tell a it's it was is that's actually hang on make that call about um uh rather so more like now of".split()
)
"""Words between a quantity and the one that is put in its place, of which one must take it back."""


def _is_tolerance(quantity: Quantity, tokens: Sequence[QuantityToken]) -> bool:
    """Say whether a quantity is what another one may be off by: "± 1", "plus or minus one", "give or take two"."""
    at = _at(tokens, quantity.start)
    before = " ".join(token.text for token in tokens[max(0, at - 3) : at])
    is_signed = quantity.text.lower().startswith("minus") and before.endswith("plus or")
    return is_signed or before.endswith(("±", "+ / -", "+ -", "plus or minus", "plus minus", "give or take"))


def _with_tolerance(quantity: Quantity, off: Quantity) -> tuple[Quantity, Quantity]:
    """Return a quantity with its bounds beside its value, and its tolerance."""
    bounds = (quantity.value - abs(off.value), quantity.value + abs(off.value))
    unit = off.unit or quantity.unit
    wide = replace(quantity, others=(*quantity.others, *bounds), unit=quantity.unit or off.unit, counted=())
    return wide, replace(off, value=abs(off.value), sign=0, unit=unit, is_tolerance=True)


def _read_around(quantity: Quantity, before: Sequence[Quantity], tokens: Sequence[QuantityToken]) -> Quantity:
    """Return a quantity with what stands around it: whether it is denied, of what it is a rate, of which scale."""
    marked = replace(quantity, is_denied=_is_denied(quantity, tokens), per=_per(quantity, tokens))
    near, around = ([one for one in before if quantity.start - one.end < reach] for reach in (NEAR_BY, FAR_BY))
    if quantity.unit is None and not (
        quantity.is_count or quantity.is_share or quantity.is_ordinal or quantity.is_implied
    ):
        units = (one.unit for one in reversed(near) if one.unit and one.unit.dimension not in _OWN)
        marked = replace(marked, elided=next(units, None))
    is_round = any(one.in_words and one.value >= SCALED and one.value % SCALED == 0 for one in around)
    is_small = quantity.in_words and not (quantity.unit or quantity.is_count) and 1 < quantity.value < SCALED
    if is_round and is_small:
        # "four thousand kilometres and the oiled one two and a half"
        return replace(marked, others=(*marked.others, quantity.value * SCALED))
    return marked


SCALED, NEAR_BY, FAR_BY, NEIGHBOURS = 1000, 60, 100, 3
"""What "thousand" multiplies by; the characters behind a unit, and behind it, within which each may be left out, and
the quantities between."""
_RATES = {
    word: words.split()[0]
    for words in """
    second s sec|minute min mins|hour h hr|day|week|month|year|km kilometre kilometer|mile mi|metre meter
    |kg kilo kilogram|litre liter l|note|beat|bar|session|person head|turn|plant|track|octave|pound lb|gram
    """.split("|")
    for word in words.split()
}


def _per(quantity: Quantity, tokens: Sequence[QuantityToken]) -> str:
    """Return what a rate is of: "an hour", "per km", "a week", "/min"; "" where it is none."""
    at = _at(tokens, quantity.start)
    before = [token.text for token in tokens[max(0, at - 2) : at]]
    if len(before) == 2 and before[0] in {"every", "each"} and before[1] in _RATES:
        return _RATES[before[1]]
    at = _at(tokens, quantity.end)
    ahead = [token.text for token in tokens[at : at + 5]]
    for place, word in enumerate(ahead[:-1]):
        if word in {"per", "every"} or (place < 2 and word in {"a", "an", "each", "/"}):
            return _RATES.get(ahead[place + 1], "")
    return ""


def _between(one: Quantity, other: Quantity, tokens: Sequence[QuantityToken]) -> list[str]:
    return [token.text for token in tokens[_at(tokens, one.end) : _at(tokens, other.start)]]


def _is_denied(quantity: Quantity, tokens: Sequence[QuantityToken]) -> bool:
    at = _at(tokens, quantity.start)
    before = [token.text for token in tokens[max(0, at - 2) : at]]
    return before[-1:] == ["not"] or before in (["rather", "than"], ["instead", "of"])


def _at(tokens: Sequence[QuantityToken], offset: int) -> int:
    """Return the first token that begins at an offset or after it."""
    return bisect_left(tokens, offset, key=lambda token: token.start)
