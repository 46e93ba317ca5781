"""The packing of segments into chunks: what is searched, with the second of every sentence."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from zlib import crc32

from chrysopedia.core.text import estimated_tokens
from creators.transcripts.segments import Correction, Mark, Segment, seconds_at
from creators.transcripts.sentences import Break, Sentence, SentencePart, sentences_of

__all__ = ["ChunkDraft", "Mark", "chunk"]

FULL_ENOUGH = 0.6
"""Share of the budget from which a chunk may end at a sentence."""

FULL_ENOUGH_AT_PAUSE = 0.4
"""Share of the budget from which a chunk may end at a pause."""

OVERLAP = 0.2
"""Share of the budget that the last sentence of a chunk may have to begin the next one too."""

LEAST_WORDS = 8
"""Words below which a section makes no chunk: it would be found for its brevity, before what answers the question."""

LEFTOVER = 40
"""Words below which the end of a section makes no chunk of its own where that can be avoided."""


@dataclass(frozen=True, slots=True)
class ChunkDraft:
    """A chunk before it is stored; ``start`` and ``end`` are seconds, ``None`` without times."""

    text: str
    marks: tuple[Mark, ...]
    heading: str
    start: float | None
    end: float | None
    corrections: tuple[Correction, ...] = ()

    def seconds_at(self, offset: int) -> float | None:
        """Return the second of the character at ``offset``, ``None`` without times."""
        return seconds_at(self.marks, offset, len(self.text))


def chunk(segments: Sequence[Segment], *, budget: int = 235, pause: float = 2.5) -> list[ChunkDraft]:
    """Return the chunks of a transcript: whole sentences of at most ``budget`` estimated tokens under one heading.

    A chunk ends where the text itself says so (a pause of more than ``pause`` seconds, a paragraph, else the
    sentence before the one with the smallest hash), so that an edit moves no boundary far away from it. Its last
    sentence begins the next one too, unless that is long or a pause or a heading parts them.
    """
    named = len({segment.speaker for segment in segments if segment.speaker}) > 1
    drafts: list[ChunkDraft] = []
    for sentences in _sections(sentences_of(segments, budget=budget, pause=pause)):
        section = _Section(sentences, budget, named)
        drafts.extend(_draft(packed, named) for packed in section.chunks())
    return drafts


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a work: a chunk's position, and the offset in its text."""

    position: int
    offset: int


def places_of(begins: Sequence[int], segments: Sequence[Segment], drafts: Sequence[ChunkDraft]) -> list[Place]:
    """Return where segments begin in the chunks that were made of all of them; ``begins`` are indices, rising.

    What can't be found, as it is cut, is placed by the length of what stands before it.
    """
    places: list[Place] = []
    at, done, length = 0, 0, 0
    offset = 0
    for begin in begins:
        length += sum(len(segment.text) + 1 for segment in segments[done:begin])
        done = max(done, begin)
        if begin >= len(segments):
            places.append(Place(len(drafts), 0))
            continue
        words = segments[begin].text.strip().partition("\n")[0][:_ENOUGH]
        reach, ahead = 0, at
        while ahead < len(drafts) and reach <= 2 * length + _NEAR:
            found = drafts[ahead].text.find(words, offset if ahead == at else 0)
            if found >= 0:
                at, offset, length = ahead, _before_name(drafts[ahead], found), 0
                break
            reach += len(drafts[ahead].text)
            ahead += 1
        while at < len(drafts) - 1 and length > len(drafts[at].text) - offset:
            length -= len(drafts[at].text) - offset
            at, offset = at + 1, 0
        places.append(Place(at, offset))
    return places


_ENOUGH = 24
"""Characters by which a segment is found again."""
_NEAR = 3000


def _before_name(draft: ChunkDraft, offset: int) -> int:
    """Return the offset before the name that stands before what is said at ``offset``, if one does."""
    at = bisect_left(draft.marks, offset, key=lambda mark: mark.offset) - 1
    name = draft.marks[at].offset if at >= 0 else offset
    is_name = at >= 0 and draft.text[name:offset] == f"{draft.marks[at].speaker}: "
    return name if is_name else offset


