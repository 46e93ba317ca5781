"""Marks of passages, hidden and preferred, found again by the words that were heard where borders have moved."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import accumulate, groupby, pairwise

from chrysopedia.core.text import folded
from creators.transcripts.cutting import begins_in
from creators.transcripts.revision import ChunkText
from creators.transcripts.segments import as_heard

LEAST_ALIKE = 6
"""Words, or half of the shorter one, that two sentences have to share, so that a stray "the" carries no mark."""

LEAST_MOVED = 4
"""Words from which on a sentence that stands elsewhere now is known again by all of them: "yes" stands anywhere."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage as ingest made it, and what a curator said of it as a whole."""

    said: ChunkText
    is_hidden: bool = False
    is_preferred: bool = False

    @property
    def is_marked(self) -> bool:
        """Whether a curator said anything of it."""
        return self.is_hidden or self.is_preferred


class Sight(Enum):
    """Whether a sentence stood in hidden passages alone, in shown ones alone, or in both or in none."""

    HIDDEN = "hidden"
    SHOWN = "shown"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of a new passage: of each of its sentences, whether most was preferred, and whose marks those are.

    ``sources`` are the numbers of the marked passages of before of which it holds something that no other held.
    """

    sights: tuple[Sight, ...]
    is_preferred: bool
    sources: frozenset[int]

    @property
    def runs(self) -> list[tuple[Sight, int]]:
        """The stretches of sentences that are hidden or shown, in order, with how many they are.

        One that stood in both is shown where it stands beside one that is, and else goes with those beside it.
        """
        filled = list(self.sights)
        for want in (Sight.SHOWN, Sight.HIDDEN):
            for order in (range(1, len(filled)), range(len(filled) - 2, -1, -1)):
                step = order.step
                for at in order:
                    if filled[at] is Sight.EITHER and filled[at - step] is want:
                        filled[at] = want
        return [(sight, len(list(group))) for sight, group in groupby(filled)]


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of passages that follow each other as they were heard, those of a shared sentence once.

    ``ends`` tells for each sentence, numbered over all, before which word it ends.
    """

    words: tuple[str, ...]
    ends: tuple[int, ...]
    begins: tuple[int, ...]
    """The number of the first sentence of each passage."""

    @classmethod
    def of(cls, passages: Sequence[ChunkText]) -> "_Words":
        begins = begins_in(passages)
        sentences: list[list[str]] = []
        for begin, one in zip(begins, passages, strict=True):
            heard = [folded(as_heard(one.text, one.corrections, start=at, end=end)).split() for at, end in one.spans]
            sentences += heard[len(sentences) - begin :]
        words = tuple(word for sentence in sentences for word in sentence)
        return cls(words, tuple(accumulate(map(len, sentences))), tuple(begins))

    def sentence_of(self, word: int) -> int:
        """Return the number of the sentence that holds a word."""
        return bisect_right(self.ends, word)

    def length(self, sentence: int) -> int:
        """Return how many words a sentence has."""
        return len(self.of_sentence(sentence))

    def of_sentence(self, sentence: int) -> tuple[str, ...]:
        """Return the words of a sentence."""
        return self.words[self.ends[sentence - 1] if sentence else 0 : self.ends[sentence]]


def carried(before: Sequence[Marked], after: Sequence[ChunkText]) -> list[Carried]:
    """Return for each passage of a new text what the marks of the text before come to in it.

    What the glossary put right counts as it was heard, so that a new glossary loses nothing.
    """
    old, new = _Words.of([one.said for one in before]), _Words.of(after)
    passages_of: list[list[int]] = [[] for _ in old.ends]
    for number, (begin, one) in enumerate(zip(old.begins, before, strict=True)):
        for sentence in range(begin, begin + len(one.said.spans)):
            passages_of[sentence].append(number)
    shared = Counter((new.sentence_of(there), old.sentence_of(here)) for here, there in _same(old.words, new.words))
    found: list[set[int]] = [set() for _ in new.ends]
    for (there, here), count in shared.items():
        if count >= LEAST_ALIKE or 2 * count >= min(old.length(here), new.length(there)):
            found[there].add(here)
    _know_again(found, old, new)
    _fill(found, hidden=[all(before[at].is_hidden for at in where) for where in passages_of])
    wheres = [[passages_of[one] for one in sorted(sentence)] for sentence in found]
    return [
        _carried(wheres[begin : begin + len(one.spans)], before) for begin, one in zip(new.begins, after, strict=True)
    ]


def _know_again(found: Sequence[set[int]], old: _Words, new: _Words) -> None:
    """Have sentences that stand elsewhere now, word for word, be made of those that they were."""
    same: dict[tuple[str, ...], set[int]] = {}
    for here in range(len(old.ends)):
        same.setdefault(old.of_sentence(here), set()).add(here)
    for there, where in enumerate(found):
        if new.length(there) >= LEAST_MOVED and (were := same.get(new.of_sentence(there))) and not were & where:
            where.clear()
            where.update(were)


def _fill(found: Sequence[set[int]], *, hidden: Sequence[bool]) -> None:
    """Have sentences that nobody said before be made of those in whose place they stand, where these were all hidden.

    They stand in place of what was between the sentences beside them, or amidst these, where nothing was. What is more
    than twice as long is new.
    """
    known = [at for at, one in enumerate(found) if one]
    for left, right in pairwise([-1, *known, len(found)]) if known else ():
        first = max(found[left]) if left >= 0 else -1
        last = min(found[right]) if right < len(found) else len(hidden)
        beside = {first, last} if left >= 0 and right < len(found) else set[int]()
        place = set(range(first + 1, last)) or beside
        if right - left - 1 <= 2 * len(place) and all(hidden[at] for at in place):
            for at in range(left + 1, right):
                found[at] |= place


def _carried(sentences: Sequence[Sequence[Sequence[int]]], before: Sequence[Marked]) -> Carried:
    """Return what a passage comes to, given for each of its sentences the passages of those of before that made it."""
    preferred = sum(any(before[at].is_preferred for at in where) for one in sentences for where in one[:1])
    own = (where for one in sentences for where in one if all(before[at].is_marked for at in where))
    marked = {at for where in own for at in where}
    sights = tuple(_sight([{before[at].is_hidden for at in where} for where in one]) for one in sentences)
    return Carried(sights, is_preferred=2 * preferred > len(sentences), sources=frozenset(marked))


def _sight(hidden: Iterable[set[bool]]) -> Sight:
    """Return how a sentence was seen that is made of sentences of before, by whether the passages of each were hidden.

    A sentence that nobody said before was not hidden, unless it stands in the place of such that were.
    """
    seen = list(hidden)
    if {True} in seen:
        return Sight.HIDDEN
    return Sight.SHOWN if not seen or {False} in seen else Sight.EITHER


def _same(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield the places of words that both texts have in the same order."""
    most = min(len(old), len(new))
    first = next((at for at in range(most) if old[at] != new[at]), most)
    last = next((at for at in range(most - first) if old[-1 - at] != new[-1 - at]), most - first)
    yield from zip(range(first), range(first), strict=True)
    middle = SequenceMatcher(None, old[first : len(old) - last], new[first : len(new) - last], autojunk=True)
    for block in middle.get_matching_blocks():
        yield from ((first + block.a + at, first + block.b + at) for at in range(block.size))
    yield from ((len(old) - at, len(new) - at) for at in range(last, 0, -1))
