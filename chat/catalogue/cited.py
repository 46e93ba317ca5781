"""Where the words of a citation stand in a work, which its page marks."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chrysopedia.core.text import folded, words_of

CLOSING = ".,;:!?…)]}\"'”’»"
"""Signs that belong to the words before them."""

FARTHEST = 80
"""Words between the first and the last ones of a sentence that is found by both."""


@dataclass(frozen=True, slots=True)
class Said:
    """The part of one text that was cited, as offsets."""

    text: int
    start: int
    end: int


def said_in(
    texts: Sequence[str], edges: Sequence[str], *, starts: Sequence[float | None], at: float | None
) -> tuple[Said, ...]:
    """Return where the sentence stands in the texts of a work, which follow each other; () where it doesn't.

    ``edges`` are the sentence itself, or its first and its last words. Of several places the one nearest to the
    second ``at`` is taken, by the second at which each text begins; without times the first.
    """
    words = [(number, word) for number, text in enumerate(texts) for word in words_of(text)]
    wanted = [found for edge in edges if (found := folded(edge))]
    ranges = _ranges(" ".join(word.folded for _, word in words), wanted)
    if not ranges:
        return ()

    def distance(found: tuple[int, int]) -> float:
        start = starts[words[found[0]][0]]
        return abs(start - at) if start is not None and at is not None else 0.0

    first, last = min(ranges, key=distance)
    (begin, opening), (end, closing) = words[first], words[last]
    places = [Said(number, 0, len(texts[number])) for number in range(begin, end + 1)]
    places[0] = replace(places[0], start=opening.start)
    places[-1] = replace(places[-1], end=_closed(texts[end], closing.end))
    return tuple(places)


def _ranges(joined: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Return the first and the last word of each place, counted in the words of the whole work."""
    if not wanted:
        return []
    opening, closing = _places(joined, wanted[0]), _places(joined, wanted[-1])
    if len(wanted) == 1:
        return opening
    begins = [first for first, _ in closing]
    found = []
    for first, last in opening:
        following = bisect_right(begins, last)
        if following < len(begins) and begins[following] - last <= FARTHEST:
            found.append((first, closing[following][1]))
    return found


def _places(joined: str, phrase: str) -> list[tuple[int, int]]:
    """Return the number of the first and of the last word of each place where the phrase stands."""
    padded, wanted, length = f" {joined} ", f" {phrase} ", phrase.count(" ")
    found, counted, words = [], 0, 0
    at = padded.find(wanted)
    while at >= 0:
        words += padded.count(" ", counted, at)
        counted = at
        found.append((words, words + length))
        at = padded.find(wanted, at + 1)
    return found


def _closed(text: str, end: int) -> int:
    """Return where the words end with the signs that close them."""
    while end < len(text) and text[end] in CLOSING:
        end += 1
    return end
