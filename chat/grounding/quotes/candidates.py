"""Which sentences may be quoted as an answer at all."""

from collections.abc import Sequence

from chat.grounding.quotes.leaning import promises, tells
from chat.grounding.quotes.lists import FIGURE
from chat.grounding.quotes.runs import Run, carried_on, hangs
from chat.grounding.quotes.values import Sentence
from chat.grounding.quotes.wording import tidy

SHORTEST = 4
"""Words below which a sentence answers nothing by itself."""


def tellable(sentences: Sequence[Sentence], said: str) -> list[int]:
    """Return the places of what may be quoted; where nothing is left, less and less is asked of it."""
    fresh = [place for place, one in enumerate(sentences) if tidy(one.text) not in said] or [*range(len(sentences))]
    telling = [place for place in fresh if tells(sentences[place].text)] or fresh
    telling = [place for place in telling if _is_long_enough(sentences, place)] or telling
    return [place for place in telling if not hangs(sentences, place)] or telling


def _is_long_enough(sentences: Sequence[Sentence], place: int) -> bool:
    """Say whether there are words enough; a figure is, and so is the beginning of a reply that goes on."""
    own = sentences[place]
    after_promise = place > 0 and sentences[place - 1].number == own.number and promises(sentences[place - 1].text)
    goes_on = carried_on(sentences, Run(place, place)).last > place
    return len(own.text.split()) >= SHORTEST or (after_promise and (goes_on or bool(FIGURE.search(own.text))))
