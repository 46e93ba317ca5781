"""Measures: the units that stand behind numbers, and what is counted where there is none."""

from collections.abc import Sequence

from chat.grounding.quantities.numerals import SHARES, Numeral, QuantityToken, numeral_at
from chat.grounding.quantities.units import SPOKEN, UNITS, Unit
from chat.grounding.vocabulary import BREAKS, FUNCTION

_LONGEST = max(map(len, SPOKEN))
_AFTER_DIGITS = frozenset('" st k m s l t g b h a v w in mil mils ks x ′ ″'.split())
"""Spellings that need digits before them: "3k", "10 m", but not "two s"."""
_GLUED = frozenset("b a t in".split())
"""Those that must stand right after the digits: "3 in" is no three inches."""


def unit_after(tokens: Sequence[QuantityToken], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a token, or after the hyphen or ordinal ending there, and where it stops."""
    if at < len(tokens) and tokens[at].text in {"-", "th", "nd", "rd"} and tokens[at].glued:
        unit, stop = unit_at(tokens, at + 1, in_digits=in_digits)
        return (unit, stop) if unit else (None, at + (tokens[at].text != "-"))
    return unit_at(tokens, at, in_digits=in_digits)


def unit_at(tokens: Sequence[QuantityToken], at: int, *, in_digits: bool) -> tuple[Unit | None, int]:
    """Return the unit that begins at a token and where it stops; ``in_digits`` says how its number is written."""
    for length in range(min(_LONGEST, len(tokens) - at), 1, -1):
        if spoken := SPOKEN.get(tuple(token.text for token in tokens[at : at + length])):
            return UNITS[spoken], at + length
    word = tokens[at].text if at < len(tokens) else ""
    is_apart = word in _GLUED and not tokens[at].glued
    if word == "k" or (word in UNITS and not is_apart and (in_digits or word not in _AFTER_DIGITS)):
        return UNITS[word], at + 1
    return None, at


def share_of_unit(tokens: Sequence[QuantityToken], numeral: Numeral) -> tuple[Unit | None, int] | None:
    """Return the unit of "half a second", "a quarter of an hour"."""
    at = numeral.stop
    if at < len(tokens) and tokens[at].text == "of":
        at += 1
    elif not numeral.is_share:
        return None
    if at + 1 < len(tokens) and tokens[at].text in {"a", "an"} and tokens[at + 1].text in UNITS:
        return UNITS[tokens[at + 1].text], at + 2
    return None


def rest_after(tokens: Sequence[QuantityToken], at: int, unit: Unit) -> tuple[float, int] | None:
    """Return the rest of "two minutes twenty", as a share of the minute or hour, and where it stops."""
    smaller = {"min": "s", "h": "min"}.get(unit.name)
    at += at < len(tokens) and tokens[at].text == "and"
    more = numeral_at(tokens, at) if smaller and at < len(tokens) else None
    if more is None or not 0 < more.value < 60 or more.is_share:
        return None
    own, stop = unit_at(tokens, more.stop, in_digits=not more.in_words)
    if own is None:
        # "two minutes, twenty people"
        counted = counted_after(tokens, more.stop)
        is_all = tuple(token.text for token in tokens[more.stop : more.stop + 2]) in _IN_ALL
        return None if is_all or (counted and counted[0] not in _LENGTHS) else (more.value / 60, more.stop)
    return (more.value / 60, stop) if own.name == smaller else None


_LENGTHS = frozenset("long each total exactly later apart flat".split())
"""Words behind "three minutes fifty" that it doesn't count."""
_IN_ALL = {("in", "total"), ("in", "all")}
"""Words behind a number that is the sum of those before it: "two minutes, seven in total"."""


def and_a_half(tokens: Sequence[QuantityToken], at: int) -> float:
    """Return the share in "and a half", 0 where there is none."""
    words = [token.text for token in tokens[at : at + 3]]
    return 1 / SHARES[words[2]] if words[:2] == ["and", "a"] and words[2:] and words[2] in SHARES else 0.0


_NOT_COUNTED = FUNCTION | BREAKS | {"minus", "plus"}


def counted_after(tokens: Sequence[QuantityToken], at: int) -> tuple[str, ...]:
    """Return the words after a number, up to three, that may name what it counts."""
    words: list[str] = []
    at += at < len(tokens) and tokens[at].text == "-"
    for token in tokens[at : at + 3]:
        if not token.text[0].isalpha() or token.text in _NOT_COUNTED:
            break
        words.append(token.text)
    return tuple(words)
