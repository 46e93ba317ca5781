"""Whether a quantity of a claim stands in a passage, as it is or by simple arithmetic."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from chat.grounding.quantities.amounts import EXACT, nearly_equal, same_amount
from chat.grounding.quantities.arithmetic import follows_by_arithmetic, is_span_of_rate, is_step, is_sum, speaks_of
from chat.grounding.quantities.context import (
    APART,
    META,
    ContextWord,
    QuantityText,
    context_of,
    context_overlap,
    label_of,
)
from chat.grounding.quantities.derivation import may_be_derived
from chat.grounding.quantities.latitude import is_within, latitude_of
from chat.grounding.quantities.numerals import numeral_at, tokens_of
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
    return found or tuple(_exchanged(own, claim, passage, lowers=lowers))


def _mismatch(quantity: Quantity, claim: QuantityText, passage: QuantityText, *, lowers: bool) -> Mismatch | None:
    given = (
        passage.quantities
        if speaks_of(_DENIES, claim.text)
        else [one for one in passage.quantities if not one.is_denied]
    )
    found = [other for other in given if same_amount(quantity, other, lowers=lowers)]
    if not found and (latitude := latitude_of(quantity, claim.text)):
        found = [other for other in given if is_within(quantity, other, latitude)]
    known = set(found)
    rivals = [
        other
        for other in passage.quantities
        if other not in known and not is_pronoun(other) and _is_rival(quantity, other)
    ]
    instead = _nearest(quantity, rivals, claim, passage)
    if found:
        if not _is_of_another(quantity, found, rivals, claim, passage) or is_step(quantity, claim, passage):
            return None
        # "Twice" that stands for something else may still be what two other figures come to.
        is_derived = quantity.is_ratio and may_be_derived(quantity, claim, passage, has_rival=False)
        return Mismatch(quantity, "derived" if is_derived else "elsewhere", instead)
    if _is_own_count(quantity):
        is_given = _is_in_a_share(quantity, passage) or is_sum(quantity, claim, passage)
        is_wrong = not is_given and _is_counted_otherwise(quantity, rivals, claim, passage)
        return Mismatch(quantity, "number", instead) if is_wrong else None
    if _follows(quantity, claim, passage) or _is_a_single_one(quantity, passage):
        return None
    values = [abs(value) for each in passage.quantities for value in each.values if not each.is_implied]
    alike = any(nearly_equal(abs(one), other, EXACT) for one in quantity.values for other in values)
    if alike and quantity.unit:
        return Mismatch(quantity, "unit", instead)
    is_derived = may_be_derived(quantity, claim, passage, has_rival=instead is not None)
    return Mismatch(quantity, "derived" if is_derived else "number", instead)


def _is_a_single_one(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether "a week" is one that the passage speaks of without a number: "the first week", "the whole week"."""
    article, _, rest = quantity.text.casefold().partition(" ")
    if article not in {"a", "an"} or not rest.isalpha():
        return False
    return (
        re.search(rf"\b(?:the|first|whole|every|each|per)\s+(?:\w+\s+)?{rest}\b", passage.text.casefold()) is not None
    )


def _follows(quantity: Quantity, claim: QuantityText, passage: QuantityText) -> bool:
    return (
        is_span_of_rate(quantity, claim, passage)
        or _is_a_width(quantity, passage)
        or follows_by_arithmetic(quantity, claim, passage)
    )


def _is_in_a_share(quantity: Quantity, passage: QuantityText) -> bool:
    """Say whether a count is one of the two in a share of the passage: the four in "two of the four"."""
    for share in (one for one in passage.quantities if one.is_share):
        tokens = tokens_of(share.text)
        numerals = [numeral for at in range(len(tokens)) if (numeral := numeral_at(tokens, at))]
        if len(numerals) > 1 and any(quantity.value == one.value for one in numerals):
            return True
    return False


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


def _exchanged(
    own: Sequence[Quantity], claim: QuantityText, passage: QuantityText, *, lowers: bool
) -> Iterator[Mismatch]:
    """Yield two quantities of a claim that stand for each other's in the passage: 26 front, 28 rear."""
    for one, other in itertools.combinations(own[:MANY], 2):
        if not _is_rival(one, other) or same_amount(one, other) or _is_a_range(one, other, claim):
            continue
        places = [[each for each in passage.quantities if same_amount(it, each, lowers=lowers)] for it in (one, other)]
        if not all(places):
            continue
        mine, theirs = (context_of(it, claim, other_clause=APART) for it in (one, other))
        first, second = ([context_of(each, passage, other_clause=APART) for each in few] for few in places)
        straight = _most(mine, first) + _most(theirs, second)
        crossed = _most(mine, second) + _most(theirs, first)
        if crossed > straight + CROSSED:
            yield Mismatch(one, "elsewhere", other)
            return


MANY = 24
"""Quantities of a claim that are compared with each other, which takes time with the square of their number."""
CROSSED = 0.42
"""By how much more two quantities' contexts must fit each other's places than their own: no true pair of 44 had it."""


