"""The answer without a language model: the sentences of the passages that answer best, quoted and cited."""

import re
from bisect import bisect_right
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
WORDS, PASSAGE, BEFORE, AFTER, QUANTITY, ASKING = 0.8, 0.06, 0.3, 0.15, 0.2, 0.15
"""What counts beside the cosine: the question's terms in the sentence, its passage's score, the terms that only the
sentence before or after holds, a figure where one is asked for, and (against it) that the sentence is a question."""
CLOSE_TO_BEST = 0.4
"""A further sentence is quoted when its score is at most this much below the best one's."""
SAME = 0.8
"""Share of words from which on two sentences say the same."""
SHORT = 18
"""Words below which the best sentence is quoted together with the one after it."""
SHORTEST = 4
"""Words below which a sentence answers nothing by itself."""

_ASKS_QUANTITY = re.compile(
    r"\bhow (?:many|much|long|far|old|large|big|often|high|low|tall|fast|slow|wide|deep|loud)\b"
    r"|\b(?:percent|percentage|number|ratio|amount|when|year|date)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|half|once|twice)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence to be quoted: the number of its source, its place in the passage and who says it, if that is known."""

    number: int
    start: int
    end: int
    score: float
    speaker: str = ""
    words: int = 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    number: int
    start: int
    end: int
    text: str
    speaker: str
    bag: frozenset[str]


def best_quotes(
    passages: Sequence[Passage],
    *,
    query: str,
    question: Vector,
    weights: Mapping[str, float],
    embed: Callable[[Sequence[str]], npt.NDArray[np.float32]],
    said: str = "",
) -> tuple[Quote, ...]:
    """Return the sentences that answer best, in an order that reads well; at least one where there is a passage.

    ``question`` is the question's vector, ``weights`` its terms, stemmed, with their inverse document frequency, and
    ``said`` what was answered before: it is not quoted again while there is anything else.
    """
    sentences = list(_sentences(passages[:FROM_PASSAGES]))
    fresh = [sentence for sentence in sentences if _tidy(sentence.text) not in said]
    sentences = fresh or sentences
    if not sentences:
        return ()
    nearness = embed([sentence.text for sentence in sentences]) @ question
    asks_quantity = bool(_ASKS_QUANTITY.search(query))
    quotes = [
        Quote(
            number=sentence.number,
            start=sentence.start,
            end=sentence.end,
            speaker=sentence.speaker,
            words=len(sentence.text.split()),
            score=float(nearness[place])
            + _worded(sentences, place, weights)
            + (QUANTITY if asks_quantity and _FIGURE.search(sentence.text) else 0.0)
            - (ASKING if sentence.text.endswith("?") else 0.0)
            + PASSAGE * _strength(passages[sentence.number - 1]),
        )
        for place, sentence in enumerate(sentences)
    ]
    chosen = _chosen(sorted(quotes, key=lambda quote: -quote.score), passages)
    return _in_reading_order(_continued(chosen, quotes))


def as_pieces(quotes: Sequence[Quote], passages: Sequence[Passage], *, asked: str = "") -> Iterator[str]:
    """Yield the answer piece by piece: each sentence verbatim in quotation marks, with its marker.

    Sentences that one person says in one passage share a paragraph, which names that person unless it is the creator
    whose slug is ``asked``.
    """
    before = (0, "")
    for quote in quotes:
        passage = passages[quote.number - 1]
        if (quote.number, quote.speaker) == before:
            yield " “"
        else:
            yield ("\n\n" if before[0] else "") + _named(quote, passage, asked=asked) + "“"
        yield from _words(_tidy(passage.text[quote.start : quote.end]))
        yield f"” [{quote.number}]"
        before = (quote.number, quote.speaker)


def _named(quote: Quote, passage: Passage, *, asked: str) -> str:
    speaker = quote.speaker or passage.creator
    return "" if speaker == passage.creator and passage.creator_slug == asked else f"{speaker}: "


def _sentences(passages: Sequence[Passage]) -> Iterator[_Sentence]:
    """Yield every sentence, those that overlapping passages share only once."""
    seen: set[str] = set()
    for number, passage in enumerate(passages, start=1):
        for labelled, end in sentence_spans(passage.text):
            speaker, start = _spoken(passage, labelled)
            text = passage.text[start:end]
            if text not in seen and (len(text.split()) >= SHORTEST or len(passage.text) < 200):
                seen.add(text)
                bag = frozenset(stems(text))
                yield _Sentence(number=number, start=start, end=end, text=text, speaker=speaker, bag=bag)


def _spoken(passage: Passage, start: int) -> tuple[str, int]:
    """Return who says the sentence that begins here, and where it begins without the label that says so."""
    index = bisect_right(passage.marks, start, key=lambda mark: mark.offset) - 1
    speaker = passage.marks[index].speaker if index >= 0 else ""
    label = f"{speaker}: "
    return speaker, start + len(label) if speaker and passage.text.startswith(label, start) else start


def _worded(sentences: Sequence[_Sentence], place: int, weights: Mapping[str, float]) -> float:
    """Return what the question's terms in and around a sentence are worth.

    The sentence before often names what this one gives the answer to.
    """
    most = sum(weights.values()) or 1.0
    own = sentences[place]

    def share(bag: frozenset[str]) -> float:
        return sum(weights.get(word, 0.0) for word in bag) / most

    worth = WORDS * share(own.bag)
    for neighbour, factor in ((place - 1, BEFORE), (place + 1, AFTER)):
        if 0 <= neighbour < len(sentences) and sentences[neighbour].number == own.number:
            worth += factor * share(sentences[neighbour].bag - own.bag)
    return worth


def _strength(passage: Passage) -> float:
    """Return the passage's score on the scale of its calibration, before the logistic."""
    return float(np.log(passage.relevance / (1 - passage.relevance))) if 0 < passage.relevance < 1 else 0.0


def _chosen(ranked: Sequence[Quote], passages: Sequence[Passage]) -> list[Quote]:
    chosen: list[Quote] = []
    bags: list[set[str]] = []
    for quote in ranked:
        if len(chosen) == MOST_QUOTES or (chosen and quote.score < chosen[0].score - CLOSE_TO_BEST):
            break
        bag = set(stems(passages[quote.number - 1].text[quote.start : quote.end]))
        if all(len(bag & other) < SAME * min(len(bag), len(other)) for other in bags):
            chosen.append(quote)
            bags.append(bag)
    return chosen


def _continued(chosen: list[Quote], quotes: Sequence[Quote]) -> list[Quote]:
    """Add the sentence after the best one where that is short: in talk the answer often follows its announcement."""
    best = chosen[0]
    place = quotes.index(best) + 1
    if best.words >= SHORT or place == len(quotes) or quotes[place].number != best.number or quotes[place] in chosen:
        return chosen
    return [best, quotes[place], *chosen[1:]]


def _in_reading_order(chosen: Sequence[Quote]) -> tuple[Quote, ...]:
    """Put the best sentence first, for who reads only one; then its passage's others as said, then the rest."""
    passages = list(dict.fromkeys(quote.number for quote in chosen))
    return (*chosen[:1], *sorted(chosen[1:], key=lambda quote: (passages.index(quote.number), quote.start)))


def _words(text: str) -> Iterator[str]:
    """Yield the text a few words at a time, as a model would."""
    words = text.split(" ")
    for first in range(0, len(words), 4):
        yield (" " if first else "") + " ".join(words[first : first + 4])


def _tidy(text: str) -> str:
    """Keep the words as they are; only a number in square brackets would be taken for a marker."""
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.split()))
