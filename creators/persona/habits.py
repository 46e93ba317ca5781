"""How somebody talks, measured: whom they speak to, what sentences begin with, how sure, how plain, how long."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import log, sqrt

from chrysopedia.core.text import words_of
from creators.persona import english
from creators.transcripts.sentences import sentence_spans

_COMPARING = re.compile(
    r"\b(?:it's|is|was|are|kind of|sort of|almost|just|feels?|sounds?|bit|much) like (?:an?|the|you're|when|if)\b"
    r"|\b(?:as if|as though|think of (?:it|this|that|them) as|imagine|picture (?:an?|this)|analogy|metaphor)\b"
)
_EXAMPLE = re.compile(rf"\b(?:{'|'.join(english.EXAMPLES)})\b")
_HEDGING = re.compile(r"\b(?:kind of|sort of|i think|i guess|i suppose|a (?:little )?bit|more or less)\b")
_OPENERS = frozenset("so and but now well okay alright because yeah right also then or basically actually".split())
_OF_ADDRESS = {
    "i": frozenset("i i'm i've i'll i'd me my".split()),
    "we": frozenset("we we're we've we'll we'd us our let's".split()),
    "you": frozenset("you you're you've you'll you'd your".split()),
}
_OF_TONE = {
    "boost": english.BOOSTERS,
    "praise": english.PRAISE,
    "casual": english.CASUAL | {"yeah", "okay", "ok"},
    "chat": english.PARTICLES,
    "formal": english.FORMAL,
}
LONGEST_SENTENCE = 80
"""Words; what is longer is talk that nobody put stops into, and tells nothing of sentences."""


def hits(sentence: str) -> Counter[str]:
    """Return what marks a sentence, each with how often it does."""
    words = [word.folded for word in words_of(sentence)]
    joined, found = " ".join(words), Counter[str]()
    for name, of_kind in (*_OF_ADDRESS.items(), *_OF_TONE.items()):
        found[name] = sum(word in of_kind for word in words)
    found["hedge"] = sum(word in english.HEDGES for word in words) + len(_HEDGING.findall(joined))
    found["compare"], found["example"] = (len(seen.findall(joined)) for seen in (_COMPARING, _EXAMPLE))
    found["uncontracted"] = sum(english.is_uncontracted(f"{one} {two}") for one, two in pairwise(words))
    found["question"] = int(sentence.rstrip("\"'”’)").endswith("?"))
    if len(words) > 1 and words[0] in _OPENERS:
        found[f"opens {words[0]}"] = 1
    return +found


@dataclass(slots=True)
class Manner:
    """In how many sentences each mark stands, of how many works of the creator, and how many sentences there are."""

    marked: Counter[str] = field(default_factory=Counter)
    works: dict[str, set[int]] = field(default_factory=dict)
    sentences: int = 0
    words: int = 0

    def add(self, sentence: str, *, work: int = 0) -> Counter[str]:
        """Count a sentence of a work, and return what marks it; one of hundreds of words counts for nothing."""
        if (length := len(words_of(sentence))) > LONGEST_SENTENCE or not length:
            return Counter()
        found = hits(sentence)
        self.sentences += 1
        self.words += length
        self.marked.update(found.keys())
        for mark in found:
            self.works.setdefault(mark, set()).add(work)
        return found

    def measuring(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield the texts as they come, their sentences counted."""
        for text in texts:
            for start, end in sentence_spans(text):
                self.add(text[start:end])
            yield text

    def share(self, mark: str) -> float:
        """Return in which share of the sentences a mark stands."""
        return self.marked[mark] / self.sentences if self.sentences else 0.0

    @property
    def length(self) -> float:
        """Words of a sentence, at the mean."""
        return self.words / self.sentences if self.sentences else 0.0


@dataclass(frozen=True, slots=True)
class Habit:
    """What sets somebody apart: the part of a personality, the words for it, and the mark by which it is seen."""

    part: str
    told: str
    mark: str
    times: float
    """How many times as often as others, of lengths how many times as long."""


TIMES, SURE, LEAST = 1.5, 3.0, 5
"""From which on a mark sets somebody apart: so many times as often as others, so sure (z), in so many sentences."""
OFTEN = 0.01
"""A habit stands in one sentence of a hundred, or it would say little."""
SHORTER, LONGER = 0.75, 1.33
ENOUGH = 100
"""Sentences from which on lengths and shares are told."""
MOST_OPENERS = 3
_TOLD = {
    "hedge": ("tone", "tentative"),
    "boost": ("tone", "emphatic"),
    "praise": ("tone", "enthusiastic"),
    "casual": ("tone", "casual"),
    "formal": ("tone", "formal"),
    "chat": ("tone", "conversational"),
    "uncontracted": ("habits", "writes out “it is” and “do not”, {often}"),
    "question": ("habits", "asks a question, {often}"),
    "compare": ("habits", "explains by a comparison, {often}"),
    "example": ("habits", "gives an example, {often}"),
    "i": ("habits", "speaks of themselves, “I”, {often}"),
    "we": ("habits", "takes the listener along, “we”, {often}"),
    "you": ("habits", "speaks to the listener, “you”, {often}"),
}


def habits_of(own: Manner, others: Manner, *, least_works: int) -> list[Habit]:
    """Return what sets one manner apart from that of others, the farthest first; nothing of a few sentences."""
    if min(own.sentences, others.sentences) < ENOUGH:
        return []
    found = {mark: _times(mark, own, others, least_works) for mark in own.marked}
    apart = sorted((mark for mark, times in found.items() if times), key=lambda mark: (-found[mark], mark))
    openers = [mark for mark in apart if mark.startswith("opens ")][:MOST_OPENERS]
    told = [_habit(mark, own, found[mark]) for mark in apart if mark in _TOLD or mark in openers]
    return [*_length(own, others), *_once(told)]


def _once(habits: Iterable[Habit]) -> Iterator[Habit]:
    """Yield habits of which no two are told in the same words."""
    seen = set()
    for one in habits:
        if one.told not in seen:
            seen.add(one.told)
            yield one


def _times(mark: str, own: Manner, others: Manner, least_works: int) -> float:
    """Return how many times as often as others somebody does it, 0 where that may be chance."""
    here, there = own.marked[mark], max(others.marked[mark], 1)
    if here < LEAST or own.share(mark) < OFTEN or len(own.works[mark]) < least_works:
        return 0.0
    times = own.share(mark) / (there / others.sentences)
    is_sure = log(times) / sqrt(1 / here + 1 / there) >= SURE
    return times if times >= TIMES and is_sure else 0.0


def _habit(mark: str, own: Manner, times: float) -> Habit:
    often = _often(own.share(mark))
    if mark.startswith("opens "):
        return Habit("habits", f"begins with “{mark.removeprefix('opens ').capitalize()}”, {often}", mark, times)
    part, told = _TOLD[mark]
    return Habit(part, told.format(often=often), mark, times)


def _often(share: float) -> str:
    """Return a share of sentences in words."""
    return "in most sentences" if share > 0.5 else f"one sentence in {round(1 / share)}"


def _length(own: Manner, others: Manner) -> Iterator[Habit]:
    times = own.length / others.length
    if times <= SHORTER:
        yield Habit("habits", f"short sentences, about {round(own.length)} words", "", times)
    elif times >= LONGER:
        yield Habit("habits", f"long sentences, about {round(own.length)} words", "", times)
