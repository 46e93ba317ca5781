"""From what was read of a claim to a verdict, and to what is wrong in words for its reader."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chat.events.events import Flaw, Verdict
from chat.grounding.verification.reading import THIN, Reading
from chat.grounding.verification.weights import ABSENT, ABSENT_THIN, WEAK

Weights = Mapping[str, float]

LIMITS, THIN_LIMITS = (0.35, 0.7), (0.62, 0.92)
"""Probabilities of saying what the passage does not from which on a claim is called weak, and unsupported."""
WEAK_FROM = 0.5
MOST_WORDS = 3
_LEAST_SAID = 0.5
"""Share of words that must be said where no weights were fitted to the language."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons; ``absent`` is how likely the claim says what the passage does not, from 0 to 1."""

    verdict: Verdict
    flaws: tuple[Flaw, ...]
    absent: float


def judge(
    reading: Reading, *, absent: Weights = ABSENT, thin: Weights = ABSENT_THIN, weak: Weights = WEAK
) -> Judgement:
    """Return the verdict of a claim on a passage, by the weights of the judgements that are measured."""
    wrong = tuple(_contradictions(reading))
    if reading.is_verbatim and not wrong:
        return Judgement(Verdict.SUPPORTED, (), 0.0)
    if reading.is_foreign or not reading.is_english:
        return _in_another_language(reading)
    if reading.measures["said"] < THIN and reading.nearness is None and not wrong:
        return Judgement(Verdict.WEAK, (_not_compared(),), 0.5)
    chance, limits = _absence(reading, absent, thin)
    if chance >= limits[1]:
        wrong += (_missing(reading),)
    if wrong:
        return Judgement(Verdict.UNSUPPORTED, wrong, chance)
    doubts = tuple(_doubts(reading, chance >= limits[0], probability(weak, reading.measures) >= WEAK_FROM))
    return Judgement(Verdict.WEAK if doubts else Verdict.SUPPORTED, doubts, chance)


def _doubts(reading: Reading, may_be_absent: bool, may_be_weak: bool) -> Iterator[Flaw]:
    """Yield the one thing that makes a claim weak, if there is one."""
    if may_be_absent:
        yield _missing(reading)
    elif may_be_weak:
        yield _overstated(reading)


def _absence(reading: Reading, absent: Weights, thin: Weights) -> tuple[float, tuple[float, float]]:
    """Return how likely the claim says what the passage does not, and what that is held against."""
    if reading.measures["said"] >= THIN:
        return probability(absent, reading.measures), LIMITS
    return probability(thin, {**reading.measures, "nearness": reading.nearness or 0.0}), THIN_LIMITS


def probability(weights: Mapping[str, float], measures: Mapping[str, float]) -> float:
    """Return what a logistic regression makes of the measures; the weight under ``""`` is the constant."""
    total = weights[""] + sum(weight * measures[name] for name, weight in weights.items() if name)
    return 1 / (1 + math.exp(-total))


def _in_another_language(reading: Reading) -> Judgement:
    """Judge by figures and by words alone: what else is known here is known of English."""
    flaws = tuple(_figures(reading))
    if flaws:
        return Judgement(Verdict.UNSUPPORTED, flaws, 1 - reading.measures["said"])
    if reading.is_foreign or reading.measures["said"] < _LEAST_SAID:
        message = "Only the figures could be compared with the source: it speaks another language, or other words."
        return Judgement(Verdict.WEAK, (Flaw("language", "", message),), 1 - reading.measures["said"])
    return Judgement(Verdict.SUPPORTED, (), 1 - reading.measures["said"])


def _contradictions(reading: Reading) -> Iterator[Flaw]:
    yield from _figures(reading)
    for word in reading.denied[:1]:
        yield Flaw("negation", word, f"The source says the contrary about “{word}”.")
    for word, other in reading.opposites[:1]:
        yield Flaw("negation", word, f"Where this says “{word}”, the source says “{other}”.")


def _figures(reading: Reading) -> Iterator[Flaw]:
    for one in reading.astray:
        words = one.figure.text
        match one.kind:
            case "number":
                yield Flaw("number", words, f"“{words}” stands nowhere in the source.")
            case "unit":
                yield Flaw("unit", words, f"The source gives the number of “{words}” another unit.")
            case "elsewhere":
                yield Flaw("swapped", words, f"In the source “{words}” belongs to something else.")


def _not_compared() -> Flaw:
    return Flaw("missing", "", "Hardly any of its words stand in the source, so it could not be checked closely.")


def _missing(reading: Reading) -> Flaw:
    words = ", ".join(f"“{word}”" for word in reading.unsaid[:MOST_WORDS])
    message = f"Nothing in the source speaks of {words}." if words else "The source does not put these together."
    return Flaw("missing", ", ".join(reading.unsaid[:MOST_WORDS]), message)


def _overstated(reading: Reading) -> Flaw:
    if reading.measures["hedge_lost"] and reading.lost:
        hedge = reading.lost[0]
        return Flaw("hedge", hedge, f"The source says this less firmly: “{hedge}”.")
    return Flaw("hedge", "", "The source says this of one case, or in part.")
