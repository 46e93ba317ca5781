"""What is typical of how a creator talks, by counting: no word of a subject belongs to a voice."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from math import log, sqrt

from chrysopedia.core.text import folded, place_of, words_of
from creators.models import Creator, PersonalityDraft, Work
from creators.persona import english
from creators.persona.habits import Habit, Manner, habits_of, hits
from creators.persona.utterances import (
    DraftingError,
    SpokenChunk,
    Trait,
    TraitQuote,
    UnsavedDraft,
    texts_of_others,
    utterances_by,
)

LONGEST = 4
MOST_N_GRAMS = 400_000
"""Runs that are counted at a time; beyond it those met least are forgotten, as in lossy counting."""


def n_grams(text: str) -> Iterator[str]:
    """Yield every run of up to ``LONGEST`` words between which nothing but space stands, without case."""
    run: list[str] = []
    end = 0
    for word in words_of(text):
        if not text[end : word.start].isspace():
            run = []
        run = [*run[1 - LONGEST :], word.folded] if LONGEST > 1 else [word.folded]
        end = word.end
        for length in range(1, len(run) + 1):
            yield " ".join(run[-length:])


def n_of(gram: str) -> int:
    """Return how many words a run has."""
    return gram.count(" ") + 1


@dataclass(slots=True)
class NGramCounts:
    """How often each run is said, in how many places, and how many runs of each length there are in all."""

    times: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    totals: Counter[int] = field(default_factory=Counter)
    chunks: int = 0


def count_own(
    said: Iterable[SpokenChunk],
    *,
    place: Callable[[SpokenChunk, int], int],
    is_wanted: Callable[[str], bool] = bool,
    manner: Manner | None = None,
) -> NGramCounts:
    """Count a creator's words; ``place`` names what a run has to be used in several of, given the chunk's number.

    What is not wanted counts towards the totals alone; sentences are added to the ``manner``.
    """
    tally, last = NGramCounts(), dict[str, int]()
    for number, one in enumerate(said):
        here = place(one, number)
        for start, end in one.sentences:
            if manner is not None:
                manner.add(one.text[start:end], work=here)
            for gram in n_grams(one.text[start:end]):
                tally.totals[n_of(gram)] += 1
                if not is_wanted(gram):
                    continue
                tally.times[gram] += 1
                if last.get(gram) != here:
                    last[gram] = here
                    tally.places[gram] += 1
        tally.chunks += 1
        if len(last) > MOST_N_GRAMS:
            _forget(tally, last)
    return tally


def count_others(texts: Iterable[str], *, wanted: Container[str]) -> NGramCounts:
    """Count how often others say the runs that are wanted, and in how many chunks they do."""
    tally = NGramCounts()
    for text in texts:
        here = set()
        for gram in n_grams(text):
            tally.totals[n_of(gram)] += 1
            if gram in wanted:
                tally.times[gram] += 1
                here.add(gram)
        tally.places.update(here)
        tally.chunks += 1
    return tally


def _forget(tally: NGramCounts, last: dict[str, int]) -> None:
    least = 1
    while len(last) > MOST_N_GRAMS // 2:
        gone = [gram for gram in last if tally.times[gram] <= least]
        for gram in gone:
            del last[gram], tally.times[gram], tally.places[gram]
        least *= 2


PRIOR = 1_000.0
"""Words that the prior weighs as much as: it says what a word's share is where little was counted."""


def z_score(own: int, others: int, *, own_total: int, others_total: int, prior: float = PRIOR) -> float:
    """Return how sure it is that a word is more frequent in one corpus (above 0) than in the other (below 0).

    Given are the counts of the word and of all words. The prior is the word's share of both together. 0 where a
    corpus is empty or consists of that word alone.
    """
    if not own_total or not others_total or not own + others:
        return 0.0
    expected = prior * (own + others) / (own_total + others_total)
    here, there = own + expected, others + expected
    own_rest, others_rest = own_total + prior - here, others_total + prior - there
    if own_rest <= 0 or others_rest <= 0:
        return 0.0
    ratio = log(here / own_rest) - log(there / others_rest)
    return ratio / sqrt(1 / here + 1 / there)


QUOTES, LONGEST_QUOTE = 3, 240


