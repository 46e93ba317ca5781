"""The answer without a language model: the sentences of the passages that answer best, quoted and cited."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.grounding.words import stems
from chat.values import Passage
from creators.transcripts.sentences import sentence_spans

Vector = npt.NDArray[np.float32]

FROM_PASSAGES = 3
"""Passages whose sentences are weighed; what is left of the list is consulted, not quoted."""
MOST_QUOTES = 3
WORDS_WEIGHT, PASSAGE_WEIGHT = 0.8, 0.06
CLOSE_TO_BEST = 0.72
"""A further sentence is quoted when its score is at least this share of the best one's."""
SAME = 0.8
"""Share of words from which on two sentences say the same."""
SHORTEST = 4
"""Words below which a sentence answers nothing by itself."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence to be quoted: the number of its source and its place in the passage."""

    number: int
    start: int
    end: int
    score: float


def best_quotes(
    passages: Sequence[Passage],
    *,
    question: Vector,
    weights: Mapping[str, float],
    embed: Callable[[Sequence[str]], npt.NDArray[np.float32]],
) -> tuple[Quote, ...]:
    """Return the sentences that answer best, in an order that reads well; at least one where there is a passage.

    A sentence's score is its cosine to the question, the weighted share of the question's terms in it, and a little
    of its passage's own score. ``weights`` are the question's terms, stemmed, with their inverse document frequency.
    """
    sentences = list(_sentences(passages[:FROM_PASSAGES]))
    if not sentences:
        return ()
    texts = [passages[number - 1].text[start:end] for number, start, end in sentences]
    nearness = embed(texts) @ question
    most = sum(weights.values()) or 1.0
    scored = [
        Quote(
            number=number,
            start=start,
            end=end,
            score=float(near)
            + WORDS_WEIGHT * sum(weights.get(word, 0.0) for word in set(stems(text))) / most
            + PASSAGE_WEIGHT * _strength(passages[number - 1]),
        )
        for (number, start, end), text, near in zip(sentences, texts, nearness, strict=True)
    ]
    return _in_reading_order(_chosen(sorted(scored, key=lambda quote: -quote.score), passages))


def as_pieces(quotes: Sequence[Quote], passages: Sequence[Passage]) -> Iterator[str]:
    """Yield the answer piece by piece: each sentence verbatim in quotation marks, with its marker.

    Sentences of one passage share a paragraph; where several people speak, each paragraph says who.
    """
    named = len({passages[quote.number - 1].creator_slug for quote in quotes}) > 1
    before = 0
    for quote in quotes:
        passage = passages[quote.number - 1]
        if quote.number == before:
            yield " “"
        else:
            yield ("\n\n" if before else "") + (f"{passage.creator}: “" if named else "“")
        yield from _words(_tidy(passage.text[quote.start : quote.end]))
        yield f"” [{quote.number}]"
        before = quote.number


def _sentences(passages: Sequence[Passage]) -> Iterator[tuple[int, int, int]]:
    """Yield number and offsets of every sentence, those that overlapping passages share only once."""
    seen: set[str] = set()
    for number, passage in enumerate(passages, start=1):
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            if text not in seen and (len(text.split()) >= SHORTEST or len(passage.text) < 200):
                seen.add(text)
                yield number, start, end


def _strength(passage: Passage) -> float:
    return 7.1 * passage.cosine + 11.1 * passage.lexical + 5.7 * passage.cosine * passage.lexical


def _chosen(ranked: Sequence[Quote], passages: Sequence[Passage]) -> list[Quote]:
    chosen: list[Quote] = []
    bags: list[set[str]] = []
    for quote in ranked:
        if len(chosen) == MOST_QUOTES or (chosen and quote.score < CLOSE_TO_BEST * chosen[0].score):
            break
        bag = set(stems(passages[quote.number - 1].text[quote.start : quote.end]))
        if all(len(bag & other) < SAME * min(len(bag), len(other)) for other in bags):
            chosen.append(quote)
            bags.append(bag)
    return chosen


def _in_reading_order(chosen: Sequence[Quote]) -> tuple[Quote, ...]:
    """Order the quotes by passage, the one with the best sentence first, and within a passage as they were said."""
    passages = list(dict.fromkeys(quote.number for quote in chosen))
    return tuple(sorted(chosen, key=lambda quote: (passages.index(quote.number), quote.start)))


def _words(text: str) -> Iterator[str]:
    """Yield the text a few words at a time, as a model would."""
    words = text.split(" ")
    for first in range(0, len(words), 4):
        yield (" " if first else "") + " ".join(words[first : first + 4])


def _tidy(text: str) -> str:
    """Keep the words as they are; only a number in square brackets would be taken for a marker."""
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.split()))
