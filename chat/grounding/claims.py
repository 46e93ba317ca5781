"""The sentences of an answer that claim something, and the quotations in them."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import itemgetter

from chat.grounding.markers import without_markers
from chat.grounding.vocabulary import SAYS_NOTHING
from creators.transcripts.sentences import sentence_spans

Span = tuple[int, int]
SHORTEST = 4
"""Words below which a sentence without a marker claims nothing that could be checked."""
MOSTLY = 0.6
"""Share of a sentence's words from which on it is a quotation, with who said it before or after."""
_SIGNS = re.compile(r"^[\s>#*+•-]*(?:\d{1,3}[.)]\s+)?|[*_`]+")
_QUOTATION = re.compile(r"“([^“”]*)”")


def claims(answer: str) -> Iterator[Span]:
    """Yield the sentences of an answer; markers after a full stop belong to the sentence, or quotation, before it."""
    spans = merge_quotations(answer, sentence_spans(answer))
    starts = [_after_markers(answer, span, is_first=index == 0) for index, span in enumerate(spans)]
    for (start, following), (_, end) in zip(pairwise([*starts, len(answer)]), spans, strict=True):
        stop = start + len(answer[start : max(end, following)].rstrip())
        if stop > start:
            yield start, stop


def merge_quotations(answer: str, spans: Sequence[Span]) -> list[Span]:
    """Return the sentences of an answer in order; those within one quotation are one, since its marker is for all."""
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


def _after_markers(answer: str, span: Span, *, is_first: bool) -> int:
    """Return where a sentence begins once the markers that stand before it are given to the one it follows."""
    start, end = span
    if is_first:
        return start
    text = answer[start:end]
    rest = text
    while rest.startswith("[") and (close := rest.find("]")) > 1 and rest[1:close].isdigit():
        rest = rest[close + 1 :].lstrip()
    return end - len(rest) if rest else end


def plain_claim(text: str) -> str:
    """Return a sentence without its markers and without signs of formatting."""
    return " ".join(_SIGNS.sub("", without_markers(text)).split())


def claims_something(text: str) -> bool:
    """Say whether a sentence states something: no question, heading, lead-in, or word of what is left open."""
    plain = plain_claim(text)
    is_lead_in = plain.endswith((":", "?")) or text.lstrip().startswith("#")
    return len(plain.split()) >= SHORTEST and not is_lead_in and not SAYS_NOTHING.search(plain)


def states_nothing(text: str) -> bool:
    """Say whether a cited sentence is none: a marker alone, a heading, a list of sources, a few words with no verb."""
    plain = plain_claim(text)
    words = re.findall(r"[^\W\d_][\w'’]*", plain)
    if text.lstrip().startswith("#") or _LIST.match(plain) or not (words or any(map(str.isdigit, plain))):
        return True
    is_short = len(words) < SHORTEST and not any(map(str.isdigit, plain))
    return is_short and plain[-1:] not in {".", "!", "”"} and not any(_VERBAL.search(word.lower()) for word in words)


_LIST = re.compile(r"(?:sources?|references?|further reading|see also|citations?)\s*(?::|$)", re.IGNORECASE)
_VERBAL = re.compile(
    r"^(?:is|are|was|were|am|be|do|does|did|has|have|had|can|will|may|it|i|you|we|they|he|she)\b|n't|(?:ed|s)$"
)


def mostly_quoted(claim: str) -> str:
    """Return the quoted words of a sentence that is hardly more than a quotation, "" for any other."""
    quoted = " ".join(_QUOTATION.findall(claim))
    return quoted if len(quoted.split()) >= MOSTLY * len(claim.split()) else ""


def quotation_span(claim: str, text: str, sentences: Sequence[Span]) -> Span | None:
    """Return the offsets of the sentences of ``text`` that a claim quotes word for word, None where it doesn't.

    ``sentences`` are the spans of all of them, in order.
    """
    quotation = _QUOTATION.search(claim)
    words = quotation[1].split() if quotation else []
    match = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if not match:
        return None
    spans = [span for span in sentences if span[0] < match.end() and match.start() < span[1]]
    return (spans[0][0], spans[-1][1]) if spans else None
