"""Whether a quantity of a claim stands in a passage, as it is or by simple arithmetic."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chat.grounding.quantities.amounts import EXACT, nearly_equal, same_amount
from chat.grounding.quantities.arithmetic import follows_by_arithmetic, is_span_of_rate
from chat.grounding.quantities.belonging import exchanged_figures, is_of_another, is_rival
from chat.grounding.quantities.context import (
    META,
    QuantityText,
    context_of,
    context_overlap,
    label_of,
    speaks_of,
)
from chat.grounding.quantities.derivation import fits_a_bound, is_of_own_case, may_be_derived, may_come_of
from chat.grounding.quantities.latitude import is_within, latitude_of
from chat.grounding.quantities.numerals import ORDINALS, numeral_at, tokens_of
from chat.grounding.quantities.sums import is_step, is_sum
from chat.grounding.quantities.units import Quantity, is_pronoun


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A quantity of a claim that the passage doesn't give: no such number, with another unit, or of something else.

    A ``derived`` one may have been worked out from others, so it can't be refused. ``instead`` is what the passage
    gives for the same, None where that is not plain.
    """

    quantity: Quantity
    kind: Literal["number", "unit", "elsewhere", "derived"]
    instead: Quantity | None = None


_DENIES = re.compile(r"\b(?:not|rather|instead|prefer\w*|than|avoid\w*|without|unlike|against|versus)\b|n['’]t\b", re.I)
_COUNT = 10
"""Up to this, a count in words without a unit may be the answer's own: "two reasons"."""


def mismatches(claim: QuantityText, passage: QuantityText, *, lowers: bool = False) -> tuple[Mismatch, ...]:
    """Return the claim's quantities that the passage doesn't give; ``lowers`` as for ``same_amount``."""
    units = tuple(Mismatch(one, "unit") for one in claim.quantities if one.is_implied and _has_other_unit(one, passage))
    own = [quantity for quantity in claim.quantities if not (quantity.is_implied or is_pronoun(quantity))]
    found = (*(one for quantity in own if (one := _mismatch(quantity, claim, passage, lowers=lowers))), *units)
    if found:
        return found
    pairs = exchanged_figures(own, claim, passage, lowers=lowers)
    return tuple(Mismatch(one, "elsewhere", other) for one, other in pairs)


def _mismatch(quantity: Quantity, claim: QuantityText, passage: QuantityText, *, lowers: bool) -> Mismatch | None:
    may_deny = speaks_of(_DENIES, claim.text)
    given = [one for one in passage.quantities if may_deny or not (one.is_denied or one.is_retracted)]
    found = [other for other in given if same_amount(quantity, other, lowers=lowers)]
    if not found and (latitude := latitude_of(quantity, claim.text)):
        found = [other for other in given if is_within(quantity, other, latitude)]
    known = set(found)
    rivals = [
        other
        for other in passage.quantities
        if other not in known and not (is_pronoun(other) or other.is_retracted) and is_rival(quantity, other)
    ]
    instead = _nearest(quantity, rivals, claim, passage)
    if found:
        if not is_of_another(quantity, found, rivals, claim, passage) or is_step(quantity, claim, passage):
            return None
        # "Twice" that stands for something else may still be what two other figures come to.
        is_derived = quantity.is_ratio and may_be_derived(quantity, claim, passage, has_rival=False)
        return Mismatch(quantity, "derived" if is_derived else "elsewhere", instead)
    if _is_own_count(quantity):
        is_given = _is_in_a_share(quantity, passage) or is_sum(quantity, claim, passage)
        is_wrong = not is_given and _is_counted_otherwise(quantity, rivals, claim, passage)
        return Mismatch(quantity, "number", instead) if is_wrong else None
    lacking = _not_given(quantity, claim, passage, instead)
    if lacking and lacking.instead:
        # Only for the reader: an amount without a unit is too little to judge by.
        rivals += _without_unit(quantity, passage)
        lacking = replace(lacking, instead=_nearest(quantity, rivals, claim, passage))
    return lacking


def _not_given(
    quantity: Quantity, claim: QuantityText, passage: QuantityText, instead: Quantity | None
) -> Mismatch | None:
    """Return what is wrong with a quantity that doesn't stand in the passage, None where it follows from it."""
    if _is_given_otherwise(quantity, passage) or _follows(quantity, claim, passage):
        return None
    if is_of_own_case(quantity, claim, passage):
        return Mismatch(quantity, "derived")
    values = [abs(value) for each in passage.quantities for value in each.values if not each.is_implied]
    alike = any(nearly_equal(abs(one), other, EXACT) for one in quantity.values for other in values)
    if alike and quantity.unit:
        return Mismatch(quantity, "unit", instead)
    is_derived = (
        may_be_derived(quantity, claim, passage, has_rival=instead is not None)
        or (instead is None and may_come_of(quantity, claim, passage))
        or (instead is not None and fits_a_bound(quantity, instead, claim, passage))
    )
    return Mismatch(quantity, "derived" if is_derived else "number", instead)


