"""Relations that a claim turns round: what comes first, what is more, what causes what, and what goes with what.

A claim that turns one round shares almost every word with its passage, so that words don't tell. Their order does: the
rules here look at pairs of matched words, and count only those that stand in one place of the passage.
"""

import itertools
import re
from collections.abc import Iterator, Sequence

import numpy as np

from chat.grounding.verification.causes import CAUSES, other_cause
from chat.grounding.verification.halves import crossed_halves
from chat.grounding.verification.matched import Turned, found_in, is_together, items_in
from chat.grounding.verification.order import RANKS, all_ranks
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

LONGEST = 120
"""Words up to which a claim's relations are looked at: what compares pairs takes time with the square of them."""
_LATER = {"before": False, "then": False, "afterwards": False, "after": True, "once": True, "follows": True}
"""Words between two steps, and whether the second of them comes first."""


def turned_relations(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[Turned, ...]:
    """Return the first relation that a claim turns round, if there is one."""
    if not matrix.size or len(claim.words) > LONGEST:
        return ()
    found = (*_compared(claim, passage), *_bound(claim, passage))
    if claim.words[0] not in CAUSES:
        # A cause that is told first, and behind its effect in the passage, would look turned round.
        found += (
            *crossed_halves(claim, passage, matrix),
            *_ordered(claim, passage, matrix),
            *_ranked(claim, passage, matrix),
        )
    if not found and (cause := other_cause(claim, passage, matrix)):
        return (Turned("cause", cause),)
    return found[:1]


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
    items = items_in(found_in(claim, passage, matrix), (0, len(passage.text))) if steps else []
    for at, is_turned in steps:
        left, right = ([one for one in items if (one.own < at) is is_left] for is_left in (True, False))
        if not left or not right or not is_together(passage, [left[-1].place, right[0].place]):
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
