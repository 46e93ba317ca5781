"""The answer without a language model: the sentences that answer best, chosen, quoted and cited."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from chat.events.events import Passage
from chat.grounding.disagreements import Conflict
from chat.grounding.quote_runs import (
    FILLERS,
    NUMBER,
    NUMBERS,
    SHORTEST,
    Quote,
    RatedSentence,
    SentenceRun,
    announces_answer,
    goes_on,
    grown,
    is_too_long,
    is_unresolved,
    may_answer,
    meets,
    sentences_of,
)
from chat.grounding.quote_scores import Embed, QuoteQuery, Scores, nearest_cosines, scores, share_of
from chrysopedia.core.text import stem, stems, written_day


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
    query: QuoteQuery,
    embed: Embed,
    said: str = "",
    speaker: str = "",
    shape: Shape = ANSWER,
) -> tuple[Quote, ...]:
    """Return the runs of sentences that answer best, in an order that reads well; at least one where there is any.

    ``said`` is what was answered before: it is not quoted again while there is anything else. A run in which several
    people speak is a quote for each of them; with ``speaker``, only what that person says is quoted. ``embed`` is
    asked only where a passage has no windows.
    """
    sentences = _said_by(speaker, sentences_of(passages))
    if not sentences:
        return ()
    cosines = nearest_cosines(sentences, passages, question=query.vector, embed=embed)
    scored = scores(sentences, passages=passages, query=query, cosines=cosines)
    ranked = sorted(candidates(sentences, said), key=lambda place: -scored[place])
    most = sum(query.weights.values()) or 1.0
    named = {place for place in ranked if share_of(sentences[place].bag, query.weights) >= NAMED * most}
    repeated = [SentenceRun(place, place) for place, one in enumerate(sentences) if quotable(one.text) in said]
    runs = joined(sentences, select_runs(sentences, ranked, scored, shape=shape, named=named, repeated=repeated))
    quotes = [_quotes(sentences, run, float(scored[place])) for place, run in runs.items()]
    return tuple(quote for run in _in_reading_order(quotes) for quote in run)


def _said_by(speaker: str, sentences: list[RatedSentence]) -> list[RatedSentence]:
    """Return what one person says, all of it where they say nothing; no run then leads over what others say between."""
    own = [replace(one, replies=False) for one in sentences if speaker and one.speaker == speaker]
    return own or sentences


NAMED = 0.5
"""Share of the question's terms from which on a sentence says by itself what it is about."""


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
MORE, AS_GOOD = 20, 0.2
"""Words by which a run may be longer for sentences whose scores lie no further below that of the one it was chosen for:
it would end just before its point. On 1,758 questions .02 more are quoted, in 9 words more."""


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
        run = grown(sentences, place, most=most, taken=taken, leads=place not in named)
        runs[place] = with_as_good(sentences, run, scored, least=scored[place] - AS_GOOD, most=most + MORE, taken=taken)
        left -= runs[place].words(sentences)
    return runs


def joined(sentences: Sequence[RatedSentence], runs: dict[int, SentenceRun]) -> dict[int, SentenceRun]:
    """Return the runs, best first, those that stand side by side made one, so that it is read as it was said."""
    rank = {place: number for number, place in enumerate(runs)}
    whole: dict[int, SentenceRun] = {}
    for place, run in sorted(runs.items(), key=lambda item: item[1].first):
        best, before = next(reversed(whole.items()), (place, run))
        both = SentenceRun(before.first, run.last)
        if before.last + 1 == run.first and goes_on(sentences, before.last) and _is_readable(sentences, both):
            del whole[best]
            whole[min(best, place, key=rank.__getitem__)] = both
        else:
            whole[place] = run
    return dict(sorted(whole.items(), key=lambda item: rank[item[0]]))


def _is_readable(sentences: Sequence[RatedSentence], run: SentenceRun) -> bool:
    return run.words(sentences) <= ANSWER.words and not is_too_long(sentences, run)


def with_as_good(
    sentences: Sequence[RatedSentence],
    run: SentenceRun,
    scored: Scores,
    *,
    least: float,
    most: int,
    taken: Sequence[SentenceRun],
) -> SentenceRun:
    """Return a run with the sentences behind it that score at least ``least``, up to ``most`` words in all."""
    while goes_on(sentences, run.last) and scored[run.last + 1] >= least:
        longer = SentenceRun(run.first, run.last + 1)
        if longer.words(sentences) > most or meets(longer, taken) or is_too_long(sentences, longer):
            break
        run = longer
    return run


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
                when = f" ({written_day(date.fromisoformat(passage.published))})" if passage.published else ""
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
