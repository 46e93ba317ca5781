"""Runs: a sentence together with those around it that it needs to be read alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.grounding.quotes.leaning import asks, leans, promises
from chat.grounding.quotes.values import Sentence

BACK, ON = 2, 3
"""Sentences that may be added before one that leans, and after one that says too little."""
FULL = 25
"""Words from which on the best sentence stands by itself: about one long sentence of writing, or three of talk."""


@dataclass(frozen=True, slots=True)
class Run:
    """The sentences from place ``first`` to place ``last``, both within."""

    first: int
    last: int

    def within(self, sentences: Sequence[Sentence]) -> Sequence[Sentence]:
        """Return the run's sentences."""
        return sentences[self.first : self.last + 1]


def led_up_to(sentences: Sequence[Sentence], place: int) -> Run:
    """Return the sentence with what it leans on before it, as far as the same person says it without a break."""
    first = place
    while leans(sentences[first].text) and sentences[first].follows and place - first < BACK:
        first -= 1
    return Run(first, place)


def hangs(sentences: Sequence[Sentence], place: int) -> bool:
    """Say whether a sentence points at something that a run cannot show; a reply points at what was asked."""
    first = led_up_to(sentences, place).first
    is_reply = sentences[first].replies and asks(sentences[first - 1].text)
    return leans(sentences[first].text) and not is_reply


def carried_on(sentences: Sequence[Sentence], run: Run) -> Run:
    """Return the run with the sentences after it, until there are enough words: in talk the answer often follows."""
    last = run.last
    while last - run.last < ON and _words(sentences[run.first : last + 1]) < FULL and _goes_on(sentences, last):
        last += 1
    while last > run.last and promises(sentences[last].text):
        last -= 1
    return Run(run.first, last)


def meet(sentences: Sequence[Sentence], run: Run, later: Run) -> bool:
    """Say whether two runs read as one: they share a sentence, or the later one is what was said next."""
    shares = run.first <= later.last and later.first <= run.last
    return shares or (later.first == run.last + 1 and sentences[later.first].follows)


def _goes_on(sentences: Sequence[Sentence], place: int) -> bool:
    after = place + 1
    return after < len(sentences) and sentences[after].follows and not asks(sentences[after].text)


def _words(sentences: Sequence[Sentence]) -> int:
    return sum(len(sentence.text.split()) for sentence in sentences)
