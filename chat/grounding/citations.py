"""Citations: for each sentence of an answer and each source it names, what it rests on in the passage."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from chat.grounding.markers import numbers_in, without_markers
from chat.grounding.quotations import found_in, whole
from chat.grounding.words import stems
from chat.values import Citation, Passage
from creators.corrections import as_heard
from creators.links import link_to
from creators.timing import seconds_at
from creators.transcripts.sentences import sentence_spans

Span = tuple[int, int]


def citations_of(answer: str, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """Return a citation for every sentence and number; offsets are code points of ``answer``."""
    return tuple(
        _citation(answer, span, number, passages[number - 1])
        for span in claims(answer)
        for number in numbers_in(answer[slice(*span)])
        if 1 <= number <= len(passages)
    )


def claims(answer: str) -> Iterator[Span]:
    """Yield the sentences of an answer; markers after a full stop belong to the sentence, or quotation, before it."""
    spans = whole(answer, sentence_spans(answer))
    starts = [_after_markers(answer, span, is_first=index == 0) for index, span in enumerate(spans)]
    for (start, following), (_, end) in zip(pairwise([*starts, len(answer)]), spans, strict=True):
        stop = start + len(answer[start : max(end, following)].rstrip())
        if stop > start:
            yield start, stop


def best_sentence(claim: str, text: str) -> Span:
    """Return the offsets of the sentence of ``text`` that shares most with the claim, rare words counting more."""
    spans = sentence_spans(text) or [(0, len(text))]
    bags = [set(stems(text[start:end])) for start, end in spans]
    wanted = set(stems(without_markers(claim)))
    weights = _rarity(bags)
    shared = [sum(weights[word] for word in bag & wanted) / math.sqrt(4 + len(bag)) for bag in bags]
    return spans[shared.index(max(shared))]


def located(passage: Passage, span: Span) -> tuple[float | None, float | None, str]:
    """Return when a span of the passage begins and ends, and the link that opens it there."""
    length = len(passage.text)
    start = seconds_at(passage.marks, span[0], length=length)
    end = seconds_at(passage.marks, span[1] - 1, length=length)
    quote = passage.text[slice(*span)]
    return start, end, link_to(url=passage.url, work=passage.work_slug, seconds=start, quote=quote)


def _citation(answer: str, span: Span, number: int, passage: Passage) -> Citation:
    claim = without_markers(answer[slice(*span)]).strip()
    found = found_in(claim, passage.text) or best_sentence(claim, passage.text)
    start, end, url = located(passage, found)
    quote = passage.text[slice(*found)]
    heard = as_heard(passage.text, passage.corrections, start=found[0], end=found[1])
    return Citation(
        number=number,
        claim=claim,
        start=span[0],
        end=span[1],
        quote=quote,
        start_seconds=start,
        end_seconds=end,
        url=url,
        heard=heard if heard != quote else "",
    )


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


def _rarity(bags: Iterable[set[str]]) -> dict[str, float]:
    counts = Counter(word for bag in bags for word in bag)
    return {word: 1 / (1 + math.log(count)) for word, count in counts.items()}