def traits_of(chosen: Mapping[str, str], *, said: Iterable[SpokenChunk]) -> Iterable[Trait]:
    """Yield the chosen phrases, each with sentences that hold it, of several works if there are."""
    found: dict[str, list[TraitQuote]] = {gram: [] for gram in chosen}
    for one in said:
        for start, end in one.sentences:
            sentence = one.text[start:end]
            for gram in chosen.keys() & set(n_grams(sentence)):
                _keep(found[gram], sentence_with(gram, sentence, one, start))
    for gram, quotes in found.items():
        if quotes:
            yield Trait(chosen[gram], english.as_written(gram), tuple(quotes))


def _keep(quotes: list[TraitQuote], quote: TraitQuote) -> None:
    """Keep a quote while there are few; one of another work takes the place of a second one of the same."""
    if len(quotes) < QUOTES:
        quotes.append(quote)
    elif quote.work not in {kept.work for kept in quotes}:
        for at in range(len(quotes) - 1, 0, -1):
            if quotes[at].work in {kept.work for kept in quotes[:at]}:
                quotes[at] = quote
                return


def sentence_with(gram: str, sentence: str, said: SpokenChunk, offset: int) -> TraitQuote:
    """Return the sentence, or of a long one the part around the phrase."""
    start = 0
    if len(sentence) > LONGEST_QUOTE:
        at = (place_of(gram, sentence) or (0, 0))[0]
        start = sentence.rfind(" ", 0, max(at - LONGEST_QUOTE // 3, 0)) + 1
        sentence = sentence[start : start + LONGEST_QUOTE].rsplit(" ", 1)[0]
    return TraitQuote(" ".join(sentence.split()), said.slug, said.title, said.seconds(offset + start))


LEAST_TIMES, LEAST_PLACES = 3, 2
"""A phrase is said so often, and in so many works; in so many chunks of a creator with one work."""
SHARE_OF_PLACES = 0.25
"""A voice is heard in this share of the works at least, or it may be a guest's."""
SURE = 1.645
"""The z-score from which on a phrase counts as theirs: five in a hundred are as high by chance."""
TIMES = 1.5
"""How many times as often as others they say it: of much talk the smallest difference is sure."""
MOST = 12
SAMPLE = 5_000
"""Words of a creator that are looked at to see whether they are English."""


def draft_by_counting(creator: Creator) -> UnsavedDraft:
    """Return the tone, habits, words and phrases that set the creator apart, the surest first.

    Raises ``DraftingError`` where there are no others to compare with, too little was said, or not in English: what
    words do, whatever they are about, is known of English alone.
    """
    works = Work.objects.filter(creator=creator, is_withdrawn=False).count()
    place = _by_chunk if works == 1 else _by_work
    if not english.is_english(_sample(creator)):
        raise DraftingError(
            f"{creator.name} does not speak English, or says next to nothing: without a language model only English "
            "can be told into what is talked about and how. Set a language model."
        )
    manner, usual = Manner(), Manner()
    own = count_own(utterances_by(creator), place=place, is_wanted=_may_mark(creator), manner=manner)
    least = max(LEAST_PLACES, round(SHARE_OF_PLACES * works))
    often = {gram for gram, times in own.times.items() if times >= LEAST_TIMES and own.places[gram] >= least}
    others = count_others(usual.measuring(texts_of_others(creator)), wanted=often)
    if not others.chunks:
        raise DraftingError(
            f"{creator.name} is the only creator with works here: what is theirs shows only beside others. "
            "Bring in another creator, or set a language model."
        )
    chosen = _chosen(_scores(often, own=own, others=others), times=own.times)
    habits = habits_of(manner, usual, least_works=least)
    traits = (*shown_habits(habits, said=utterances_by(creator)), *traits_of(chosen, said=utterances_by(creator)))
    if not traits:
        raise DraftingError(f"{creator.name} has said too little to tell what is theirs.")
    return UnsavedDraft(PersonalityDraft.Maker.STATISTICS, traits)


def _by_work(said: SpokenChunk, number: int) -> int:
    return said.work


def _by_chunk(said: SpokenChunk, number: int) -> int:
    return number


def _sample(creator: Creator) -> list[str]:
    said = (word.folded for one in utterances_by(creator) for word in words_of(one.text))
    return [word for word in islice(said, SAMPLE) if word.isascii()]


def _may_mark(creator: Creator) -> Callable[[str], bool]:
    """Return what says whether a run may be part of a voice; a name only says who speaks."""
    names = {word for name in (creator.name, *creator.aliases) for word in folded(name).split()}

    def may(gram: str) -> bool:
        if " " in gram:
            return english.is_phrase(gram) and names.isdisjoint(gram.split())
        return gram in english.MARKS and gram not in names

    return may


def _scores(often: Iterable[str], *, own: NGramCounts, others: NGramCounts) -> dict[str, float]:
    scores = {}
    for gram in often:
        length = n_of(gram)
        totals = {"own_total": own.totals[length], "others_total": others.totals[length]}
        score = z_score(own.times[gram], others.times[gram], **totals)
        expected = others.times[gram] * own.totals[length] / max(others.totals[length], 1)
        if score >= SURE and own.times[gram] >= TIMES * expected:
            scores[gram] = score
    return scores


PART = 0.7
"""Share of a phrase's uses from which on a longer one takes its place."""


def _chosen(scores: Mapping[str, float], *, times: Mapping[str, int]) -> dict[str, str]:
    """Return the part that each chosen phrase belongs to, the surest first, without those that say the same again."""
    chosen: dict[str, list[str]] = {"vocabulary": [], "phrases": []}
    swallowed = {short for gram in scores for short in _within(gram) if times[gram] >= PART * times.get(short, 0)}
    for gram in sorted(scores.keys() - swallowed, key=lambda gram: (-scores[gram], gram)):
        part = "phrases" if " " in gram else "vocabulary"
        if len(chosen[part]) < MOST and not any(_overlap(gram, other) for other in chosen[part]):
            chosen[part].append(gram)
    return {gram: part for part, kept in chosen.items() for gram in kept}


def _within(gram: str) -> Iterator[str]:
    """Yield the shorter runs within a phrase, of two words or more."""
    words = gram.split()
    for length in range(2, len(words)):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _overlap(gram: str, other: str) -> bool:
    """Say whether two phrases are pieces of a longer one, or one of them a part of the other."""
    if f" {gram} " in f" {other} " or f" {other} " in f" {gram} ":
        return True
    first, second = gram.split(), other.split()
    return any(one[-2:] == two[:2] and len(one) > 2 for one, two in ((first, second), (second, first)))


SHOWING = range(4, 31)
"""Words of a sentence that shows a habit."""


def shown_habits(habits: Sequence[Habit], *, said: Iterable[SpokenChunk]) -> Iterator[Trait]:
    """Yield each habit with sentences that show it best, of as many works as there are."""
    best: dict[str, dict[int, tuple[int, TraitQuote]]] = {one.mark: {} for one in habits}
    for one in said:
        for start, end in one.sentences:
            sentence = one.text[start:end]
            if len(words_of(sentence)) not in SHOWING:
                continue
            found = hits(sentence)
            for mark, kept in best.items():
                times = found[mark] if mark else 1
                if times > kept.get(one.work, (0,))[0]:
                    kept[one.work] = times, sentence_with("", sentence, one, start)
    for habit in habits:
        ranked = sorted(best[habit.mark].values(), key=lambda pair: -pair[0])[:QUOTES]
        if ranked:
            yield Trait(habit.part, habit.told, tuple(quote for _, quote in ranked))


TELLING_WORDS = 3
"""Words from which on an example shows anything; of a shorter one the sentence is quoted."""


def exact_matches(phrases: Iterable[str], *, creator: Creator) -> dict[str, TraitQuote]:
    """Return where each of the phrases first stands in the creator's works, as it stands there; others are left out.

    Reads the works once, whatever the number of phrases, and ends when all are found.
    """
    missing = {phrase: words for phrase in phrases if (words := folded(phrase))}
    found: dict[str, TraitQuote] = {}
    for said in utterances_by(creator):
        if not missing:
            break
        text = f" {folded(said.text)} "
        for phrase in [phrase for phrase, words in missing.items() if f" {words} " in text]:
            del missing[phrase]
            found[phrase] = _quote(phrase, said)
    return found


def _quote(phrase: str, said: SpokenChunk) -> TraitQuote:
    start, end = place_of(phrase, said.text) or (0, 0)
    if len(words_of(phrase)) < TELLING_WORDS:
        for begin, stop in said.sentences:
            if begin <= start < stop:
                return sentence_with(phrase, said.text[begin:stop], said, begin)
    return TraitQuote(" ".join(said.text[start:end].split()), said.slug, said.title, said.seconds(start))
