"""Sentences: where they begin and end, and in which segments, at which second they are said."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import accumulate, pairwise

from chrysopedia.core.text import TOKEN, estimated_tokens
from creators.transcripts.segments import Correction, Mark, Segment, within
from creators.transcripts.unmarked import breaths, hardly_any_stops, is_stopped, is_unmarked, silence_between

_CLOSERS = "\"'”’»›)\\]}」』）*_"
_STOP = re.compile(rf"(?P<wide>[。！？｡]++)[{_CLOSERS}]*+|(?P<stop>[.!?…؟।۔‽]++)(?P<closers>[{_CLOSERS}]*+)|\n")
_TITLES = frozenset(
    {
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "sr",
        "jr",
        "rev",
        "gen",
        "capt",
        "lt",
        "sgt",
        "hon",
        "messrs",
        "mme",
        "mlle",
        "dipl",
    }
)
_INWARD = frozenset(
    {
        "e.g",
        "i.e",
        "eg",
        "ie",
        "vs",
        "cf",
        "fig",
        "figs",
        "approx",
        "ca",
        "resp",
        "viz",
        "al",
        "incl",
        "z.b",
        "d.h",
        "bzw",
    }
)
_BEFORE_NUMBER = frozenset({"no", "nos", "nr", "vol", "pp", "p", "ch", "sec", "eq", "fig", "ver", "v", "op"})
_OPENERS = "\"'“‘«‹([{¿¡*_-—–"


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of the sentences in ``text``, in order, trimmed, none empty.

    Together they cover everything that isn't space. A line break ends a sentence: join wrapped lines first.
    Takes linear time, whatever the text.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _STOP.finditer(text):
        end = match.end()
        if match["stop"] and not _ends(text, start, match, end):
            continue
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def spoken_spans(text: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return the offsets of the sentences in a text, as ``sentence_spans``; speech without full stops is parted too.

    ``marks`` say where the lines of the text begin, and when.
    """
    spans = sentence_spans(text)
    is_timed = any(mark.start is not None for mark in marks)
    is_bare = len(marks) > 1 and hardly_any_stops(text, spans)

    def parted(span: tuple[int, int]) -> list[tuple[int, int]]:
        is_speech = is_unmarked(text, span, is_timed=is_timed, is_bare=is_bare)
        return breaths(text, span, marks) if is_speech else [span]

    return [piece for span in spans for piece in parted(span)]


def chunk_spans(text: str, marks: Sequence[Mark]) -> list[tuple[int, int]]:
    """Return the offsets of the sentences in a chunk's text, without the names of who says them.

    They are those that the chunk was packed of; where its marks don't say, they are found anew. Everything that
    quotes, cites or checks a passage takes its sentences from here.
    """
    opened = [mark.offset for mark in marks if mark.opens]
    spans: list[tuple[int, int]] = []
    for begin, end in pairwise([*([] if opened[0] == 0 else [0]), *opened, len(text)]) if opened else ():
        for line in _LINE.finditer(text, begin, end):
            _add(spans, text, line.start(), line.end())
    named = ((_after_name(text, marks, begin), end) for begin, end in spans or spoken_spans(text, marks))
    return [(begin, end) for begin, end in named if begin < end]


def _after_name(text: str, marks: Sequence[Mark], begin: int) -> int:
    """Return where a sentence begins behind the name of its speaker, or where it begins."""
    at = bisect_right(marks, begin, key=lambda mark: mark.offset) - 1
    name = f"{marks[at].speaker}: " if at >= 0 and marks[at].speaker else ""
    return begin + len(name) if name and text.startswith(name, begin) else begin


_LINE = re.compile(r"[^\n]+")


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    body = text[start:end].rstrip()
    if body:
        right = start + len(body)
        spans.append((right - len(body.lstrip()), right))


