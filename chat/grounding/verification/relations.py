"""Relations that a claim turns round: what comes first, what is more, what causes what, and what goes with what.

A claim that turns one round shares almost every word with its passage, so that words don't tell. Their order does: the
rules here look at pairs of matched words, and count only those that stand in one place of the passage.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chat.grounding.quantities import same_amount
from chat.grounding.verification.causes import CAUSES, other_cause
from chat.grounding.verification.order import RANKS, all_ranks
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

Span = tuple[int, int]
_WHERE = frozenset("back above below under inside outside".split())
"""Words that say little by themselves, but where of two places."""
LONGEST = 120
"""Words up to which a claim's relations are looked at: what compares pairs takes time with the square of them."""
NEAR = 3
"""Sentences within which two things of a passage are said together."""
_PARTS = frozenset("while whereas but".split())
"""Words that part a claim into two halves that say something alike of two things; "and" may do so too."""
_LATER = {"before": False, "then": False, "afterwards": False, "after": True, "once": True, "follows": True}
"""Words between two steps, and whether the second of them comes first."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A relation that a claim turns round, as the ``words`` of the claim that it is between."""

    kind: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Item:
    """A content word or a quantity of a claim, and the only place where it stands in what is looked at, as offsets."""

    text: str
    own: int
    place: int
    is_quantity: bool = False


