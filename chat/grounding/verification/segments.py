"""The sentences of a passage that a receipt can point to, and the one that says most of a claim."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from chat.grounding.claims import Span
from chat.grounding.verification.similarity import AnalysedText, Matrix
from creators.transcripts.segments import Mark
from creators.transcripts.sentences import chunk_spans

LONG = 40
"""Words from which on a sentence is parted where its lines are, and those are joined again up to ``PIECE`` words."""
SEGMENT = 22
_WORDS = re.compile(r"\S+")


def segments_of(text: str, marks: Sequence[Mark] = ()) -> list[Span]:
    """Return the spans of a passage's sentences; a long one, as in captions without full stops, is split at lines."""
    return [
        segment
        for span in chunk_spans(text, marks) or [(0, len(text))]
        for segment in _split_at_lines(text, span, marks)
    ]


def _split_at_lines(text: str, span: Span, marks: Sequence[Mark]) -> Iterator[Span]:
    start, end = span
    words = [match.start() for match in _WORDS.finditer(text, start, end)]
    if len(words) <= LONG:
        yield span
        return
    lines = [mark.offset for mark in marks if start < mark.offset < end] or words[SEGMENT::SEGMENT]
    begin = start
    for at in lines:
        if (
            bisect_left(words, at) - bisect_left(words, begin) >= SEGMENT // 2
            and len(text[at:end].split()) > SEGMENT // 3
        ):
            yield begin, begin + len(text[begin:at].rstrip())
            begin = at
    yield begin, end


def best_segment(segments: Sequence[Span], claim: AnalysedText, passage: AnalysedText, matrix: Matrix) -> Span:
    """Return the segment that says most of a claim for its length; an equal quantity counts as one equal word."""
    terms = passage.once(_offsets)
    quantities = {quantity.value for quantity in claim.quantity_text.quantities}
    given = [one for one in passage.quantity_text.quantities if one.value in quantities]
    best, found = -1.0, segments[0]
    for start, end in segments:
        first, last = bisect_left(terms, start), bisect_left(terms, end)
        said = float((matrix[:, first:last].max(axis=1) ** 2).sum()) if last > first and len(matrix) else 0.0
        said += sum(start <= one.start < end for one in given)
        score = said / math.sqrt(6 + len(_WORDS.findall(passage.text, start, end)))
        if score > best + 1e-9:
            best, found = score, (start, end)
    return found


def _offsets(text: AnalysedText) -> Sequence[int]:
    """Return where the content words of a text begin."""
    return [text.spans[term.place][0] for term in text.terms]
