"""Evidence: a passage made ready for claims to be checked on, and what each claim comes to there."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.events.events import Flaw, Passage, Verdict
from chat.grounding.quotations import found_in, mostly_quoted
from chat.grounding.verification.alignment import likeness
from chat.grounding.verification.judging import Judgement, judge
from chat.grounding.verification.nearness import Nearness
from chat.grounding.verification.places import Span, best_piece, pieces_of
from chat.grounding.verification.reading import Reading, read
from chat.grounding.verification.similarity import Analysed

CLEARLY = 0.3
"""By how much less likely it must be that a claim is not in another source for that one to be named instead."""
A_PART = 0.25
"""Share of a claim's words that one of several sources must say to carry a part of it."""
MORE = 0.5
"""Share of a claim's words by which another source must say more than one that says hardly any."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a claim rests in a passage, and what was found of it there."""

    span: Span
    verdict: Verdict
    flaws: tuple[Flaw, ...]


class Evidence:
    """The passages of a turn; each is analysed when the first claim cites it."""

    def __init__(self, passages: Sequence[Passage], nearness: Nearness | None = None) -> None:
        self.passages = tuple(passages)
        self._nearness = nearness
        self._read: dict[tuple[int, ...], Analysed] = {}

    def findings(self, claim: str, numbers: Sequence[int]) -> dict[int, Finding]:
        """Return what a sentence comes to in each of the passages that it cites, by number from 1."""
        analysed = Analysed(mostly_quoted(claim) or claim)
        alone = {number: judge(self._reading(analysed, number)) for number in numbers}
        judged = self._together(analysed, alone) if len(alone) > 1 else alone
        return {number: self._finding(analysed, number, judged, claim) for number in numbers}

    def _together(self, claim: Analysed, alone: dict[int, Judgement]) -> dict[int, Judgement]:
        """Judge a sentence with several markers on all of them: each need carry only a part of it."""
        if all(one.verdict == Verdict.SUPPORTED for one in alone.values()):
            return alone
        joint = judge(self._reading(claim, *sorted(alone)))
        return {number: self._better(claim, number, one, joint) for number, one in alone.items()}

    def _better(self, claim: Analysed, number: int, own: Judgement, joint: Judgement) -> Judgement:
        order = [Verdict.SUPPORTED, Verdict.WEAK, Verdict.UNSUPPORTED]
        if order.index(joint.verdict) >= order.index(own.verdict):
            return own if own.verdict != joint.verdict else joint
        if self._reading(claim, number).measures["said"] >= A_PART:
            return joint
        flaw = Flaw("source", "", "This source says little of it; another one cited here does.")
        return Judgement(Verdict.WEAK, (flaw,), own.absent)

    def _finding(self, claim: Analysed, number: int, judged: dict[int, Judgement], said: str) -> Finding:
        judgement = judged[number]
        if len(judged) == 1:
            judgement = self._elsewhere(claim, number, judgement)
        return Finding(self._place(claim, number, said), judgement.verdict, judgement.flaws)

    def _elsewhere(self, claim: Analysed, number: int, own: Judgement) -> Judgement:
        """Find the source that the marker should have named, the one of those consulted that shares most words."""
        wanted = {term.stem for term in claim.terms}
        shared = [len(wanted & self._text(other).stems) for other in range(1, len(self.passages) + 1)]
        other = 1 + max(range(len(shared)), key=shared.__getitem__)
        if shared[other - 1] < shared[number - 1] + A_PART * len(wanted):
            return own
        mine, theirs = self._reading(claim, number), self._reading(claim, other)
        judgement = judge(theirs)
        is_likelier = own.verdict != Verdict.SUPPORTED and judgement.absent <= own.absent - CLEARLY
        # A claim in words of its own and one of another matter look alike in one source; beside another they don't.
        said = mine.measures["said"]
        says_more = said < A_PART and theirs.measures["said"] >= said + MORE
        if judgement.verdict != Verdict.SUPPORTED or not (is_likelier or says_more):
            return own
        flaw = Flaw("source", "", f"Source {other} says this, not source {number}.")
        return Judgement(Verdict.UNSUPPORTED, (flaw, *own.flaws), own.absent)

    def _place(self, claim: Analysed, number: int, said: str) -> Span:
        passage = self.passages[number - 1]
        if quoted := found_in(said, passage.text):
            return quoted
        text = self._text(number)
        return best_piece(pieces_of(passage.text, passage.marks), claim, text, likeness(claim, text))

    def _reading(self, claim: Analysed, *numbers: int) -> Reading:
        vectors = [passage.vector for number in numbers if (passage := self.passages[number - 1]).vector is not None]
        return read(claim, self._text(*numbers), self._nearness, vectors)

    def _text(self, *numbers: int) -> Analysed:
        if numbers not in self._read:
            self._read[numbers] = Analysed("\n".join(self.passages[number - 1].text for number in numbers))
        return self._read[numbers]