def turned_relations(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[Turned, ...]:
    """Return the first relation that a claim turns round, if there is one."""
    if not matrix.size or len(claim.words) > LONGEST:
        return ()
    found = (*_compared(claim, passage), *_bound(claim, passage))
    if claim.words[0] not in CAUSES:
        # A cause that is told first, and behind its effect in the passage, would look turned round.
        found += (
            *_crossed(claim, passage, matrix),
            *_ordered(claim, passage, matrix),
            *_ranked(claim, passage, matrix),
        )
    if not found and (cause := other_cause(claim, passage, matrix)):
        return (Turned("cause", cause),)
    return found[:1]


@dataclass(frozen=True, slots=True)
class _Found:
    """A content word or a quantity of a claim, and all places of the passage where it stands, as offsets."""

    text: str
    own: int
    places: Sequence[int]
    is_quantity: bool = False


def _found(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> list[_Found]:
    """Return what a claim and a passage both say, in the order of the claim."""
    found = []
    starts = [passage.spans[term.place][0] for term in passage.terms]
    for row, term in enumerate(claim.terms):
        if term.place not in claim.units:
            places = [starts[column] for column in np.flatnonzero(matrix[row] >= SAID).tolist()]
            found.append(_Found(term.text, claim.spans[term.place][0], places))
    for place, word in enumerate(claim.words):
        if word in _WHERE:
            places = [start for (start, _), one in zip(passage.spans, passage.words, strict=True) if one == word]
            found.append(_Found(word, claim.spans[place][0], places))
    for quantity in claim.quantity_text.quantities:
        is_pronoun = quantity.value == 1 and quantity.in_words and quantity.unit is None
        if not (quantity.is_implied or is_pronoun):
            places = [one.start for one in passage.quantity_text.quantities if same_amount(quantity, one)]
            found.append(_Found(quantity.text, quantity.start, places, is_quantity=True))
    return sorted(found, key=lambda one: one.own)


def _items(found: Sequence[_Found], span: Span) -> list[_Item]:
    """Return what stands in one place alone of a span of the passage, in the order of the claim."""
    inside = [(one, [place for place in one.places if span[0] <= place < span[1]]) for one in found]
    return [_Item(one.text, one.own, places[0], one.is_quantity) for one, places in inside if len(places) == 1]


def _phrases(items: Sequence[_Item]) -> list[_Item]:
    """Return the first of items that stand side by side: of "the narrower attachment" it is "narrower" that tells."""
    return [
        one
        for before, one in zip([None, *items], items, strict=False)
        if before is None or one.is_quantity or one.own > before.own + len(before.text) + 1
    ]


def _crossed(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield two things that go with each other's: of halves "A … a, while B … b", the passage has A with b.

    Whatever the order in which a passage tells of both, A stands to B as a to b.
    """
    partings = list(_partings(claim))
    if not partings:
        return
    found = _found(claim, passage, matrix)
    items = _items(found, (0, len(passage.text)))
    for at, is_certain in partings:
        told = _phrases(items) if is_certain else items
        left, right = ([one for one in told if (one.own < at) is is_left] for is_left in (True, False))
        if len(left) < 2 or len(right) < 2:
            continue
        ends = (left[0], right[0], left[-1], right[-1])
        is_alike = all(ends[at].is_quantity == ends[at + 1].is_quantity for at in (0, 2))
        if (is_certain or (is_alike and len(left) == len(right))) and _is_together(
            passage, [one.place for one in ends]
        ):
            yield from _across(ends)
    for span in _sentence_spans(passage):
        near = _items(found, span)
        for at, _ in partings:
            yield from _across(_amounts_of_halves(near, at))


def _across(ends: Sequence[_Item]) -> Iterator[Turned]:
    """Yield what is crossed of two things, and what goes with each: (A, B, a, b)."""
    if len({one.place for one in ends}) < 4:
        return
    if (ends[0].place < ends[1].place) != (ends[2].place < ends[3].place):
        yield Turned("swapped", (ends[0].text, ends[2].text))


def _amounts_of_halves(items: Sequence[_Item], at: int) -> Sequence[_Item]:
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


def _sentence_spans(passage: AnalysedText) -> list[Span]:
    """Return the offsets of a passage's sentences."""
    starts = [
        passage.spans[place][0]
        for place, number in enumerate(passage.sentences)
        if not place or number != passage.sentences[place - 1]
    ]
    return list(zip(starts, [*starts[1:], len(passage.text)], strict=True))


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


def _is_together(passage: AnalysedText, offsets: Sequence[int]) -> bool:
    starts = [start for start, _ in passage.spans]
    sentences = [passage.sentences[starts.index(_word_at(passage, offset))] for offset in offsets]
    return max(sentences) - min(sentences) < NEAR


def _word_at(passage: AnalysedText, offset: int) -> int:
    return next((start for start, end in passage.spans if end > offset), passage.spans[-1][0])


def _compared(claim: AnalysedText, passage: AnalysedText) -> Iterator[Turned]:
    """Yield what is on the other side of "than"."""
    for mine in _around(claim, "than", range(len(claim.words))):
        for theirs in _around(passage, "than", range(len(passage.words))):
            here = mine[0] & theirs[1] - theirs[0], mine[1] & theirs[0] - theirs[1]
            if all(here):
                yield Turned("swapped", (min(here[0]), min(here[1])))


def _bound(claim: AnalysedText, passage: AnalysedText) -> Iterator[Turned]:
    """Yield two words that go with each other's neighbours: "a drier brush on a wetter wash" for the contrary."""
    mine, theirs = _neighbours(claim), _neighbours(passage)
    for (one, head), (other, its) in itertools.combinations(sorted(mine), 2):
        if (
            len({one, head, other, its}) == 4
            and {(other, head), (one, its)} <= theirs
            and not mine
            & theirs
            & {
                (one, head),
                (other, its),
            }
        ):
            yield Turned("swapped", (one, its))
            return


def _neighbours(text: AnalysedText) -> set[tuple[str, str]]:
    """Return the stems of content words that stand side by side."""
    return {(one.stem, other.stem) for one, other in itertools.pairwise(text.terms) if other.place == one.place + 1}


def _around(text: AnalysedText, cue: str, places: Sequence[int]) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """Yield the stems before and behind a word, in its sentence and six words away at most."""
    for at in places:
        if text.words[at] == cue and text.words[at - 1 : at] != ("rather",):
            near = [term for term in text.terms if text.sentences[term.place] == text.sentences[at]]
            yield (
                frozenset(term.stem for term in near if at - 6 <= term.place < at),
                frozenset(term.stem for term in near if at < term.place <= at + 4),
            )


def _ordered(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield two steps of which the passage has the second first, and says so."""
    steps = list(_steps(claim))
    items = _items(_found(claim, passage, matrix), (0, len(passage.text))) if steps else []
    for at, is_turned in steps:
        left, right = ([one for one in items if (one.own < at) is is_left] for is_left in (True, False))
        if not left or not right or not _is_together(passage, [left[-1].place, right[0].place]):
            continue
        first, second = (right[0], left[-1]) if is_turned else (left[-1], right[0])
        if _said_order(passage, first.place, second.place) is False:
            yield Turned("order", (first.text, second.text))


def _ranked(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield two steps that every sentence of the passage that tells their order tells the other way round."""
    mine = {place: rank for ranks in claim.once(all_ranks).values() for place, rank in ranks.items()}
    rows = [
        (row, term, mine[term.place])
        for row, term in enumerate(claim.terms)
        if term.place in mine and term.place not in claim.units and term.text not in RANKS
    ]
    if len({rank for _, _, rank in rows}) < 2:
        return
    inverted: list[tuple[str, str]] = []
    for theirs in passage.once(all_ranks).values():
        columns = [column for column, term in enumerate(passage.terms) if term.place in theirs]
        if not columns:
            continue
        told = [
            (term.text, rank, theirs[passage.terms[columns[int(np.flatnonzero(hits)[0])]].place])
            for row, term, rank in rows
            if (hits := matrix[row, columns] >= SAID).any()
        ]
        for (one, own, there), (other, its, its_there) in itertools.combinations(told, 2):
            if (own - its) * (there - its_there) > 0:
                return
            if (own - its) * (there - its_there) < 0:
                inverted.append((one, other) if own < its else (other, one))
    if inverted:
        yield Turned("order", inverted[0])


def _steps(claim: AnalysedText) -> Iterator[tuple[int, bool]]:
    """Yield where a claim passes from one step to another, and whether the second of them comes first in time."""
    words = claim.words
    cues = [
        at
        for at, word in enumerate(words)
        if at and word in _LATER and words[at + 1 : at + 2] not in (("in",), ("every",), ("a",), ())
    ]
    joints = [at for at, word in enumerate(words) if word == "and" and "first" in words[:at]]
    if joints and len(joints) == 1 and not any(_LATER[words[at]] for at in cues):
        yield claim.spans[joints[0]][0], False
    elif len(cues) == 1:
        yield claim.spans[cues[0]][0], _LATER[words[cues[0]]]


def _said_order(passage: AnalysedText, first: int, second: int) -> bool | None:
    """Say whether a passage has the first of two places before the second in time, None where it doesn't say."""
    low, high = sorted((first, second))
    between = re.findall(r"[\w']+", passage.text[low:high].lower())
    before = re.findall(r"[\w']+", passage.text[max(0, low - 30) : low].lower())[-3:]
    cues = [word for word in between if word in _LATER]
    if len(cues) > 1 and len({_LATER[cue] for cue in cues}) > 1:
        return None
    if cues:
        is_turned = _LATER[cues[0]]
    elif set(before) & {"after", "once", "first"}:
        is_turned = False
    elif "before" in before:
        is_turned = True
    else:
        return None
    return (first < second) != is_turned
