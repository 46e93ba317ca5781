"""The answer without a language model: the sentences that answer best, chosen, quoted and cited."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage
from chat.grounding.disagreements import Conflict
from chat.grounding.quote_runs import (
    ASKS_QUANTITY,
    FILLERS,
    NUMBER,
    NUMBERS,
    SHORTEST,
    Quote,
    RatedSentence,
    SentenceRun,
    announces_answer,
    grown,
    is_unresolved,
    may_answer,
    sentences_of,
)
from chat.grounding.subjects import speaks_of, subjects_of
from chrysopedia.core.text import stem, stems

Vector = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """How much is quoted: the most words of each run, best first, and of all together.

    A further run's score lies at most ``close`` below the best one's.
    """

    runs: tuple[int, ...]
    words: int
    close: float


ANSWER = Shape(runs=(60, 35), words=95, close=0.2)
"""An answer is what can be read at a glance: one run, and another where one as good stands elsewhere."""
NEAREST = Shape(runs=(60, 60, 60), words=180, close=1.0)
"""Where nothing answers, what comes near: on talk three excerpts hold an answer half as often again as one run."""


def best_quotes(
    passages: Sequence[Passage],
    *,
    query: str,
    question: Vector,
    weights: Mapping[str, float],
    embed: Embed,
    said: str = "",
    speaker: str = "",
    shape: Shape = ANSWER,
) -> tuple[Quote, ...]:
    """Return the runs of sentences that answer best, in an order that reads well; at least one where there is any.

    ``question`` is the question's vector, ``weights`` its terms, stemmed, with their inverse document frequency, and
    ``said`` what was answered before: it is not quoted again while there is anything else. A run in which several
    people speak is a quote for each of them; with ``speaker``, only what that person says is quoted. ``embed`` is
    asked only where a passage has no windows.
    """
    sentences = _said_by(speaker, sentences_of(passages))
    if not sentences:
        return ()
    cosines = _cosines(sentences, passages, question=question, embed=embed)
    scored = scores(sentences, passages=passages, query=query, cosines=cosines, weights=weights)
    ranked = sorted(candidates(sentences, said), key=lambda place: -scored[place])
    most = sum(weights.values()) or 1.0
    named = {place for place in ranked if _share(sentences[place].bag, weights) >= NAMED * most}
    repeated = [SentenceRun(place, place) for place, one in enumerate(sentences) if quotable(one.text) in said]
    runs = select_runs(sentences, ranked, scored, shape=shape, named=named, repeated=repeated)
    quotes = [_quotes(sentences, run, float(scored[place])) for place, run in runs.items()]
    return tuple(quote for run in _in_reading_order(quotes) for quote in run)


def _said_by(speaker: str, sentences: list[RatedSentence]) -> list[RatedSentence]:
    """Return what one person says, all of it where they say nothing; no run then leads over what others say between."""
    own = [replace(one, replies=False) for one in sentences if speaker and one.speaker == speaker]
    return own or sentences


NAMED = 0.5
"""Share of the question's terms from which on a sentence says by itself what it is about."""
FAR = -1.0
"""The cosine of a sentence beside what was found: it is quoted as part of a run, or where it was announced."""


