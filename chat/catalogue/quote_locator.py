"""Where a quote stands in the texts of a transcript, whatever its case, punctuation and space."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chrysopedia.core.text import folded, words_of


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """Where a quote stands in one block: the block's index, and the offsets from ``start`` to before ``end``."""

    block: int
    start: int
    end: int


CLOSING_SIGNS = ".,;:!?…)]}\"'”’»"
"""Signs that belong to the words before them."""
MAX_WORDS_BETWEEN = 80
"""Words that may stand between the first and the last words of a quote that is found by these two."""


def locate_quote(
    texts: Sequence[str], edges: Sequence[str], *, starts: Sequence[float | None], at: float | None
) -> tuple[QuoteSpan, ...]:
    """Return the spans of a quote in consecutive texts, one for each text that it touches; () where it isn't there.

    ``edges`` holds the quote, or its first and its last words; case, punctuation and space don't count. ``starts`` are
    the seconds at which the texts begin, or None. Where the quote occurs more than once, the occurrence nearest to the
    second ``at`` is taken, and without times the first.
    """
    words = [(number, word) for number, text in enumerate(texts) for word in words_of(text)]
    wanted = [found for edge in edges if (found := folded(edge))]
    ranges = _word_ranges(" ".join(word.folded for _, word in words), wanted)
    if not ranges:
        return ()

    def distance(found: tuple[int, int]) -> float:
        start = starts[words[found[0]][0]]
        return abs(start - at) if start is not None and at is not None else 0.0

    first, last = min(ranges, key=distance)
    (begin, opening), (end, closing) = words[first], words[last]
    spans = [QuoteSpan(number, 0, len(texts[number])) for number in range(begin, end + 1)]
    spans[0] = replace(spans[0], start=opening.start)
    spans[-1] = replace(spans[-1], end=_with_closing_signs(texts[end], closing.end))
    return tuple(spans)


def _word_ranges(joined: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return the indices of the first and the last word of each occurrence in ``joined``, all words, folded."""
    if not wanted:
        return []
    opening, closing = _phrase_ranges(joined, wanted[0]), _phrase_ranges(joined, wanted[-1])
    if len(wanted) == 1:
        return opening
    begins = [first for first, _ in closing]
    found = []
    for first, last in opening:
        following = bisect_right(begins, last)
        if following < len(begins) and begins[following] - last <= MAX_WORDS_BETWEEN:
            found.append((first, closing[following][1]))
    return found


def _phrase_ranges(joined: str, phrase: str) -> list[tuple[int, int]]:
    """Return the indices of the first and the last word of each occurrence of a phrase."""
    padded, wanted, length = f" {joined} ", f" {phrase} ", phrase.count(" ")
    found, counted, words = [], 0, 0
    at = padded.find(wanted)
    while at >= 0:
        words += padded.count(" ", counted, at)
        counted = at
        found.append((words, words + length))
        at = padded.find(wanted, at + 1)
    return found


def _with_closing_signs(text: str, end: int) -> int:
    """Return the offset after the punctuation that follows ``end``."""
    while end < len(text) and text[end] in CLOSING_SIGNS:
        end += 1
    return end
