"""Claims: the sentences of an answer, each with the markers that stand with it, and whether it claims anything."""

import re
from collections.abc import Iterator
from itertools import pairwise

from chat.grounding.markers import without_markers
from chat.grounding.quotations import whole
from chat.grounding.verification.english import SAYS_NOTHING
from creators.transcripts.sentences import sentence_spans

Span = tuple[int, int]

SHORTEST = 4
"""Words below which a sentence without a marker claims nothing that could be checked."""
_SIGNS = re.compile(r"^[\s>#*+•-]*(?:\d{1,3}[.)]\s+)?|[*_`]+")


def claims(answer: str) -> Iterator[Span]:
    """Yield the sentences of an answer; markers after a full stop belong to the sentence, or quotation, before it."""
    spans = whole(answer, sentence_spans(answer))
    starts = [_after_markers(answer, span, is_first=index == 0) for index, span in enumerate(spans)]
    for (start, following), (_, end) in zip(pairwise([*starts, len(answer)]), spans, strict=True):
        stop = start + len(answer[start : max(end, following)].rstrip())
        if stop > start:
            yield start, stop


def plain_claim(text: str) -> str:
    """Return a sentence without its markers and without signs of formatting."""
    return " ".join(_SIGNS.sub("", without_markers(text)).split())


def claims_something(text: str) -> bool:
    """Say whether a sentence states something: no question, heading, lead-in, or word of what is left open."""
    plain = plain_claim(text)
    is_lead_in = plain.endswith((":", "?")) or text.lstrip().startswith("#")
    return len(plain.split()) >= SHORTEST and not is_lead_in and not SAYS_NOTHING.search(plain)


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