def _is_a_range(one: Quantity, other: Quantity, text: QuantityText) -> bool:
    between = text.text[one.end : other.start]
    return len(between.split()) <= 1


def _most(context: Mapping[str, float], places: Sequence[Mapping[str, float]]) -> float:
    return max(context_overlap(context, place) for place in places)


def _is_counted_otherwise(
    quantity: Quantity, rivals: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> bool:
    """Say whether a small count or number, which the passage doesn't give, is another one there."""
    label = label_of(quantity, claim)
    if label and any(label_of(one, passage) == label for one in passage.quantities if not one.unit):
        return True
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


def _is_rival(quantity: Quantity, other: Quantity) -> bool:
    """Say whether a quantity could be what the claim's stands in place of: of the same kind, and another amount."""
    if quantity.is_share or other.is_share or quantity.is_ordinal or other.is_ordinal or other.is_implied:
        return False
    if quantity.unit and other.unit:
        return quantity.unit.dimension == other.unit.dimension
    return not (quantity.unit or other.unit)


CLEARLY, FAINTLY = 2.0, 0.45
"""What the context of a rival must share with the claim's, and what that of the quantity found may share at most."""
APART_FROM, HARDLY = 0.95, 0.3
"""The same where the rival is none of the claim's other quantities."""
LIKELY, LESS = 1.2, 0.78
"""The same where only the other quantity has the claim's unit."""


def _is_of_another(
    quantity: Quantity,
    found: Sequence[Quantity],
    rivals: Sequence[Quantity],
    claim: QuantityText,
    passage: QuantityText,
) -> bool:
    """Say whether the passage gives another quantity for what the claim speaks of, and this one for something else."""
    if any(one.is_ordinal for one in found):
        return False
    wanted = context_of(quantity, claim)
    here = _most(wanted, [context_of(one, passage) for one in found])
    there = max((context_overlap(wanted, context_of(one, passage)) for one in rivals), default=0.0)
    claimed = _claimed(claim, passage)
    others = [one for one in rivals if one not in claimed]
    beside = max((context_overlap(wanted, context_of(one, passage)) for one in others), default=0.0)
    if (
        quantity.unit
        and not any(one.unit or one.others for one in found)
        and beside >= LIKELY
        and here <= LESS * beside
    ):
        return True
    if _is_owned_elsewhere(quantity, found, claim, passage):
        return True
    is_small = quantity.in_words and quantity.unit is None and quantity.value <= 2
    is_apart = beside >= APART_FROM and here <= HARDLY * beside and not is_small
    return is_apart or (there >= CLEARLY and here <= FAINTLY * there)


OWNERS = 2
"""Words of a claim that only stand with another quantity, from which on that one is what the claim speaks of."""


def _is_owned_elsewhere(
    quantity: Quantity, found: Sequence[Quantity], claim: QuantityText, passage: QuantityText
) -> bool:
    """Say whether the words around a quantity stand with a rival in its sentence or clause, and none with it."""
    wanted = _own_words(quantity, claim)
    known = _claimed(claim, passage).union(found)
    rivals = [one for one in passage.quantities if one not in known and _could_be(quantity, one)]
    for starts in (passage.sentences, passage.clauses):
        ours = set().union(*(_words_with(one, passage, starts) for one in found)) & wanted if rivals else set()
        for rival in rivals:
            theirs = _words_with(rival, passage, starts) & wanted
            if len(theirs - ours) >= OWNERS and not ours - theirs:
                return True
    return False


@lru_cache(maxsize=4)
def _claimed(claim: QuantityText, passage: QuantityText) -> frozenset[Quantity]:
    """Return the passage's quantities that a claim gives; found once, though each of its own asks for them."""
    return frozenset(one for one in passage.quantities if any(same_amount(mine, one) for mine in claim.quantities))


def _own_words(quantity: Quantity, text: QuantityText) -> set[str]:
    """Return the stems of the words in a quantity's clause that no other quantity is nearer to."""

    def nearest(word: ContextWord) -> Quantity:
        return min(text.quantities, key=lambda one: min(abs(word.start - one.start), abs(word.start - one.end)))

    stems = _words_with(quantity, text, text.clauses)
    return {word.stem for word in text.words if word.stem in stems and nearest(word) == quantity}


def _could_be(quantity: Quantity, other: Quantity) -> bool:
    """Say whether another quantity may be what a claim's stands in place of; its unit may be left out."""
    if is_pronoun(other) or other.is_implied or other.is_share or other.is_ordinal or other.is_count:
        return False
    if quantity.unit and other.unit:
        return quantity.unit.dimension == other.unit.dimension
    return other.unit is None


def _words_with(quantity: Quantity, text: QuantityText, starts: Sequence[int]) -> set[str]:
    """Return the stems of the words in the part of a text, a clause or a sentence, that a quantity stands in."""
    part = bisect_right(starts, quantity.start)
    return {word.stem for word in text.words if bisect_right(starts, word.start) == part}