def _sections(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Return the sentences by heading; what is too short to be found for itself goes with the section after it.

    The last short ones go with the section before them. Where they had a heading of their own, it goes before them.
    """
    sections: list[list[Sentence]] = []
    carried: list[Sentence] = []
    for heading, group in groupby(sentences, key=lambda sentence: sentence.heading):
        own = list(group)
        words = sum(sentence.text.count(" ") + 1 for sentence in [*carried, *own])
        if words < LEAST_WORDS:
            carried += own
        else:
            sections.append([*_under(heading, carried), *own])
            carried = []
    if carried and sections:
        sections[-1] += _under(sections[-1][0].heading, carried)
    return sections or ([_under(carried[0].heading, carried)] if carried else [])


def _under(heading: str, carried: Sequence[Sentence]) -> list[Sentence]:
    """Return sentences as they stand under another heading: their own, where it differs, before them as a line."""
    lines: list[Sentence] = []
    for own, group in groupby(carried, key=lambda sentence: sentence.heading):
        moved = list(group)
        if own and not heading.startswith(own):
            title = own.rpartition(" › ")[2]
            part = SentencePart(0, moved[0].parts[0].start, moved[0].parts[0].start)
            lines.append(Sentence(title, (part,), heading, "", Break.PARAGRAPH, "\n", estimated_tokens(title)))
        lines += [replace(sentence, heading=heading) for sentence in moved]
    return lines


@dataclass(slots=True)
class _Section:
    """The sentences under one heading, with sums that make the cost of any stretch of them a subtraction."""

    sentences: list[Sentence]
    budget: int
    named: bool
    tokens: list[int] = field(default_factory=lambda: [0])
    words: list[int] = field(default_factory=lambda: [0])

    def __post_init__(self) -> None:
        speaker = ""
        for sentence in self.sentences:
            label = self._label(sentence) if sentence.speaker != speaker else 0
            self.tokens.append(self.tokens[-1] + label + sentence.tokens)
            self.words.append(self.words[-1] + sentence.text.count(" ") + 1)
            speaker = sentence.speaker

    def _label(self, sentence: Sentence) -> int:
        return estimated_tokens(sentence.speaker) + 1 if self.named and sentence.speaker else 0

    def chunks(self) -> Iterator[list[Sentence]]:
        begin = 0
        while begin < len(self.sentences):
            first = self._overlap(begin)
            end = self._end(first, begin)
            yield self.sentences[first:end]
            begin = end

    def _overlap(self, begin: int) -> int:
        """Return where a chunk begins whose first new sentence is ``begin``: there, or with the sentence before it."""
        if begin == 0 or self.sentences[begin].strength is Break.PAUSE:
            return begin
        last = self.sentences[begin - 1].tokens
        fits = last + self.sentences[begin].tokens + 2 * self._label(self.sentences[begin]) <= self.budget
        return begin - 1 if fits and last <= OVERLAP * self.budget else begin

    def _end(self, first: int, begin: int) -> int:
        """Return the sentence before which the chunk ends: the strongest break in reach, else the smallest hash."""
        base = self.tokens[first]
        before = self.sentences[first - 1].speaker if first else ""
        if self.sentences[first].speaker == before:
            base -= self._label(self.sentences[first])
        count = len(self.sentences)
        most = max(bisect_right(self.tokens, base + self.budget) - 1, begin + 1)
        if most >= count:
            return count
        least = max(bisect_left(self.tokens, base + FULL_ENOUGH * self.budget), begin + 1)
        least_paused = max(bisect_left(self.tokens, base + FULL_ENOUGH_AT_PAUSE * self.budget), begin + 1)
        ends = [end for end in range(least_paused, least) if self.sentences[end].strength is Break.PAUSE]
        ends += range(least, most + 1)
        enough = [end for end in ends if self.words[count] - self.words[end] >= LEFTOVER] or ends or [most]
        return min(
            enough, key=lambda end: (-self.sentences[end].strength, crc32(self.sentences[end].text.encode()), -end)
        )


def _draft(sentences: Sequence[Sentence], named: bool) -> ChunkDraft:
    texts: list[str] = []
    marks: list[Mark] = []
    corrections: list[Correction] = []
    length, speaker = 0, ""
    for sentence in sentences:
        label = f"{sentence.speaker}: " if named and sentence.speaker and sentence.speaker != speaker else ""
        separator = sentence.separator if texts else ""
        length += len(separator)
        opens = not texts or sentence.strength is not Break.INSIDE
        if label:
            start = sentence.parts[0].start
            marks.append(Mark(length, start, start, sentence.speaker, opens))
            length += len(label)
        marks.extend(
            Mark(length + part.offset, part.start, part.end, sentence.speaker, opens and not label and not part.offset)
            for part in sentence.parts
        )
        corrections.extend(one.moved(length + part.offset) for part in sentence.parts for one in part.corrections)
        texts.append(separator + label + sentence.text)
        length += len(sentence.text)
        speaker = sentence.speaker
    starts = [mark.start for mark in marks if mark.start is not None]
    ends = [mark.end for mark in marks if mark.end is not None]
    return ChunkDraft(
        text="".join(texts),
        marks=tuple(marks),
        heading=sentences[0].heading,
        start=min(starts, default=None),
        end=max(ends, default=None),
        corrections=tuple(corrections),
    )
