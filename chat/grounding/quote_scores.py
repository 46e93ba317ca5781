"""How well each sentence of the passages answers a question: one number, on the scale of the cosine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage
from chat.grounding.quote_runs import ASKS_QUANTITY, NUMBER, RatedSentence, announces_answer
from chat.grounding.subjects import Subject, speaks_of, subjects_of
from chrysopedia.core.text import stems

Vector = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """What quotes are chosen for: a question, its vector, and its terms, stemmed, with their document frequencies.

    ``context`` holds the questions before it that it hangs on, "" where it stands alone.
    """

    text: str
    vector: Vector
    weights: Mapping[str, float]
    context: str = ""


FAR = -1.0
"""The cosine of a sentence beside what was found: it is quoted as part of a run, or where it was announced."""


def nearest_cosines(
    sentences: Sequence[RatedSentence], passages: Sequence[Passage], *, question: Vector, embed: Embed
) -> Vector:
    """Return for each sentence how near the nearest window with it lies to the question."""
    cosines = np.full(len(sentences), FAR, np.float32)
    bare = [place for place, one in enumerate(sentences) if not passages[one.number - 1].windows]
    if bare:
        texts = {sentences[place].text: None for place in bare}
        near = dict(zip(texts, embed(list(texts)) @ question, strict=True))
        cosines[bare] = [near[sentences[place].text] for place in bare]
    for place, one in enumerate(sentences):
        around = (
            window.cosine
            for window in passages[one.number - 1].windows
            if window.start <= one.start and one.end <= window.end
        )
        cosines[place] = max(around, default=cosines[place])
    return cosines


WORDS, BEFORE, TITLE, PASSAGE, QUANTITY = 0.3, 0.15, 0.3, 0.12, 0.15
"""What counts beside the cosine of the nearest window: the question's terms in the sentence, those that only the
sentence before or the work's title holds, the passage's score, and a figure where one is asked for. Rounded from a fit
on questions about talk (decision 45); words and figures count less since questions have an adapter, which lost .01 to
them. What the sentence after holds, its length and where it stands added nothing."""
SUBJECT = 0.4
"""What a figure counts more where its passage speaks of the thing asked about, and less elsewhere, where figures of
other things are told in the question's words as well."""
ANNOUNCED = 0.3
"""By how much the score of a question or an announcement is lowered for the sentence after it."""


def scores(
    sentences: Sequence[RatedSentence],
    *,
    passages: Sequence[Passage],
    query: QuoteQuery,
    cosines: npt.NDArray[np.float32],
) -> Scores:
    """Return one score for each sentence, on the scale of the cosine; ``cosines`` holds their cosines."""
    weights, asks_quantity = query.weights, bool(ASKS_QUANTITY.search(query.text))
    strengths = [_strength(passage) for passage in passages]
    titles = [frozenset(stems(passage.title)) for passage in passages]
    # "And the release?" asks for no quantity in so many words, and is still of the lead vocal.
    named = (subjects_of(text, passages, asked=weights) for text in (query.text, query.context))
    subjects = next(filter(None, named), frozenset()) if asks_quantity or query.context else frozenset()
    belongs = _belonging(sentences, passages, subjects, weights)
    scored = np.array(
        [
            float(cosines[place])
            + _term_worth(sentences, place, weights, titles[sentence.number - 1])
            + (QUANTITY if asks_quantity and NUMBER.search(sentence.text) else 0.0)
            + PASSAGE * strengths[sentence.number - 1]
            + SUBJECT * belongs[place]
            for place, sentence in enumerate(sentences)
        ]
    )
    return _pass_on_from_announcements(sentences, scored)


def _belonging(
    sentences: Sequence[RatedSentence],
    passages: Sequence[Passage],
    subjects: frozenset[Subject],
    weights: Mapping[str, float],
) -> list[int]:
    """Return for each sentence 1 where its figure is of the thing asked about, -1 where it may be another's, else 0."""
    if not subjects:
        return [0] * len(sentences)
    own = [speaks_of(passage, subjects) for passage in passages]
    asked = weights.keys() - {word for subject in subjects for word in subject}
    return [
        (1 if own[one.number - 1] else -1) if NUMBER.search(one.text) and not asked.isdisjoint(one.bag) else 0
        for one in sentences
    ]


def _term_worth(
    sentences: Sequence[RatedSentence], place: int, weights: Mapping[str, float], title: frozenset[str]
) -> float:
    """Return what the question's terms in a sentence, the one before it and the title are worth, each counted once."""
    most = sum(weights.values()) or 1.0
    own = sentences[place]

    worth = WORDS * share_of(own.bag, weights) / most
    if place and sentences[place - 1].number == own.number:
        worth += BEFORE * share_of(sentences[place - 1].bag - own.bag, weights) / most
    return worth + TITLE * share_of(title - own.bag, weights) / most


def share_of(bag: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the weight of the terms that are in this bag."""
    return sum(weights.get(word, 0.0) for word in bag)


def _pass_on_from_announcements(sentences: Sequence[RatedSentence], scored: Scores) -> Scores:
    """Give the sentence after a question or an announcement its score, less ``ANNOUNCED``: it is the answer."""
    for place, sentence in enumerate(sentences[:-1]):
        if announces_answer(sentence.text) and sentences[place + 1].number == sentence.number:
            scored[place + 1] = max(scored[place + 1], scored[place] - ANNOUNCED)
    return scored


def _strength(passage: Passage) -> float:
    """Return the passage's score on the scale of its calibration, before the logistic."""
    return float(np.log(passage.relevance / (1 - passage.relevance))) if 0 < passage.relevance < 1 else 0.0
