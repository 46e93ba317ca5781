"""Gathering the best sentences, each once, and no more of them than come close to the best."""

from collections.abc import Sequence

from chat.grounding.quotes.candidates import SHORTEST
from chat.grounding.quotes.lists import ASKS_QUANTITY, FIGURE
from chat.grounding.quotes.runs import Run, carried_on, led_up_to, meet
from chat.grounding.quotes.sameness import gist, say_the_same
from chat.grounding.quotes.select import Scores
from chat.grounding.quotes.values import Sentence

MOST_QUOTES = 3
CLOSE_TO_BEST = 0.25
"""A further sentence is quoted when its score is at most this much below the best one's. On SQuAD's even articles 0.4
quotes ten words more, and with them the answer to 1.6 more questions in a hundred."""


def gathered(sentences: Sequence[Sentence], ranked: Sequence[int], scored: Scores, *, query: str) -> dict[int, Run]:
    """Return the runs to quote, best first, each by the place it was gathered for.

    ``ranked`` holds the places of the candidates, best first, and at least one; ``scored`` is by place.
    """
    best = led_up_to(sentences, ranked[0])
    runs = {ranked[0]: best if _gives_figure(sentences[ranked[0]], query) else carried_on(sentences, best)}
    picked = 1
    for place in ranked[1:]:
        if picked == MOST_QUOTES or scored[place] < scored[ranked[0]] - CLOSE_TO_BEST:
            break
        more = _added(sentences, runs, place)
        picked += more != runs
        runs = more
    return runs


def _gives_figure(sentence: Sentence, query: str) -> bool:
    """Say whether a sentence gives the figure that was asked for, so that nothing need follow."""
    is_long_enough = len(sentence.text.split()) >= SHORTEST
    return is_long_enough and bool(ASKS_QUANTITY.search(query)) and bool(FIGURE.search(sentence.text))


def _added(sentences: Sequence[Sentence], runs: dict[int, Run], place: int) -> dict[int, Run]:
    """Return the runs with one for this place too, grown into those it meets; the same runs if it says nothing new."""
    new = led_up_to(sentences, place)
    met = {owner: run for owner, run in runs.items() if meet(sentences, run, new)}
    others = [run for owner, run in runs.items() if owner not in met]
    if _is_said(sentences, place, list(runs.values())) or any(
        _is_said(sentences, one, others) for one in range(new.first, place)
    ):
        return runs
    grown = Run(min(run.first for run in [new, *met.values()]), max(run.last for run in [new, *met.values()]))
    owner = next(iter(met), place)
    return {one: run for one, run in runs.items() if one not in met or one == owner} | {owner: grown}


def _is_said(sentences: Sequence[Sentence], place: int, runs: Sequence[Run]) -> bool:
    own = gist(sentences[place].text)
    return any(say_the_same(own, gist(one.text)) for run in runs for one in run.within(sentences))
