"""Quotations in an answer: kept whole as claims, and found again in the passage they are from."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import itemgetter

from creators.transcripts.sentences import sentence_spans

Span = tuple[int, int]

MOSTLY = 0.6
"""Share of a sentence's words from which on it is a quotation, with who said it before or after."""
_QUOTATION = re.compile(r"“([^“”]*)”")


def whole(answer: str, spans: Sequence[Span]) -> list[Span]:
    """Return the sentences of an answer, in order, with those of one quotation made one: its marker is for all."""
    quotations = [match.span() for match in _QUOTATION.finditer(answer)]
    joined: list[Span] = []
    for start, end in spans:
        # Of the quotations, which don't overlap, only the last one to begin before can reach from one to the other.
        begun = bisect_left(quotations, joined[-1][1], key=itemgetter(0)) if joined else 0
        if begun and start < quotations[begun - 1][1]:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def mostly_quoted(claim: str) -> str:
    """Return the quoted words of a sentence that is hardly more than a quotation, "" for any other."""
    quoted = " ".join(_QUOTATION.findall(claim))
    return quoted if len(quoted.split()) >= MOSTLY * len(claim.split()) else ""


def found_in(claim: str, text: str) -> Span | None:
    """Return the offsets of the sentences of ``text`` that a claim quotes word for word, None where it doesn't."""
    quotation = _QUOTATION.search(claim)
    words = quotation[1].split() if quotation else []
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if not match:
        return None
    spans = [span for span in sentence_spans(text) if span[0] < match.end() and match.start() < span[1]]
    return (spans[0][0], spans[-1][1]) if spans else None