def _cosines(
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


def _quotes(sentences: Sequence[RatedSentence], run: SentenceRun, score: float) -> list[Quote]:
    """Return a run as quotes, one for each stretch that one person says."""
    said = [list(group) for _, group in groupby(run.within(sentences), key=lambda one: one.speaker)]
    return [
        Quote(number=part[0].number, start=part[0].start, end=part[-1].end, score=score, speaker=part[0].speaker)
        for part in said
    ]


def _in_reading_order(runs: Sequence[Sequence[Quote]]) -> tuple[Sequence[Quote], ...]:
    """Return the best run, then the others of its passage in order, then those of the other passages."""
    passages = list(dict.fromkeys(run[0].number for run in runs))
    return (*runs[:1], *sorted(runs[1:], key=lambda run: (passages.index(run[0].number), run[0].start)))


WORDS, BEFORE, TITLE, PASSAGE, QUANTITY = 0.5, 0.15, 0.3, 0.12, 0.25
"""What counts beside the cosine of the nearest window: the question's terms in the sentence, those that only the
sentence before or the work's title holds, the passage's score, and a figure where one is asked for. Rounded from a fit
on questions about talk (decision 45); what the sentence after holds, its length and where it stands added nothing."""
SUBJECT = 0.4
"""What a figure counts more where its passage speaks of the thing asked about, and less elsewhere, where figures of
other things are told in the question's words as well."""
ANNOUNCED = 0.3
"""By how much the score of a question or an announcement is lowered for the sentence after it."""


def scores(
    sentences: Sequence[RatedSentence],
    *,
    passages: Sequence[Passage],
    query: str,
    cosines: npt.NDArray[np.float32],
    weights: Mapping[str, float],
) -> Scores:
    """Return one score for each sentence, on the scale of the cosine; ``cosines`` holds their cosines."""
    asks_quantity = bool(ASKS_QUANTITY.search(query))
    strengths = [_strength(passage) for passage in passages]
    titles = [frozenset(stems(passage.title)) for passage in passages]
    belongs = _belonging(sentences, passages, query, weights) if asks_quantity else [0] * len(sentences)
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
    sentences: Sequence[RatedSentence], passages: Sequence[Passage], query: str, weights: Mapping[str, float]
) -> list[int]:
    """Return for each sentence 1 where its figure is of the thing asked about, -1 where it may be another's, else 0."""
    subjects = subjects_of(query, passages, asked=weights)
    own = [speaks_of(passage, subjects) for passage in passages]
    asked = weights.keys() - {word for subject in subjects for word in subject}
    return [
        (1 if own[one.number - 1] else -1)
        if subjects and NUMBER.search(one.text) and not asked.isdisjoint(one.bag)
        else 0
        for one in sentences
    ]


def _term_worth(
    sentences: Sequence[RatedSentence], place: int, weights: Mapping[str, float], title: frozenset[str]
) -> float:
    """Return what the question's terms in a sentence, the one before it and the title are worth, each counted once."""
    most = sum(weights.values()) or 1.0
    own = sentences[place]

    worth = WORDS * _share(own.bag, weights) / most
    if place and sentences[place - 1].number == own.number:
        worth += BEFORE * _share(sentences[place - 1].bag - own.bag, weights) / most
    return worth + TITLE * _share(title - own.bag, weights) / most


def _share(bag: frozenset[str], weights: Mapping[str, float]) -> float:
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


def candidates(sentences: Sequence[RatedSentence], said: str) -> list[int]:
    """Return the indices of the sentences that may be quoted; a condition that none meets is dropped."""
    fresh = [place for place, one in enumerate(sentences) if quotable(one.text) not in said] or [*range(len(sentences))]
    telling = [
        place for place in fresh if may_answer(sentences[place].text, is_timed=sentences[place].is_timed)
    ] or fresh
    telling = [place for place in telling if _is_long_enough(sentences, place)] or telling
    return [place for place in telling if not is_unresolved(sentences, place)] or telling


def _is_long_enough(sentences: Sequence[RatedSentence], place: int) -> bool:
    """Say whether a sentence is long enough to quote; after an announcement, a number or a run that goes on is."""
    own = sentences[place]
    after_promise = (
        place > 0 and sentences[place - 1].number == own.number and announces_answer(sentences[place - 1].text)
    )
    goes_on = grown(sentences, place, most=LEAST_ROOM).last > place
    return len(own.text.split()) >= SHORTEST or (after_promise and (goes_on or bool(NUMBER.search(own.text))))


LEAST_ROOM = 15
"""Words that must be left for a further run."""


def select_runs(
    sentences: Sequence[RatedSentence],
    ranked: Sequence[int],
    scored: Scores,
    *,
    shape: Shape,
    named: Collection[int] = (),
    repeated: Sequence[SentenceRun] = (),
) -> dict[int, SentenceRun]:
    """Return the runs to quote, best first, each by the index of the sentence it was chosen for.

    ``ranked`` holds the indices of the candidates, best first, and at least one; ``scored`` has a score per sentence.
    ``named`` are those that say what they are about, ``repeated`` what was quoted before and isn't again.
    """
    runs: dict[int, SentenceRun] = {}
    left = shape.words
    for place in ranked:
        if len(runs) == len(shape.runs) or left < LEAST_ROOM:
            break
        if runs and scored[place] < scored[ranked[0]] - shape.close:
            break
        if not _is_fresh(sentences, place, list(runs.values())):
            continue
        most = min(shape.runs[len(runs)], left)
        taken = [*runs.values(), *(one for one in repeated if one.first != place)]
        runs[place] = grown(sentences, place, most=most, taken=taken, leads=place not in named)
        left -= runs[place].words(sentences)
    return runs


