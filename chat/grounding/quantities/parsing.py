"""Parsing quantities: numbers with their units, moments, shares, ratios and ordinals, in the order they are tried."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from chat.grounding.quantities.inheritance import inherit_units
from chat.grounding.quantities.measures import (
    and_a_half,
    counted_after,
    rest_after,
    share_of_unit,
    unit_after,
    unit_at,
)
from chat.grounding.quantities.moments import clock_time, moment_at
from chat.grounding.quantities.numerals import ORDINALS, Numeral, QuantityToken, numeral_at, text_at, tokens_of
from chat.grounding.quantities.units import UNITS, Quantity, Unit, quantity_from
from chat.grounding.vocabulary import ENGLISH, FUNCTION
from chrysopedia.core.text import stem

_ENDINGS = frozenset({"th", "nd", "rd", "st"})
_CURRENCIES = frozenset("$€£")
_NO_PLURALS = frozenset(
    """
    plus minus bass bus gas lens yes us chorus bonus focus canvas across besides towards series glass class less
    press loss pass cross mass makes sounds works feels looks means gives takes seems comes
    """.split()
)
NOTE = UNITS["note"]


def quantities_in(text: str, *, ratio_names: Collection[str] = ENGLISH.ratio_names) -> tuple[Quantity, ...]:
    """Return the quantities of a text in order; "four to two" is a ratio before one of ``ratio_names``."""
    tokens = tokens_of(text)
    return tuple(inherit_units(_quantities_at(text, tokens, ratio_names), tokens))


def _quantities_at(text: str, tokens: Sequence[QuantityToken], ratio_names: Collection[str]) -> Iterator[Quantity]:
    at = 0
    while at < len(tokens):
        found = special_quantity_at(text, tokens, at, ratio_names) or _plain_quantity_at(text, tokens, at)
        if found:
            yield found[0]
        at = max(found[1] if found else 0, at + 1)


def _plain_quantity_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    numeral = numeral_at(tokens, at)
    if numeral is None:
        return None
    sign, first = _sign(tokens, at)
    if at and tokens[at - 1].text in _CURRENCIES:
        first = at - 1
    value, unit, stop = _with_unit(tokens, numeral)
    is_in_thousands = unit is None and text_at(tokens, numeral.stop) == "k"
    others = (*numeral.others, numeral.value) if is_in_thousands else numeral.others
    ending = tokens[numeral.stop].text if numeral.stop < len(tokens) else ""
    counted = counted_after(tokens, stop) if unit is None else ()
    quantity = quantity_from(text, tokens, first, stop, value * (sign or 1), unit, in_words=numeral.in_words)
    return replace(
        quantity,
        sign=sign,
        others=others,
        is_share=numeral.is_share,
        is_ordinal=unit is None and ending in _ENDINGS,
        counted=tuple(map(stem, counted)),
        is_count=not sign and any(word.endswith("s") and word not in _NO_PLURALS for word in counted),
    ), stop


def _with_unit(tokens: Sequence[QuantityToken], numeral: Numeral) -> tuple[float, Unit | None, int]:
    """Return the value of a number with its unit, and where that stops."""
    value = numeral.value
    unit, stop = unit_after(tokens, numeral.stop, in_digits=not numeral.in_words or value > 9)
    before = tokens[numeral.first - 1].text if numeral.first else ""
    if before in _CURRENCIES:
        return value, UNITS[before], stop
    if unit is None:
        unit, stop = share_of_unit(tokens, numeral) or (None, stop)
    if unit is NOTE and value >= 1:
        # The 16th note is a sixteenth of one; a scale of five notes counts them.
        is_part = tokens[numeral.stop].text in _ENDINGS
        return (1 / value, unit, stop) if is_part else (value, None, numeral.stop)
    if unit and unit.name == "k":
        unit, stop = unit_after(tokens, stop, in_digits=False)
        value *= 1000
    if unit and (share := and_a_half(tokens, stop)):
        return value + share, unit, stop + 3
    if unit and (rest := rest_after(tokens, stop, unit)):
        return value + rest[0], unit, rest[1]
    return value, unit, stop


def _sign(tokens: Sequence[QuantityToken], at: int) -> tuple[int, int]:
    before = tokens[at - 1] if at else None
    if before is None:
        return 0, at
    if before.text in {"minus", "negative"}:
        return -1, at - 1
    if before.text in {"+", "plus"}:
        return 1, at - 1
    opens = at < 2 or not before.glued or tokens[at - 2].text in '([~≈"'
    is_minus = before.text in {"-", "–"} and tokens[at].glued and opens
    return (-1, at - 1) if is_minus else (0, at)


TIMES, RATIO = UNITS["x"], UNITS["ratio"]
MULTIPLES = {
    word: value
    for value, words in (
        (2.0, "twice double doubles doubled doubling"),
        (3.0, "thrice triple triples tripled tripling"),
        (4.0, "quadruple quadrupled"),
    )
    for word in words.split()
}
_HALVES = frozenset("halve halves halved halving".split())
_ONE = frozenset("hour day week month octave semitone decade".split())
"""Units of which "an hour" is one for certain; "a second" and "a bit" rarely mean a quantity."""
_WHOLE = frozenset("full whole good solid single".split())


def special_quantity_at(
    text: str, tokens: Sequence[QuantityToken], at: int, ratio_names: Collection[str]
) -> tuple[Quantity, int] | None:
    """Return a quantity that is more than a number with a unit, and the token after it; None where none begins."""
    word = tokens[at].text
    if word in MULTIPLES:
        return quantity_from(text, tokens, at, at + 1, MULTIPLES[word], TIMES, in_words=True), at + 1
    if word in _HALVES:
        half = quantity_from(text, tokens, at, at + 1, 0.5, None, in_words=True)
        return replace(half, is_share=True, is_implied=True), at + 1
    if word in ORDINALS:
        ordinal = quantity_from(text, tokens, at, at + 1, float(ORDINALS[word]), None, in_words=True)
        return replace(ordinal, is_ordinal=True, is_implied=True), at + 1
    for read in (moment_at, _single_unit_at, _share_at):
        if found := read(text, tokens, at):
            return found
    return ratio_at(text, tokens, at, ratio_names)


def _single_unit_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return "an hour", "a full minute", "a minute ten"."""
    if tokens[at].text not in {"a", "an", "another"} or at + 1 >= len(tokens) or len(tokens[at + 1].text) < 2:
        return None
    named = at + 1 + (tokens[at + 1].text in _WHOLE)
    unit, stop = unit_at(tokens, named, in_digits=False)
    is_different = tokens[at].text == "another" and unit is not None and unit.name in {"day", "year"}
    if unit is None or unit.name == "k" or is_different or _is_the_second(tokens, at, stop):
        return None
    if rest := rest_after(tokens, stop, unit):
        return quantity_from(text, tokens, at, rest[1], 1 + rest[0], unit, in_words=True), rest[1]
    share = and_a_half(tokens, stop)
    stop += 3 * bool(share)
    before = tokens[at - 1].text if at else ""
    is_rate = before in MULTIPLES or before in UNITS or before in {"times", "once"}
    is_implied = is_rate or (not share and tokens[named].text not in _ONE)
    return replace(quantity_from(text, tokens, at, stop, 1 + share, unit, in_words=True), is_implied=is_implied), stop


