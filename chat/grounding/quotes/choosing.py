"""Choosing what to quote: from passages to the quotes of an answer."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage
from chat.grounding.quotes.candidates import tellable
from chat.grounding.quotes.gathering import gathered
from chat.grounding.quotes.runs import Run
from chat.grounding.quotes.select import scores
from chat.grounding.quotes.sentences import sentences_of
from chat.grounding.quotes.values import Quote, Sentence

Vector = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]

FROM_PASSAGES = 3
"""Passages whose sentences are weighed; what is left of the list is consulted, not quoted."""


def best_quotes(
    passages: Sequence[Passage],
    *,
    query: str,
    question: Vector,
    weights: Mapping[str, float],
    embed: Embed,
    said: str = "",
) -> tuple[Quote, ...]:
    """Return the sentences that answer best, in an order that reads well; at least one where there is a passage.

    ``question`` is the question's vector, ``weights`` its terms, stemmed, with their inverse document frequency, and
    ``said`` what was answered before: it is not quoted again while there is anything else.
    """
    passages = passages[:FROM_PASSAGES]
    sentences = sentences_of(passages)
    if not sentences:
        return ()
    nearness = _nearness([sentence.text for sentence in sentences], question, embed)
    scored = scores(sentences, passages=passages, query=query, nearness=nearness, weights=weights)
    ranked = sorted(tellable(sentences, said), key=lambda place: -scored[place])
    runs = gathered(sentences, ranked, scored, query=query)
    return _in_reading_order([_quote(sentences, run, float(scored[place])) for place, run in runs.items()])


def _nearness(texts: Sequence[str], question: Vector, embed: Embed) -> Vector:
    """Return each text's cosine with the question; what overlapping passages share is embedded once."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return (embed(list(places)) @ question)[[places[text] for text in texts]]


def _quote(sentences: Sequence[Sentence], run: Run, score: float) -> Quote:
    first, last = sentences[run.first], sentences[run.last]
    return Quote(number=first.number, start=first.start, end=last.end, score=score, speaker=first.speaker)


def _in_reading_order(chosen: Sequence[Quote]) -> tuple[Quote, ...]:
    """Put the best first, for who reads only one; then its passage's others as said, then the rest."""
    passages = list(dict.fromkeys(quote.number for quote in chosen))
    return (*chosen[:1], *sorted(chosen[1:], key=lambda quote: (passages.index(quote.number), quote.start)))