def _is_given_otherwise(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a passage gives a quantity as a part of a share, or as a span that it names without a number."""
    is_bare = quantity.unit is None and not quantity.is_share
    return (is_bare and _is_in_a_share(quantity, passage)) or _is_a_single_one(quantity, passage)


def _is_a_single_one(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether "a week" is one that the passage speaks of without a number: "the first week", "the whole week"."""
    article, _, rest = quantity.text.casefold().partition(" ")
    if article not in {"a", "an"} or not rest.isalpha():
        return False
    said = passage.text.casefold()
    return (
        re.search(rf"\b(?:the|first|whole|every|each|per|next|last|this)\s+(?:\w+\s+)?{rest}\b", said) is not None
        or re.search(_NAMED_SPANS.get(rest, r"(?!)"), said) is not None
    )


_NAMED_SPANS = {
    "week": r"\bweekly\b|\b(?:on|every|each) (?:\w+ )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b",
    "day": r"\bdaily\b|\bevery (?:morning|evening|night)\b",
    "month": r"\bmonthly\b",
    "year": r"\byearly\b|\bannual",
}
"""What a passage says of a span without naming it."""


def _follows(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    return (
        is_span_of_rate(quantity, claim, passage)
        or _is_a_width(quantity, passage)
        or follows_by_arithmetic(quantity, claim, passage)
    )


def _is_in_a_share(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a number is one of the two in a share of the passage: the four in "two of the four"."""
    for share in (one for one in passage.quantities if one.is_share):
        tokens = tokens_of(share.text)
        numerals = [numeral for at in range(len(tokens)) if (numeral := numeral_at(tokens, at))]
        if len(numerals) > 1 and any(quantity.value == one.value for one in numerals):
            return True
    return False


def _without_unit(quantity: Quantity, passage: QuantityText) -> list[Quantity]:
    """Return the passage's amounts that leave out a claim's unit, said just before: "20 ms. My default is 30"."""
    unit = quantity.unit
    return [one for one in passage.quantities if unit and one.elided and one.elided.dimension == unit.dimension]


def _nearest(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> Quantity | None:
    """Return the rival that most likely stands for the same as a claim's quantity, None where none does."""
    wanted = context_of(quantity, claim)
    overlaps = [(context_overlap(wanted, context_of(one, passage)), -one.start, one) for one in rivals]
    best = max(overlaps, default=(0.0, 0, None), key=lambda one: one[:2])
    return best[2] if best[0] > 0 or len(rivals) == 1 else None


def _is_a_width(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a tolerance is half of a range that the passage gives."""
    values = [one.value for one in passage.quantities]
    steps = [abs(one - other) / 2 for one, other in itertools.pairwise(values)]
    return quantity.is_tolerance and any(nearly_equal(quantity.value, step, EXACT) for step in steps)


def _is_counted_otherwise(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> bool:
    """Say whether a small count or number, which the passage doesn't give, is another one there."""
    label = label_of(quantity, claim)
    if label in {word.stem for word in passage.words} and _is_counted_off(quantity, passage):
        return False
    if label and any(label_of(one, passage) == label for one in passage.quantities if not one.unit):
        return True
    return _is_another_count(quantity, rivals, claim, passage, label=label)


def _is_another_count(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText, *, label: str
) -> bool:
    if quantity.value < 2 or set(quantity.counted) & META or label in META:
        return False
    if any(set(one.counted) & set(quantity.counted) for one in rivals):
        return True
    if quantity.is_tolerance:
        return True
    wanted = context_of(quantity, claim)
    is_telling = quantity.value > 2 or not quantity.in_words
    unnamed = [one for one in rivals if not one.unit and (is_telling or not (one.is_count and quantity.is_count))]
    if any(context_overlap(wanted, context_of(one, passage)) >= COUNTED for one in unnamed):
        return True
    is_counted = bool(set(quantity.counted) & {word.stem for word in passage.words})
    return (
        is_telling
        and not label
        and is_counted
        and not any(_lists(text.text, quantity.value) for text in (claim, passage))
    )


def _is_counted_off(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a passage has the ordinal of a number: "the third song" is song three."""
    ordinals = {1: "first", 2: "second"} | {number: name for name, number in ORDINALS.items()}
    return re.search(rf"\b{ordinals.get(int(quantity.value), '(?!)')}\b", passage.text.casefold()) is not None


def _lists(text: str, count: float) -> bool:
    """Say whether so many things are told one after the other in a text: "attack, release and ratio"."""
    run = 0
    for piece in _BETWEEN_ITEMS.split(text.casefold()):
        run = run + 1 if len(piece.split()) <= ITEM else 0
        if run and run + 1 <= count <= run + 2:
            return True
    return False


_BETWEEN_ITEMS = re.compile(r",? \b(?:and|or)\b|[,;:]")
ITEM = 3
"""Words up to which what stands between two commas is one of a list."""


COUNTED = 0.8
"""What the contexts of two counts must share to be of the same, where nothing says what is counted."""


def _has_other_unit(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether "a metre" is a foot in the passage."""
    alike = [
        one
        for one in passage.quantities
        if one.unit and quantity.unit and one.unit.dimension == quantity.unit.dimension
    ]
    named = [one for one in alike if one.is_implied and one.unit != quantity.unit]
    return bool(named) and not any(same_amount(quantity, one) for one in alike)


def _is_own_count(quantity: Quantity) -> bool:
    is_small = quantity.unit is None and not quantity.sign and not quantity.is_share
    return is_small and quantity.value <= _COUNT and quantity.value == int(quantity.value)
