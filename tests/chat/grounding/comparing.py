"""Short ways, for these tests, to what is read in a text and found of a claim in a passage."""

from chat.grounding.quantities import Figure, astray, figures_in
from chat.grounding.verification.classifier import Judgement, judge
from chat.grounding.verification.features import Reading, read
from chat.grounding.verification.similarity import Analysed


def figure(text: str) -> Figure:
    """Return the only figure of a text."""
    (found,) = figures_in(text)
    return found


def amounts(text: str) -> list[tuple[float, str]]:
    """Return value and unit of each figure of a text, "" where it has none."""
    return [(round(one.value, 4), one.unit.name if one.unit else "") for one in figures_in(text)]


def stray(claim: str, passage: str) -> list[tuple[str, str]]:
    """Return the words and the kind of each figure of a claim that the passage doesn't give."""
    found = astray(Analysed(claim).counted, Analysed(passage).counted)
    return [(one.figure.text, one.kind) for one in found]


def reading(claim: str, passage: str) -> Reading:
    """Return all that is read of a claim in a passage."""
    return read(Analysed(claim), Analysed(passage))


def judged(claim: str, passage: str) -> Judgement:
    """Return what a claim comes to on a passage."""
    return judge(reading(claim, passage))
