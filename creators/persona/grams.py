"""Runs of one to three words: how often each is said and in how many places, in bounded memory."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field

from chrysopedia.core.text import words_of
from creators.persona.utterances import Said

LONGEST = 3
MOST = 400_000
"""Runs that are counted at a time; beyond it those met least are forgotten, as in lossy counting."""


def grams(text: str) -> Iterator[str]:
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


def length_of(gram: str) -> int:
    """Return how many words a run has."""
    return gram.count(" ") + 1


@dataclass(slots=True)
class Tally:
    """How often each run is said, in how many places, and how many runs of each length there are in all."""

    times: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    totals: Counter[int] = field(default_factory=Counter)
    chunks: int = 0


def own_tally(said: Iterable[Said], *, place: Callable[[Said, int], int]) -> Tally:
    """Count a creator's words; ``place`` names what a run has to be used in several of, given the chunk's number."""
    tally, last = Tally(), dict[str, int]()
    for number, one in enumerate(said):
        here = place(one, number)
        for start, end in one.sentences:
            for gram in grams(one.text[start:end]):
                tally.times[gram] += 1
                tally.totals[length_of(gram)] += 1
                if last.get(gram) != here:
                    last[gram] = here
                    tally.places[gram] += 1
        tally.chunks += 1
        if len(last) > MOST:
            _forget(tally, last)
    return tally


def others_tally(texts: Iterable[str], *, wanted: Container[str]) -> Tally:
    """Count how often others say the runs that are wanted, and in how many chunks they do."""
    tally = Tally()
    for text in texts:
        here = set()
        for gram in grams(text):
            tally.totals[length_of(gram)] += 1
            if gram in wanted:
                tally.times[gram] += 1
                here.add(gram)
        tally.places.update(here)
        tally.chunks += 1
    return tally


def _forget(tally: Tally, last: dict[str, int]) -> None:
    least = 1
    while len(last) > MOST // 2:
        gone = [gram for gram in last if tally.times[gram] <= least]
        for gram in gone:
            del last[gram], tally.times[gram], tally.places[gram]
        least *= 2
