"""The answer without a language model: the sentences that answer best, chosen, quoted and cited."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from chat.events.events import Passage
from chat.grounding.disagreements import Conflict
from chat.grounding.quote_runs import (
    ASKS_QUANTITY,
    FILLERS,
    NUMBER,
    NUMBERS,
    Quote,
    RatedSentence,
    SentenceRun,
    announces_answer,
    are_adjacent,
    continued,
    is_too_long,
    is_unresolved,
    may_answer,
    sentences_of,
    with_antecedents,
)
from chrysopedia.core.text import stem, stems

Vector = npt.NDArray[np.float32]
Embed = Callable[[Sequence[str]], npt.NDArray[np.float32]]
Scores = npt.NDArray[np.float64]
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
    cosines = _cosines([sentence.text for sentence in sentences], question, embed)
    scored = scores(sentences, passages=passages, query=query, cosines=cosines, weights=weights)
    ranked = sorted(candidates(sentences, said), key=lambda place: -scored[place])
    runs = select_runs(sentences, ranked, scored, query=query)
    return _in_reading_order([_quote(sentences, run, float(scored[place])) for place, run in runs.items()])


def _cosines(texts: Sequence[str], question: Vector, embed: Embed) -> Vector:
    """Return each text's cosine with the question; what overlapping passages share is embedded once."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return (embed(list(places)) @ question)[[places[text] for text in texts]]


def _quote(sentences: Sequence[RatedSentence], run: SentenceRun, score: float) -> Quote:
    first, last = sentences[run.first], sentences[run.last]
    return Quote(number=first.number, start=first.start, end=last.end, score=score, speaker=first.speaker)


def _in_reading_order(chosen: Sequence[Quote]) -> tuple[Quote, ...]:
    """Return the best quote, then the others of its passage in order, then those of the other passages."""
    passages = list(dict.fromkeys(quote.number for quote in chosen))
    return (*chosen[:1], *sorted(chosen[1:], key=lambda quote: (passages.index(quote.number), quote.start)))


WORDS, BEFORE, PASSAGE, QUANTITY = 1.0, 0.5, 0.08, 0.2
"""What counts beside the cosine: the question's terms in the sentence, those that only the sentence before holds, since
a topic is named before it is spoken of, the passage's score, and a figure where one is asked for. Rounded from a fit on
the even articles of SQuAD; what the sentence after holds, its length and its place added nothing there."""
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
    scored = np.array(
        [
            float(cosines[place])
            + _term_worth(sentences, place, weights)
            + (QUANTITY if asks_quantity and NUMBER.search(sentence.text) else 0.0)
            + PASSAGE * strengths[sentence.number - 1]
            for place, sentence in enumerate(sentences)
        ]
    )
    return _pass_on_from_announcements(sentences, scored)


def _term_worth(sentences: Sequence[RatedSentence], place: int, weights: Mapping[str, float]) -> float:
    """Return what the question's terms in a sentence and the one before it are worth, each counted once."""
    most = sum(weights.values()) or 1.0
    own = sentences[place]

    def share(bag: frozenset[str]) -> float:
        return sum(weights.get(word, 0.0) for word in bag) / most

    worth = WORDS * share(own.bag)
    if place and sentences[place - 1].number == own.number:
        worth += BEFORE * share(sentences[place - 1].bag - own.bag)
    return worth


def _pass_on_from_announcements(sentences: Sequence[RatedSentence], scored: Scores) -> Scores:
    """Give the sentence after a question or an announcement its score, less ``ANNOUNCED``: it is the answer."""
    for place, sentence in enumerate(sentences[:-1]):
        if announces_answer(sentence.text) and sentences[place + 1].number == sentence.number:
            scored[place + 1] = max(scored[place + 1], scored[place] - ANNOUNCED)
    return scored


def _strength(passage: Passage) -> float:
    """Return the passage's score on the scale of its calibration, before the logistic."""
    return float(np.log(passage.relevance / (1 - passage.relevance))) if 0 < passage.relevance < 1 else 0.0


SHORTEST = 3
"""Words below which a sentence answers nothing by itself."""


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
    goes_on = continued(sentences, SentenceRun(place, place)).last > place
    return len(own.text.split()) >= SHORTEST or (after_promise and (goes_on or bool(NUMBER.search(own.text))))


MOST_QUOTES = 3
CLOSE_TO_BEST = 0.25
"""A further sentence is quoted when its score is at most this much below the best one's. On SQuAD's even articles 0.4
quotes ten words more, and with them the answer to 1.6 more questions in a hundred."""


def select_runs(
    sentences: Sequence[RatedSentence], ranked: Sequence[int], scored: Scores, *, query: str
) -> dict[int, SentenceRun]:
    """Return the runs to quote, best first, each by the index of the sentence it was chosen for.

    ``ranked`` holds the indices of the candidates, best first, and at least one; ``scored`` has a score per sentence.
    """
    best = with_antecedents(sentences, ranked[0])
    runs = {ranked[0]: best if _gives_figure(sentences[ranked[0]], query) else continued(sentences, best)}
    picked = 1
    for place in ranked[1:]:
        if picked == MOST_QUOTES or scored[place] < scored[ranked[0]] - CLOSE_TO_BEST:
            break
        more = _with_sentence(sentences, runs, place)
        picked += more != runs
        runs = more
    return runs


def _gives_figure(sentence: RatedSentence, query: str) -> bool:
    """Say whether a sentence gives the number that was asked for, so that nothing need follow."""
    is_long_enough = len(sentence.text.split()) >= SHORTEST
    return is_long_enough and bool(ASKS_QUANTITY.search(query)) and bool(NUMBER.search(sentence.text))


def _with_sentence(
    sentences: Sequence[RatedSentence], runs: dict[int, SentenceRun], place: int
) -> dict[int, SentenceRun]:
    """Return the runs with this sentence added, merged with adjacent ones; unchanged if it says nothing new."""
    new = with_antecedents(sentences, place)
    met = {owner: run for owner, run in runs.items() if are_adjacent(sentences, run, new)}
    others = [run for owner, run in runs.items() if owner not in met]
    if _is_duplicate(sentences, place, list(runs.values())) or any(
        _is_duplicate(sentences, one, others) for one in range(new.first, place)
    ):
        return runs
    grown = SentenceRun(min(run.first for run in [new, *met.values()]), max(run.last for run in [new, *met.values()]))
    owner = next(iter(met), place)
    if is_too_long(sentences, grown) or _begins_earlier(sentences, grown, [*met.values()]):
        return runs
    return {one: run for one, run in runs.items() if one not in met or one == owner} | {owner: grown}


def _begins_earlier(sentences: Sequence[RatedSentence], grown: SentenceRun, runs: Sequence[SentenceRun]) -> bool:
    """Say whether a run would begin earlier for a neighbour without full stops: its second would no longer be right."""
    return bool(runs) and sentences[grown.first].is_unmarked and grown.first < min(run.first for run in runs)


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
    if shared < SAME * min(len(one), len(other)):
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
