"""How well each sentence answers: its nearness to the question, its words, its neighbours and its passage."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage
from chat.grounding.quotes.leaning import promises
from chat.grounding.quotes.lists import ASKS_QUANTITY, FIGURE
from chat.grounding.quotes.values import Sentence

Scores = npt.NDArray[np.float64]

WORDS, BEFORE, PASSAGE, QUANTITY = 1.0, 0.5, 0.08, 0.2
"""What counts beside the cosine: the question's terms in the sentence, those that only the sentence before holds, since
a topic is named before it is spoken of, the passage's score, and a figure where one is asked for. Rounded from a fit on
the even articles of SQuAD; what the sentence after holds, its length and its place added nothing there."""
PROMISE = 0.3
"""What the score of a question or an announcement loses when it passes to the sentence after it."""


def scores(
    sentences: Sequence[Sentence],
    *,
    passages: Sequence[Passage],
    query: str,
    nearness: npt.NDArray[np.float32],
    weights: Mapping[str, float],
) -> Scores:
    """Return one score for each sentence, on the scale of the cosine; ``nearness`` holds their cosines."""
    asks_quantity = bool(ASKS_QUANTITY.search(query))
    strengths = [_strength(passage) for passage in passages]
    scored = np.array(
        [
            float(nearness[place])
            + _worded(sentences, place, weights)
            + (QUANTITY if asks_quantity and FIGURE.search(sentence.text) else 0.0)
            + PASSAGE * strengths[sentence.number - 1]
            for place, sentence in enumerate(sentences)
        ]
    )
    return _handed_over(sentences, scored)


def _worded(sentences: Sequence[Sentence], place: int, weights: Mapping[str, float]) -> float:
    """Return what the question's terms in a sentence and the one before it are worth, each counted once."""
    most = sum(weights.values()) or 1.0
    own = sentences[place]

    def share(bag: frozenset[str]) -> float:
        return sum(weights.get(word, 0.0) for word in bag) / most

    worth = WORDS * share(own.bag)
    if place and sentences[place - 1].number == own.number:
        worth += BEFORE * share(sentences[place - 1].bag - own.bag)
    return worth


def _handed_over(sentences: Sequence[Sentence], scored: Scores) -> Scores:
    """Let what asks or announces pass its score on: the answer follows it."""
    for place, sentence in enumerate(sentences[:-1]):
        if promises(sentence.text) and sentences[place + 1].number == sentence.number:
            scored[place + 1] = max(scored[place + 1], scored[place] - PROMISE)
    return scored


def _strength(passage: Passage) -> float:
    """Return the passage's score on the scale of its calibration, before the logistic."""
    return float(np.log(passage.relevance / (1 - passage.relevance))) if 0 < passage.relevance < 1 else 0.0
