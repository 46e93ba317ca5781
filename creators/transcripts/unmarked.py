"""Sentences in speech that nobody punctuated: where people would breathe, from the words, the lines and the pauses."""

import json
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from pathlib import Path

import numpy as np
import numpy.typing as npt

from creators.transcripts.segments import Mark

Span = tuple[int, int]

MOST_WORDS = 40
"""Words of the longest piece of speech without full stops."""
USUAL_WORDS = 11
"""Words of a usual one: sentences of talk have 12 at the median."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]{{1,2}}|[^\s{_UNSPACED}]+")
"""A word, or two characters of a script that puts no space between words."""
_EDGE = re.compile(r"^[^\w$]+|[^\w%]+$")
_STOPPED = re.compile(r"[.!?…؟।۔。！？｡‽][\"'”’»›)\]}」』）*_]*$")
_COMMA = re.compile(r"[,;:،、，；—–]")

WEIGHTS: Mapping[str, Mapping[str, float]] = json.loads(Path(__file__).with_name("unmarked.json").read_text("utf-8"))
"""What words say of a sentence that may begin between them, as log-odds: ``next``, ``last`` and ``after`` (the word
after the next), ``before`` (the word before the last), pairs of these, and ``prior``. Fitted to punctuated talk by
``python -m bench.unmarked``."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """What stands between two words: does a line begin there, is it a space, and for how many seconds nobody speaks."""

    offset: int
    is_line: bool
    is_space: bool
    pause: float
    words: float
    """The log-odds that a sentence begins here, from the words alone."""


def is_stopped(text: str) -> bool:
    """Say whether a text ends with a mark that ends a sentence."""
    return _STOPPED.search(text) is not None


def is_unmarked(text: str, span: Span, *, is_timed: bool, is_bare: bool) -> bool:
    """Say whether a sentence as punctuation has it is speech in which full stops are missing.

    ``is_bare`` says that the whole text has hardly any. Elsewhere only what is far too long for a sentence counts:
    people write longer ones than they say, so that a text without times is believed for longer.
    """
    piece = text[slice(*span)]
    words = len(_WORD.findall(piece))
    if is_bare and not is_stopped(piece):
        return words > USUAL_WORDS
    if not is_timed:
        return words > 3 * MOST_WORDS
    return words > 2 * MOST_WORDS or (words > MOST_WORDS and len(_COMMA.findall(piece)) * 20 < words)


def hardly_any_stops(text: str, spans: Sequence[Span]) -> bool:
    """Say whether fewer than one in thirty words ends a sentence."""
    stops = sum(is_stopped(text[start:end]) for start, end in spans)
    return stops * 30 < len(_WORD.findall(text))


def breaths(text: str, span: Span, marks: Sequence[Mark]) -> list[Span]:
    """Return the pieces of a stretch of speech without full stops, none longer than ``MOST_WORDS``.

    ``marks`` say where lines begin in the text. Of all ways to cut, this is the one whose borders have the highest sum
    of log-odds, from words, lines and pauses, less what unusual lengths cost; it is found by dynamic programming. How
    much the beginning of a line tells is estimated from the words that stand there: automatic captions are cut
    anywhere, so theirs tells nothing.
    """
    gaps = _gaps(text, span, marks)
    if not gaps:
        return [span]
    scores = _scores(gaps)
    cuts = [span[0], *(gaps[place].offset for place in _best_cuts(scores)), span[1]]
    return [(begin, begin + len(text[begin:end].rstrip())) for begin, end in pairwise(cuts)]


PAUSE_AFTER = 0.7
"""Seconds that a word may take, by the slowest speakers: what a line lasts beyond that is a pause."""


def _gaps(text: str, span: Span, marks: Sequence[Mark]) -> list[_Gap]:
    """Return the gaps between the words of a span, in order."""
    found = list(_WORD.finditer(text, *span))
    words = [_EDGE.sub("", match[0]).replace("’", "'").casefold() for match in found]
    offsets = [match.start() for match in found]
    pauses = _pauses(offsets, marks)
    return [
        _Gap(
            offset=offset,
            is_line=offset in pauses,
            is_space=text[offset - 1].isspace(),
            pause=pauses.get(offset, 0.0),
            words=_log_odds(words, place),
        )
        for place, offset in enumerate(offsets)
        if place
    ]


def silence_between(start: float, end: float | None, *, words: int, following: float) -> float:
    """Return the seconds of silence after a line of so many words, before the one that begins at ``following``.

    A line whose end is not known, or which is shown until the next, ends where its words must be said.
    """
    spoken = start + max(PAUSE_AFTER * words, 1.0)
    return max(following - (spoken if end is None else min(end, spoken)), 0.0)


def _pauses(offsets: Sequence[int], marks: Sequence[Mark]) -> dict[int, float]:
    """Return the seconds of silence before each line, by its offset."""
    pauses = {}
    for line, mark in pairwise(marks):
        words = bisect_left(offsets, mark.offset) - bisect_left(offsets, line.offset)
        is_timed = line.start is not None and mark.start is not None
        pauses[mark.offset] = (
            silence_between(line.start or 0.0, line.end, words=words, following=mark.start or 0.0) if is_timed else 0.0
        )
    return pauses


def _log_odds(words: Sequence[str], place: int) -> float:
    def word(at: int) -> str:
        return words[at] if 0 <= at < len(words) else ""

    before, last, following, after = (word(place + step) for step in (-2, -1, 0, 1))
    looked_up = (
        ("next", following),
        ("last", last),
        ("after", after),
        ("before", before),
        ("next after", f"{following} {after}"),
        ("before last", f"{before} {last}"),
        ("last next", f"{last} {following}"),
    )
    return sum(WEIGHTS[kind].get(key, 0.0) for kind, key in looked_up)


KNOWN = 0.3
"""Share of the words that the weights have to know for words to count at all: they are English."""
LINE_BLIND, LINE_MOST = 4.0, 4.0
"""What the beginning of a line is worth where words tell nothing, and at most."""
LINE_SCALE = 2.0
PRIOR_LINES = 8
"""Lines that the prior is worth: in a short text little can be learnt of how its lines are cut."""
SPARSE, DENSE = -2.5, -0.7
"""The prior log-odds of a border where lines tell much, and where they tell nothing: there it takes more borders
until one stands near the true one."""
PAUSE_WORTH, LONGEST_PAUSE, SILENCE = 2.0, 1.5, 2.5
"""What a second of silence is worth, up to how many count, and from how many on nobody reads on."""
INSIDE_WORD = -4.0


def _scores(gaps: Sequence[_Gap]) -> npt.NDArray[np.float64]:
    """Return how much speaks for a border at each gap."""
    is_english = sum(gap.words != 0 for gap in gaps) > KNOWN * len(gaps)
    line = _worth_of_a_line(gaps) if is_english else LINE_BLIND
    prior = DENSE + (SPARSE - DENSE) * min(line, 2.0) / 2.0
    return np.array(
        [
            prior
            + gap.words * is_english
            + line * gap.is_line
            + PAUSE_WORTH * min(gap.pause, LONGEST_PAUSE)
            + (LINE_MOST if gap.pause > SILENCE else 0.0)
            + (0.0 if gap.is_space or gap.is_line else INSIDE_WORD)
            for gap in gaps
        ]
    )


def _worth_of_a_line(gaps: Sequence[_Gap]) -> float:
    """Return the log-odds that the beginning of a line adds, as the words at lines and elsewhere have it."""
    prior = WEIGHTS["prior"][""]
    chances = [(gap.is_line, 1 / (1 + exp(-gap.words - prior))) for gap in gaps]
    elsewhere = [chance for is_line, chance in chances if not is_line]
    rest = sum(elsewhere) / len(elsewhere) if elsewhere else 0.05
    at_lines = [chance for is_line, chance in chances if is_line]
    usual = 2 * rest
    share = (sum(at_lines) + PRIOR_LINES * usual) / (len(at_lines) + PRIOR_LINES)
    more = log(share / (1 - share)) - log(rest / (1 - rest)) if 0 < rest < 1 and 0 < share < 1 else 0.0
    return min(max(LINE_SCALE * more, 0.0), LINE_MOST)


LENGTH_COST = 0.5
_COSTS = LENGTH_COST * np.log(np.arange(1, MOST_WORDS + 1) / USUAL_WORDS) ** 2


def _best_cuts(scores: npt.NDArray[np.float64]) -> list[int]:
    """Return the gaps at which to cut: those of the highest score, less what the lengths of the pieces cost."""
    count = len(scores) + 1
    best = np.zeros(count + 1)
    begins = np.zeros(count + 1, dtype=np.intp)
    gains = np.append(scores, 0.0)
    for end in range(1, count + 1):
        first = max(end - MOST_WORDS, 0)
        totals = best[first:end] - _COSTS[end - first - 1 :: -1] if end - first > 0 else best[:1]
        place = int(totals.argmax())
        begins[end] = first + place
        best[end] = totals[place] + gains[end - 1]
    cuts = []
    end = count
    while end > 0:
        end = int(begins[end])
        if end:
            cuts.append(end - 1)
    return cuts[::-1]
