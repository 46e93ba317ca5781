"""Relations that a claim turns round: what comes first, what is more, what causes what, and what goes with what.

A claim that turns one round shares almost every word with its passage, so that words don't tell. Their order does: the
rules here look at pairs of matched words, and count only those that stand in one place of the passage.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from chat.grounding.quantities import same_amount
from chat.grounding.verification.similarity import SAID, AnalysedText, Matrix

NEAR = 3
"""Sentences within which two things of a passage are said together."""
_PARTS = frozenset("while whereas but".split())
"""Words that part a claim into two halves that say something alike of two things; "and" may do so too."""
_LATER = {"before": False, "then": False, "afterwards": False, "after": True, "once": True, "follows": True}
"""Words between two steps, and whether the second of them comes first."""
_CAUSES = frozenset("because since cause".split())
RELATED = 0.5
"""Similarity from which on a word of the claim's cause may be what the passage calls it."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A relation that a claim turns round, as the ``words`` of the claim that it is between."""

    kind: str
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Item:
    """A content word or a quantity of a claim, and the only place of the passage where it stands, as offsets."""

    text: str
    own: int
    place: int
    is_quantity: bool = False


def turned_relations(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> tuple[Turned, ...]:
    """Return the first relation that a claim turns round, if there is one."""
    if not matrix.size:
        return ()
    found = (*_crossed(claim, passage, matrix), *_compared(claim, passage), *_ordered(claim, passage, matrix))
    return (found or tuple(_other_cause(claim, passage, matrix)))[:1]


def _items(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> list[_Item]:
    """Return what stands in one place of the passage alone, in the order of the claim."""
    found = []
    for row, term in enumerate(claim.terms):
        columns = np.flatnonzero(matrix[row] >= SAID)
        if len(columns) == 1:
            place = passage.spans[passage.terms[int(columns[0])].place][0]
            found.append(_Item(term.text, claim.spans[term.place][0], place))
    for quantity in claim.quantity_text.quantities:
        places = [one.start for one in passage.quantity_text.quantities if same_amount(quantity, one)]
        is_pronoun = quantity.value == 1 and quantity.in_words and quantity.unit is None
        if len(places) == 1 and not (quantity.is_implied or is_pronoun):
            found.append(_Item(quantity.text, quantity.start, places[0], is_quantity=True))
    return sorted(found, key=lambda one: one.own)


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
    items = _items(claim, passage, matrix)
    for at, is_certain in _partings(claim):
        told = _phrases(items) if is_certain else items
        left, right = ([one for one in told if (one.own < at) is is_left] for is_left in (True, False))
        if len(left) < 2 or len(right) < 2:
            continue
        ends = (left[0], right[0], left[-1], right[-1])
        is_alike = all(ends[at].is_quantity == ends[at + 1].is_quantity for at in (0, 2))
        if not (is_certain or (is_alike and len(left) == len(right))) or len({one.place for one in ends}) < 4:
            continue
        if not _is_together(passage, [one.place for one in ends]):
            continue
        if (ends[0].place < ends[1].place) != (ends[2].place < ends[3].place):
            yield Turned("swapped", (ends[0].text, ends[2].text))


def _partings(claim: AnalysedText) -> Iterator[tuple[int, bool]]:
    """Yield where a claim may be parted in two, and whether it certainly is."""
    for place in range(2, len(claim.words) - 1):
        if claim.words[place] in _PARTS or claim.words[place] == "and":
            yield claim.spans[place][0], claim.words[place] in _PARTS


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
    items = _items(claim, passage, matrix)
    for at, is_turned in _steps(claim):
        left, right = ([one for one in items if (one.own < at) is is_left] for is_left in (True, False))
        if not left or not right or not _is_together(passage, [left[-1].place, right[0].place]):
            continue
        first, second = (right[0], left[-1]) if is_turned else (left[-1], right[0])
        if _said_order(passage, first.place, second.place) is False:
            yield Turned("order", (first.text, second.text))


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


def _other_cause(claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Iterator[Turned]:
    """Yield a cause that the passage speaks of elsewhere, where it gives another one for the same."""
    at = next((place for place, word in enumerate(claim.words) if word in _CAUSES and place), 0)
    effect = [row for row, term in enumerate(claim.terms) if term.place < at]
    cause = [row for row, term in enumerate(claim.terms) if term.place > at]
    if not at or not effect or not cause:
        return
    said = matrix >= SAID
    if said[cause].any(axis=1).mean() < RELATED:
        return  # what is not said at all is for the measures of words
    for place, word in enumerate(passage.words):
        if word not in _CAUSES:
            continue
        sentence = [column for column, term in enumerate(passage.terms) if _same_sentence(passage, term.place, place)]
        before = [column for column in sentence if passage.terms[column].place < place]
        behind = [column for column in sentence if passage.terms[column].place > place]
        is_of_this = bool(before) and said[np.ix_(effect, before)].any(axis=1).mean() >= RELATED
        if is_of_this and behind and float(matrix[np.ix_(cause, sentence)].max()) < RELATED:
            words = claim.terms[cause[0]].text, passage.terms[behind[0]].text
            yield Turned("cause", words)


def _same_sentence(passage: AnalysedText, one: int, other: int) -> bool:
    return passage.sentences[one] == passage.sentences[other]
