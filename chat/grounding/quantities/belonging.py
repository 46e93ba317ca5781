"""Whose a quantity is: whether the passage gives it for something else than a claim, by the words around both."""

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from chat.grounding.quantities.amounts import same_amount
from chat.grounding.quantities.context import APART, ContextWord, QuantityText, context_of, context_overlap
from chat.grounding.quantities.units import Quantity, is_pronoun


def is_rival(quantity: Quantity, other: Quantity) -> bool:
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


def is_of_another(
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


def exchanged_figures(
    own: Sequence[Quantity], claim: QuantityText, passage: QuantityText, *, lowers: bool
) -> Iterator[tuple[Quantity, Quantity]]:
    """Yield two quantities of a claim that stand for each other's in the passage: 26 front, 28 rear."""
    for one, other in itertools.combinations(own[:MANY], 2):
        if not is_rival(one, other) or same_amount(one, other) or _is_a_range(one, other, claim):
            continue
        places = [[each for each in passage.quantities if same_amount(it, each, lowers=lowers)] for it in (one, other)]
        if not all(places):
            continue
        mine, theirs = (context_of(it, claim, other_clause=APART) for it in (one, other))
        first, second = ([context_of(each, passage, other_clause=APART) for each in few] for few in places)
        straight = _most(mine, first) + _most(theirs, second)
        crossed = _most(mine, second) + _most(theirs, first)
        if crossed > straight + CROSSED:
            yield one, other
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
