"""What the tests of grounding read in a text and find of a claim in a passage, in one call each."""

from chat.grounding.quantities import Quantity, mismatches, quantities_in
from chat.grounding.verification.classifier import Judgement, classify
from chat.grounding.verification.features import Features, extract_features
from chat.grounding.verification.similarity import AnalysedText


def figure(text: str) -> Quantity:
    """Return the only figure of a text."""
    (found,) = quantities_in(text)
    return found


def amounts(text: str) -> list[tuple[float, str]]:
    """Return value and unit of each figure of a text, "" where it has none."""
    return [(round(one.value, 4), one.unit.name if one.unit else "") for one in quantities_in(text)]


def stray(claim: str, passage: str) -> list[tuple[str, str]]:
    """Return the words and the kind of each figure of a claim that the passage doesn't give."""
    found = mismatches(AnalysedText(claim).quantity_text, AnalysedText(passage).quantity_text)
    return [(one.quantity.text, one.kind) for one in found]


def reading(claim: str, passage: str) -> Features:
    """Return all that is read of a claim in a passage."""
    return extract_features(AnalysedText(claim), AnalysedText(passage))


def judged(claim: str, passage: str) -> Judgement:
    """Return what a claim comes to on a passage."""
    return classify(reading(claim, passage))
