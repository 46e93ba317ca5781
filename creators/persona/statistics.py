"""What is typical of a creator's words, by counting."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import log, sqrt

from chrysopedia.core.text import folded, place_of, words_of
from creators.models import Creator, PersonalityDraft, Work
from creators.persona.utterances import (
    DraftingError,
    SpokenChunk,
    Trait,
    TraitQuote,
    UnsavedDraft,
    texts_of_others,
    utterances_by,
)

LONGEST = 3
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


def count_own(said: Iterable[SpokenChunk], *, place: Callable[[SpokenChunk, int], int]) -> NGramCounts:
    """Count a creator's words; ``place`` names what a run has to be used in several of, given the chunk's number."""
    tally, last = NGramCounts(), dict[str, int]()
    for number, one in enumerate(said):
        here = place(one, number)
        for start, end in one.sentences:
            for gram in n_grams(one.text[start:end]):
                tally.times[gram] += 1
                tally.totals[n_of(gram)] += 1
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
    """Yield the chosen phrases as they are written, each with sentences that hold it, of several works if there are."""
    found: dict[str, list[TraitQuote]] = {gram: [] for gram in chosen}
    for one in said:
        for start, end in one.sentences:
            sentence = one.text[start:end]
            for gram in chosen.keys() & set(n_grams(sentence)):
                _keep(found[gram], sentence_with(gram, sentence, one, start))
    for gram, quotes in found.items():
        if quotes:
            yield Trait(chosen[gram], _as_written(gram, quotes), tuple(quotes))


def _as_written(gram: str, quotes: Iterable[TraitQuote]) -> str:
    """Return a phrase as it stands in the quotes, where it can without the capital that a sentence begins with."""
    written = [quote.quote[slice(*place)] for quote in quotes if (place := place_of(gram, quote.quote))]
    return min(written, key=lambda text: sum(map(str.isupper, text)), default=gram)


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
SURE = 1.645
"""The z-score from which on a phrase counts as theirs: five in a hundred are as high by chance."""
USUAL = 0.1
"""A word that stands in a larger share of the others' chunks belongs to the language, not to a vocabulary."""
SHORTEST = 3
"""Letters from which on a word may belong to a vocabulary."""
LONGEST_PHRASE = 100
MOST = 12


def draft_by_counting(creator: Creator) -> UnsavedDraft:
    """Return the vocabulary and the phrases that set the creator apart, the surest first.

    Raises ``DraftingError`` where there are no others to compare with, or too little was said.
    """
    works = Work.objects.filter(creator=creator, is_withdrawn=False).count()
    own = count_own(utterances_by(creator), place=_by_chunk if works == 1 else _by_work)
    often = {gram for gram, times in own.times.items() if times >= LEAST_TIMES and own.places[gram] >= LEAST_PLACES}
    words = {word for gram in often for word in gram.split()}
    others = count_others(texts_of_others(creator), wanted=often | words)
    if not others.chunks:
        raise DraftingError(
            f"{creator.name} is the only creator with works here: what is theirs shows only beside others. "
            "Bring in another creator, or set a language model."
        )
    scores = _scores([gram for gram in often if _may_be_theirs(gram, creator)], own=own, others=others)
    usual = {word for word in words if others.places[word] > USUAL * others.chunks}
    chosen = _chosen(scores, usual=usual)
    traits = tuple(traits_of(chosen, said=utterances_by(creator)))
    if not traits:
        raise DraftingError(f"{creator.name} has said too little to tell what is theirs.")
    return UnsavedDraft(PersonalityDraft.Maker.STATISTICS, traits)


def _by_work(said: SpokenChunk, number: int) -> int:
    return said.work


def _by_chunk(said: SpokenChunk, number: int) -> int:
    return number


def _may_be_theirs(gram: str, creator: Creator) -> bool:
    """Say whether a phrase may be part of a voice: figures are facts, and a name only says who speaks.

    What is longer than words are is some code or address, and might not fit into the column.
    """
    if len(gram) > LONGEST_PHRASE:
        return False
    names = {word for name in (creator.name, *creator.aliases) for word in folded(name).split()}
    return not any(any(sign.isdigit() for sign in word) or word in names for word in gram.split())


def _scores(often: Iterable[str], *, own: NGramCounts, others: NGramCounts) -> dict[str, float]:
    scores = {}
    for gram in often:
        length = n_of(gram)
        totals = {"own_total": own.totals[length], "others_total": others.totals[length]}
        score = z_score(own.times[gram], others.times[gram], **totals)
        if score >= SURE:
            scores[gram] = score
    return scores


def _chosen(scores: Mapping[str, float], *, usual: Container[str]) -> dict[str, str]:
    """Return the part that each chosen phrase belongs to, the surest first, without those that say the same again."""
    chosen: dict[str, list[str]] = {"vocabulary": [], "phrases": []}
    for gram in sorted(scores, key=lambda gram: (-scores[gram], gram)):
        part = _part(gram, usual)
        if part and len(chosen[part]) < MOST and not any(_overlap(gram, other) for other in chosen[part]):
            chosen[part].append(gram)
    return {gram: part for part, kept in chosen.items() for gram in kept}


def _part(gram: str, usual: Container[str]) -> str:
    """Return the part of a personality that a phrase is fit for, "" where for none.

    Words of which none is usual are a vocabulary. Three words are a phrase; two are too often one with its article.
    """
    words = gram.split()
    if not any(word in usual or len(word) < SHORTEST or "'" in word for word in words):
        return "vocabulary"
    return "phrases" if len(words) == LONGEST else ""


def _overlap(gram: str, other: str) -> bool:
    """Say whether two phrases are pieces of a longer one, or one of them a part of the other."""
    if f" {gram} " in f" {other} " or f" {other} " in f" {gram} ":
        return True
    first, second = gram.split(), other.split()
    return any(one[-2:] == two[:2] and len(one) > 2 for one, two in ((first, second), (second, first)))


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
