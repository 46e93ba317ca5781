"""Halves of a claim that say something alike of two things, of which the passage has each with the other's."""

from collections.abc import Iterator, Sequence

from chat.grounding.verification.causes import CAUSES
from chat.grounding.verification.matched import Item, Turned, found_in, is_together, items_in, sentence_spans
from chat.grounding.verification.similarity import AnalysedText, Matrix

_PARTS = frozenset("while whereas but".split())
"""Words that part a claim into two halves that say something alike of two things; "and" may do so too."""


def _phrases(items: Sequence[Item]) -> list[Item]:
    """Return the first of items that stand side by side: of "the narrower attachment" it is "narrower" that tells."""
    return [
        one
        for before, one in zip([None, *items], items, strict=False)
        if before is None or one.is_quantity or one.own > before.own + len(before.text) + 1
    ]


def crossed_halves(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield two things that go with each other's: of halves "A … a, while B … b", the passage has A with b.

    Whatever the order in which a passage tells of both, A stands to B as a to b.
    """
    partings = list(_partings(claim))
    if not partings:
        return
    found = found_in(claim, passage, matrix)
    items = items_in(found, (0, len(passage.text)))
    for at, is_certain in partings:
        told = _phrases(items) if is_certain else items
        left, right = ([one for one in told if (one.own < at) is is_left] for is_left in (True, False))
        if len(left) < 2 or len(right) < 2:
            continue
        ends = (left[0], right[0], left[-1], right[-1])
        is_alike = all(ends[at].is_quantity == ends[at + 1].is_quantity for at in (0, 2))
        if (is_certain or (is_alike and len(left) == len(right))) and is_together(passage, [one.place for one in ends]):
            yield from _across(ends)
    for span in sentence_spans(passage):
        near = items_in(found, span)
        for at, _ in partings:
            yield from _across(_amounts_of_halves(near, at))


def _across(ends: Sequence[Item]) -> Iterator[Turned]:
    """Yield what is crossed of two things, and what goes with each: (A, B, a, b)."""
    if len({one.place for one in ends}) < 4:
        return
    if (ends[0].place < ends[1].place) != (ends[2].place < ends[3].place):
        yield Turned("swapped", (ends[0].text, ends[2].text))


def _amounts_of_halves(items: Sequence[Item], at: int) -> Sequence[Item]:
    """Return the amounts of two halves, with what stands beside each or two on each side; () where it isn't plain."""
    halves = [[one for one in items if (one.own < at) is is_left] for is_left in (True, False)]
    amounts = [[one for one in half if one.is_quantity] for half in halves]
    if len(amounts[0]) == len(amounts[1]) == 2:
        return amounts[0][0], amounts[1][0], amounts[0][1], amounts[1][1]
    if not amounts[0] or len(amounts[1]) != 1:
        return ()
    own = amounts[0][-1], amounts[1][0]
    behind = [[one for one in half if one.own > amount.own] for half, amount in zip(halves, own, strict=True)]
    if all(behind):
        return *own, behind[0][0], behind[1][0]
    before = [
        [one for one in half if one.own < amount.own and not one.is_quantity]
        for half, amount in zip(halves, own, strict=True)
    ]
    return (*own, before[0][-1], before[1][-1]) if all(before) else ()


def _partings(claim: AnalysedText) -> Iterator[tuple[int, bool]]:
    """Yield where a claim may be parted in two, and whether it certainly is; "while leaving room" parts nothing."""
    is_told_otherwise = bool(CAUSES.intersection(claim.words))  # a cause may be told before or behind its effect
    for place in range(2, len(claim.words) - 1):
        following = claim.words[place + 1]
        if claim.words[place] == "and":
            yield claim.spans[place][0], False
        elif claim.words[place] in _PARTS and not (
            is_told_otherwise or following.endswith("ing") or following == "also"
        ):
            yield claim.spans[place][0], True