def _ends(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if end == len(text):
        return True
    if not text[end].isspace():
        return False
    following = text[end : end + 8].lstrip().lstrip(_OPENERS)[:1]
    stop = match["stop"]
    if following.islower():
        # "wait... what" and “Why?” he said go on; "what? no" doesn't
        return not match["closers"] and stop[-1] not in ".…"
    return stop != "." or bool(match["closers"]) or not _abbreviates(text, start, match.start(), following)


def _abbreviates(text: str, start: int, stop: int, following: str) -> bool:
    """Say whether the full stop at ``stop`` belongs to the word before it."""
    begin = max(start, stop - 24)
    words = text[max(begin, text.rfind(" ", begin, stop)) : stop].split()
    word = words[-1].lstrip(_OPENERS) if words else ""
    if not word or (len(word) > 7 and "." not in word):
        return False
    lower = word.lower()
    if lower in _INWARD or (lower in _TITLES and word[0].isupper()):  # "Ms. Doe", but "20 ms. Then"
        return True
    if following.isdigit() and lower in _BEFORE_NUMBER:
        return True
    if len(word) == 1 and word.isalpha():
        return word.isupper() and word != "I" and following.isupper()
    if "." in word and word.replace(".", "").isupper():
        return all(len(letter) == 1 for letter in word.split("."))
    return word.isdigit() and len(word) < 4 and stop - len(word) - start < 2


LONG = 0.3
"""Share of the budget beyond which a sentence may be parted between its cues: captions without full stops."""

_CLAUSE = ("\n", "; ", ", ", ": ", " – ", "、", "，", " ")


class Break(IntEnum):
    """How strongly the text parts a sentence from the one before it."""

    INSIDE = 0
    SENTENCE = 1
    PARAGRAPH = 2
    PAUSE = 3


@dataclass(frozen=True, slots=True)
class SentencePart:
    """Where a segment begins in a sentence, with its seconds and its corrections, by their offset in the sentence."""

    offset: int
    start: float | None
    end: float | None
    corrections: tuple[Correction, ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a part of one that is too long for a chunk, and how it is joined to the one before it."""

    text: str
    parts: tuple[SentencePart, ...]
    heading: str
    speaker: str
    strength: Break
    separator: str
    tokens: int


def sentences_of(segments: Sequence[Segment], *, budget: int, pause: float) -> Iterator[Sentence]:
    """Yield the sentences of segments: every word is in one, none has more than ``budget`` estimated tokens.

    A break of more than ``pause`` seconds before a sentence counts as ``Break.PAUSE``.
    """
    before: float | None = None
    for run in runs_of(segments):
        for sentence in _sentences_of_run(run, budget):
            begin = sentence.parts[0].start
            paused = before is not None and begin is not None and begin - before > pause
            before = sentence.parts[-1].end
            yield replace(sentence, strength=Break.PAUSE) if paused else sentence


def runs_of(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Yield the segments that read on, the empty ones left out: one speaker, one paragraph, and code by itself."""
    run: list[Segment] = []
    for segment in segments:
        if not segment.text.strip():
            continue
        if run and _parts_ways(run[-1], segment):
            yield run
            run = []
        run.append(segment)
    if run:
        yield run


def _parts_ways(last: Segment, segment: Segment) -> bool:
    if segment.paragraph or segment.speaker != last.speaker or segment.heading != last.heading:
        return True
    if last.start is not None and segment.start is not None and not is_stopped(last.text):
        silence = silence_between(last.start, last.end, words=last.text.count(" ") + 1, following=segment.start)
        if silence > LONG_SILENCE:
            return True
    return "\n" in segment.text or "\n" in last.text


LONG_SILENCE = 6.0
"""Seconds of silence after which nobody goes on with a sentence, as between the lines of a list of chapters."""


def _sentences_of_run(run: list[Segment], budget: int) -> Iterator[Sentence]:
    """Yield the sentences of a run, whose text is that of its segments with a space between."""
    texts = [segment.text for segment in run]
    text = " ".join(texts)
    starts = [0, *accumulate(len(each) + 1 for each in texts[:-1])]
    marks = [Mark(start, segment.start, segment.end) for start, segment in zip(starts, run, strict=True)]
    spans = [(0, len(text))] if "\n" in text else spoken_spans(text, marks)
    for number, (left, right) in enumerate(spans):
        for begin, end, tokens in _pieces(text, left, right, starts, budget):
            if begin > left:
                strength, separator = Break.INSIDE, _gap(text, begin)
            elif number:
                strength, separator = Break.SENTENCE, " "
            else:
                strength, separator = Break.PARAGRAPH, "\n"
            parts = _parts(run, starts, begin, end)
            yield Sentence(text[begin:end], parts, run[0].heading, run[0].speaker, strength, separator, tokens)


def _gap(text: str, at: int) -> str:
    before = text[at - 1]
    return "\n" if before == "\n" else " " if before.isspace() else ""


def _parts(run: list[Segment], starts: list[int], left: int, right: int) -> tuple[SentencePart, ...]:
    parts = []
    for number in range(bisect_right(starts, left) - 1, len(run)):
        segment, at = run[number], starts[number]
        if at >= right:
            break
        begin, end = max(left, at), min(right, at + len(segment.text))
        if begin < end:
            corrections = tuple(within(segment.corrections, begin - at, end - at))
            start, stop = second_of(segment, begin - at), second_of(segment, end - at)
            parts.append(SentencePart(begin - left, start, stop, corrections))
    return tuple(parts)


def second_of(segment: Segment, at: int) -> float | None:
    """Return the second of the character at ``at`` of a segment, ``None`` without times."""
    if segment.start is None or segment.end is None:
        return segment.start
    return round(segment.start + (segment.end - segment.start) * at / len(segment.text), 3)


def _pieces(text: str, left: int, right: int, starts: list[int], budget: int) -> Iterator[tuple[int, int, int]]:
    """Yield begin, end and tokens of a sentence: whole, or between its cues if it is long, or what fits."""
    tokens = estimated_tokens(text[left:right])
    cues = starts[bisect_right(starts, left) : bisect_left(starts, right)] if tokens > LONG * budget else []
    if not cues and tokens <= budget:
        yield left, right, tokens
        return
    for begin, end in pairwise([left, *cues, right]):
        yield from _fitting(text, begin, end, budget)


def _fitting(text: str, begin: int, end: int, budget: int) -> Iterator[tuple[int, int, int]]:
    """Yield pieces of at most ``budget``, parted at the last clause or word before half of it is full."""
    places = [match.start() for match in TOKEN.finditer(text, begin, end)]
    half, first = max(budget // 2, 1), 0
    while len(places) - first > budget:
        limit = places[first + half]
        cut = max(_cut(text, places[first + half // 2], limit), places[first] + 1)
        following = bisect_left(places, cut)
        yield places[first], places[first] + len(text[places[first] : cut].rstrip()), following - first
        first = following
    if first < len(places):
        last = text[places[first] : end].rstrip()
        yield places[first], places[first] + len(last), len(places) - first


def _cut(text: str, begin: int, end: int) -> int:
    for mark in _CLAUSE:
        at = text.rfind(mark, begin, end)
        if at >= 0:
            return at + len(mark)
    return end