def _is_fresh(sentences: Sequence[RatedSentence], place: int, runs: Sequence[SentenceRun]) -> bool:
    """Say whether a sentence may begin another run: it stands in none and repeats none."""
    is_taken = any(run.first <= place <= run.last for run in runs)
    return not is_taken and not _is_duplicate(sentences, place, runs)


def _is_duplicate(sentences: Sequence[RatedSentence], place: int, runs: Sequence[SentenceRun]) -> bool:
    own = content_stems(sentences[place].text)
    return any(are_duplicates(own, content_stems(one.text)) for run in runs for one in run.within(sentences))


SAME = 0.8
"""Share of the shorter one's words from which on two sentences say the same."""
_FILLERS = frozenset(map(stem, FILLERS))
_NUMBERS = {stem(word): figure for word, figure in NUMBERS.items()}


def content_stems(text: str) -> frozenset[str]:
    """Return the stems by which sentences are compared for duplicates: without fillers, numbers in digits."""
    return frozenset(_NUMBERS.get(word, word) for word in stems(text) if word not in _FILLERS)


def are_duplicates(one: frozenset[str], other: frozenset[str]) -> bool:
    """Say whether two sentences, given by their stems, say the same; different numbers make them different."""
    shared = len(one & other)
    if not shared or shared < SAME * min(len(one), len(other)):
        return False
    return not (_has_digits(one - other) and _has_digits(other - one))


def _has_digits(words: frozenset[str]) -> bool:
    return any(character.isdigit() for word in words for character in word)


def quoted_answer(quotes: Sequence[Quote], passages: Sequence[Passage], *, asked: str = "") -> Iterator[str]:
    """Yield the answer piece by piece: each quote verbatim in quotation marks, with its marker.

    Quotes of one person in one passage share a paragraph, which names that person unless it is the creator whose slug
    is ``asked``.
    """
    before = (0, "")
    for quote in quotes:
        passage = passages[quote.number - 1]
        if (quote.number, quote.speaker) == before:
            yield " “"
        else:
            yield ("\n\n" if before[0] else "") + _speaker_label(quote, passage, asked=asked) + "“"
        yield from pieces_of(quotable(passage.text[quote.start : quote.end]))
        yield f"” [{quote.number}]"
        before = (quote.number, quote.speaker)


def quoted_disagreements(
    conflicts: Sequence[Conflict], passages: Sequence[Passage], *, said: Collection[int]
) -> Iterator[str]:
    """Yield, for each disagreement, what those say who are not quoted yet, with the date: never an average."""
    for conflict in conflicts:
        for one in conflict.said:
            passage = passages[one.number - 1]
            if one.number not in said:
                when = f" ({passage.published})" if passage.published else ""
                quoted = quotable(passage.text[slice(*one.span)])
                yield f"\n\n{passage.creator}{when}: “"
                yield from pieces_of(quoted)
                yield f"” [{one.number}]"


def quotable(text: str) -> str:
    """Return the text on one line, with ``[1]`` as ``(1)``: it would be taken for a marker."""
    return re.sub(r"\[(\d+)\]", r"(\1)", " ".join(text.split()))


def _speaker_label(quote: Quote, passage: Passage, *, asked: str) -> str:
    speaker = quote.speaker or passage.creator
    return "" if speaker == passage.creator and passage.creator_slug == asked else f"{speaker}: "


def pieces_of(text: str) -> Iterator[str]:
    """Yield the text a few words at a time, as a model would."""
    words = text.split(" ")
    for first in range(0, len(words), 4):
        yield (" " if first else "") + " ".join(words[first : first + 4])
