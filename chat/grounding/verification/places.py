"""Where in a passage a claim rests: the sentence, or piece of talk without full stops, that says most of it."""

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from chat.grounding.verification.similarity import Analysed, Matrix
from creators.transcripts.sentences import sentence_spans
from creators.transcripts.timing import Mark

Span = tuple[int, int]

LONG = 40
"""Words from which on a sentence is parted where its lines are, and those are joined again up to ``PIECE`` words."""
PIECE = 22
_WORDS = re.compile(r"\S+")


def pieces_of(text: str, marks: Sequence[Mark] = ()) -> list[Span]:
    """Return the sentences of a passage; a long one, as in captions without full stops, in pieces between its lines."""
    return [piece for span in sentence_spans(text) or [(0, len(text))] for piece in _parted(text, span, marks)]


def best_piece(pieces: Sequence[Span], claim: Analysed, passage: Analysed, matrix: Matrix) -> Span:
    """Return the piece that says most of a claim, for its length; figures count as words that are the same."""
    terms = [passage.spans[term.place][0] for term in passage.terms]
    figures = {figure.value for figure in claim.counted.figures}
    best, found = -1.0, pieces[0]
    for start, end in pieces:
        first, last = bisect_left(terms, start), bisect_left(terms, end)
        said = float((matrix[:, first:last].max(axis=1) ** 2).sum()) if last > first and len(matrix) else 0.0
        said += sum(start <= one.start < end and one.value in figures for one in passage.counted.figures)
        score = said / math.sqrt(6 + len(_WORDS.findall(passage.text, start, end)))
        if score > best + 1e-9:
            best, found = score, (start, end)
    return found


def _parted(text: str, span: Span, marks: Sequence[Mark]) -> Iterator[Span]:
    start, end = span
    words = [match.start() for match in _WORDS.finditer(text, start, end)]
    if len(words) <= LONG:
        yield span
        return
    lines = [mark.offset for mark in marks if start < mark.offset < end] or words[PIECE::PIECE]
    begin = start
    for at in lines:
        if bisect_left(words, at) - bisect_left(words, begin) >= PIECE // 2 and len(text[at:end].split()) > PIECE // 3:
            yield begin, begin + len(text[begin:at].rstrip())
            begin = at
    yield begin, end