def _is_the_second(tokens: Sequence[QuantityToken], at: int, stop: int) -> bool:
    """Say whether "a second" counts what follows it: "a second pass", but "three times a second"."""
    following = tokens[stop].text if stop < len(tokens) else ""
    is_noun = following[:1].isalpha() and following not in FUNCTION
    return tokens[at + 1].text == "second" and is_noun and not (at and tokens[at - 1].text in {"times", "for", "in"})


def _share_at(text: str, tokens: Sequence[QuantityToken], at: int) -> tuple[Quantity, int] | None:
    """Return the share in "nine of ten", "three out of four"."""
    first = numeral_at(tokens, at)
    if first is None or first.is_share:
        return None
    words = [token.text for token in tokens[first.stop : first.stop + 3]]
    skip = 1 if words[:1] in (["of"], ["in"]) else 2 if words[:2] == ["out", "of"] else 0
    if words[1:3] in (["out", "of"], ["in", "ten"]) and words[0][0].isalpha():
        skip = 1 + len(words[1:3]) - (words[1] == "in")  # "four cases out of ten"
    skip += bool(skip) and words[skip : skip + 1] == ["the"]
    second = numeral_at(tokens, first.stop + skip) if skip and first.stop + skip < len(tokens) else None
    if second is None or not first.value < second.value <= 1000 or first.others or second.others:
        return None
    if unit_after(tokens, second.stop, in_digits=True)[0] or text_at(tokens, second.stop) == "out":
        return None  # "18 in 36 out"
    share = quantity_from(text, tokens, at, second.stop, first.value / second.value, None, in_words=first.in_words)
    return replace(share, is_share=True), second.stop


def ratio_at(
    text: str, tokens: Sequence[QuantityToken], at: int, ratio_names: Collection[str]
) -> tuple[Quantity, int] | None:
    """Return "3:1", "three to one", "4-to-1", or the time that "12:34" is."""
    first = numeral_at(tokens, at)
    if first is None:
        return None
    if quantity := _ratio_of_parts(text, tokens, first):
        return quantity
    joint = first.stop + (text_at(tokens, first.stop) == "-")
    begin = joint + 1 + (text_at(tokens, joint + 1) == "-")
    is_joined = text_at(tokens, joint) in {":", "to"} and begin < len(tokens)
    second = numeral_at(tokens, begin) if is_joined else None
    has_colon = text_at(tokens, joint) == ":"
    if second is None or not (second.value or (has_colon and len(tokens[begin].text) == 2)):
        return None
    if has_colon and len(tokens[begin].text) == 2:
        return clock_time(text, tokens, at, second.stop, first.value, second.value), second.stop
    unit, _ = unit_after(tokens, second.stop, in_digits=not second.in_words)
    is_named = any(token.text in ratio_names for token in tokens[second.stop : second.stop + 2])
    if not (has_colon or is_named or (second.value == 1 and first.value > 1 and unit is None)):
        return None
    return quantity_from(text, tokens, at, second.stop, first.value / second.value, RATIO), second.stop


def _ratio_of_parts(text: str, tokens: Sequence[QuantityToken], first: Numeral) -> tuple[Quantity, int] | None:
    """Return the ratio in "thirty parts of carbon to one of nitrogen"."""
    if first.stop >= len(tokens) or tokens[first.stop].text not in {"part", "parts"}:
        return None
    for at in range(first.stop + 1, min(first.stop + 5, len(tokens) - 1)):
        if tokens[at].text == "to" and (second := numeral_at(tokens, at + 1)) and second.value:
            return quantity_from(text, tokens, first.first, second.stop, first.value / second.value, RATIO), second.stop
    return None
