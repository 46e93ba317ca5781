"""The verdict on a claim beside a passage, by rules and fitted weights, from its features."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from chat.events.events import Issue, Verdict
from chat.grounding.quantities import Mismatch
from chat.grounding.verification.features import THIN, Features
from chat.grounding.verification.matched import Turned

Weights = Mapping[str, float]
ABSENT: Mapping[str, float] = {
    "": -1.7715,
    "low_three": -0.3630,
    "triple": -2.8298,
    "rare_unsaid": 3.2560,
    "clauses": 0.0766,
    "far": -0.4224,
    "names": 1.6052,
    "run": -0.0122,
    "pairs": 0.6518,
    "said": 0.9209,
    "quantities_found": -1.1653,
}
ABSENT_THIN: Mapping[str, float] = {
    "": -0.2339,
    "embedding_similarity": -7.8165,
    "far": 3.3873,
    "names": 1.6939,
    "said": 2.3165,
    "quantities_found": -0.2971,
}
WEAK: Mapping[str, float] = {
    "": -0.1714,
    "said": 4.3511,
    "lowest": -2.3020,
    "low_three": -0.7246,
    "triple": -0.6854,
    "far": -2.5708,
    "run": -0.1106,
    "rare_unsaid": 0.2639,
    "rare_sum": -0.2721,
    "names": -0.3992,
    "clause": -2.1960,
    "clauses": -0.6643,
    "length": 2.4598,
    "pairs": -0.4487,
    "hedge_lost": 0.6331,
    "hedges": 0.1528,
    "certain": 0.7757,
    "own_case": 4.3748,
}
LIMITS, THIN_LIMITS = (0.35, 0.9), (0.55, 0.93)
"""Probabilities of saying what the passage does not from which on a claim is called weak, and unsupported."""
LEAST_THERE = 0.2
"""Share of a claim's words that the passage must say of one that is supported.

Without it every ninth claim that got by on nearness alone stood on a passage chosen at random in the same fields."""
ALIGNED = 0.45
"""Mean similarity of the three words said least from which on a claim speaks so closely of the same that a relation
turned round accuses it."""
ADDED = 0.6
"""How much more of its one end than of the other, which names things, may be said in the passage of a claim.

More makes it weak and no more: of true claims in words of their own it holds as often as of false ones."""
PLAIN = 0.75
"""As ``ALIGNED``, from which on a claim of one clause that denies something itself is the passage's but for that."""
WEAK_FROM = 0.5
MOST_WORDS = 3
_LEAST_SAID = 0.5
"""Share of words that must be said where no weights were fitted to the language."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reasons; ``absent`` is how likely the claim says what the passage does not, from 0 to 1."""

    verdict: Verdict
    issues: tuple[Issue, ...]
    absent: float


def classify(
    features: Features, *, absent: Weights = ABSENT, thin: Weights = ABSENT_THIN, weak: Weights = WEAK
) -> Judgement:
    """Return the verdict on a claim: contradictions by rule, the rest by logistic regression with these weights."""
    found = list(_contradictions(features))
    wrong = tuple(issue for issue, is_certain in found if is_certain)
    unsure = tuple(_unsure(issue) for issue, is_certain in found if not is_certain)
    if features.is_verbatim and not wrong:
        return Judgement(Verdict.SUPPORTED, (), 0.0)
    if features.is_foreign or not features.is_english:
        return _in_another_language(features)
    if features.measures["said"] < THIN and features.embedding_similarity is None and not wrong:
        return Judgement(Verdict.WEAK, (_not_compared(),), 0.5)
    chance, limits = _absence(features, absent, thin)
    if chance >= limits[1]:
        wrong += (_missing(features),)
    if wrong:
        return Judgement(Verdict.UNSUPPORTED, wrong, chance)
    is_hardly_there = features.measures["said"] < LEAST_THERE
    may_be_absent = chance >= limits[0] or features.measures["added"] >= ADDED or is_hardly_there
    doubts = unsure or tuple(_doubts(features, may_be_absent, probability(weak, features.measures) >= WEAK_FROM))
    return Judgement(Verdict.WEAK if doubts else Verdict.SUPPORTED, doubts, chance)


def _absence(features: Features, absent: Weights, thin: Weights) -> tuple[float, tuple[float, float]]:
    """Return how likely the claim says what the passage does not, 0 to 1, and the limits for weak and unsupported."""
    if features.measures["said"] >= THIN:
        return probability(absent, features.measures), LIMITS
    return probability(
        thin, {**features.measures, "embedding_similarity": features.embedding_similarity or 0.0}
    ), THIN_LIMITS


def probability(weights: Mapping[str, float], measures: Mapping[str, float]) -> float:
    """Return the probability, 0 to 1, by logistic regression; the weight under ``""`` is the constant."""
    total = weights[""] + sum(weight * measures[name] for name, weight in weights.items() if name)
    return 1 / (1 + math.exp(-total))


def _doubts(features: Features, may_be_absent: bool, may_be_weak: bool) -> Iterator[Issue]:
    """Yield the issue that makes a claim weak, if there is one."""
    derived = next((one.quantity.text for one in features.mismatches if one.kind == "derived"), "")
    if derived:
        yield Issue("number", derived, f"“{derived}” stands nowhere in the source; its figures may come to it.")
    elif may_be_absent:
        yield _missing(features)
    elif may_be_weak:
        yield _overstated(features)


def _in_another_language(features: Features) -> Judgement:
    """Judge by quantities and shared words alone: all other features are of English."""
    issues = tuple(_quantity_issues(features))
    if issues:
        return Judgement(Verdict.UNSUPPORTED, issues, 1 - features.measures["said"])
    if features.is_foreign or features.measures["said"] < _LEAST_SAID:
        message = "Only the figures could be compared with the source: it speaks another language, or other words."
        return Judgement(Verdict.WEAK, (Issue("language", "", message),), 1 - features.measures["said"])
    return Judgement(Verdict.SUPPORTED, (), 1 - features.measures["said"])


def _contradictions(features: Features) -> Iterator[tuple[Issue, bool]]:
    """Yield what contradicts the passage, each with whether it is certain enough to accuse the claim.

    Certain is what was right in more than five of six of its cases on claims that no rule was made for.
    """
    is_aligned = features.measures["low_three"] >= ALIGNED
    is_said_so = is_aligned and features.measures["pairs"] > 0
    for issue in _quantity_issues(features):
        yield issue, not features.measures["supposes"] and (issue.kind != "swapped" or is_said_so)
    is_plain = features.measures["clauses"] == 1 and features.measures["low_three"] >= PLAIN
    for word in features.denied[:1]:
        issue = Issue("negation", word, f"The source says the contrary about “{word}”.")
        yield issue, is_plain or not features.measures["denies"]
    for word, other in features.opposites[:1]:
        yield Issue("negation", word, f"Where this says “{word}”, the source says “{other}”."), is_aligned
    for word, other in features.exchanged:
        yield Issue("swapped", word, f"The source speaks of “{other}” here, not of “{word}”."), True
    for pair in features.paired:
        yield _turned(pair), True
    for one in features.owned if not features.mismatches else ():
        yield _elsewhere(one), not features.measures["supposes"]
    yield from _without_bounds(features)
    if not (features.mismatches or features.denied or features.opposites):
        for pair in features.turned:
            yield _turned(pair), is_aligned and pair.kind != "cause"


def _without_bounds(features: Features) -> Iterator[tuple[Issue, bool]]:
    """Yield what a claim says of all cases and its passage does not; a habit told plainly may be meant of all."""
    for word, other in features.overstated:
        yield Issue("hedge", word, f"Where this says “{word}”, the source says “{other}”."), True
    for word in features.boundless if not (features.overstated or features.measures["hedge_lost"]) else ():
        yield Issue("hedge", word, f"The source says this, but not “{word}”."), word not in _OF_HABIT


_OF_HABIT = frozenset("always invariably".split())


def _unsure(issue: Issue) -> Issue:
    return replace(issue, message=f"{issue.message} That is not certain.")


def _turned(pair: Turned) -> Issue:
    return Issue("swapped", pair.words[0], _TURNED[pair.kind].format(*pair.words))


_TURNED = {
    "swapped": "In the source “{}” does not go with “{}”.",
    "order": "In the source “{}” does not come before “{}”.",
    "cause": "The source gives another reason than “{}”: there it is “{}”.",
}


def _quantity_issues(features: Features) -> Iterator[Issue]:
    for one in features.mismatches:
        words = one.quantity.text
        right = _right(one)
        match one.kind:
            case "number":
                yield Issue("number", words, f"“{words}” stands nowhere in the source.{right}")
            case "unit":
                yield Issue("unit", words, f"The source gives the number of “{words}” another unit.{right}")
            case "elsewhere":
                yield _elsewhere(one)


def _elsewhere(mismatch: Mismatch) -> Issue:
    words = mismatch.quantity.text
    return Issue("swapped", words, f"In the source “{words}” belongs to something else.{_right(mismatch)}")


def _right(mismatch: Mismatch) -> str:
    return f" There it is “{mismatch.instead.text}”." if mismatch.instead else ""


def _not_compared() -> Issue:
    return Issue("missing", "", "Hardly any of its words stand in the source, so it could not be checked closely.")


def _missing(features: Features) -> Issue:
    words = ", ".join(f"“{word}”" for word in features.unsaid[:MOST_WORDS])
    message = f"Nothing in the source speaks of {words}." if words else "The source does not put these together."
    return Issue("missing", ", ".join(features.unsaid[:MOST_WORDS]), message)


def _overstated(features: Features) -> Issue:
    if features.measures["hedge_lost"] and features.lost:
        hedge = features.lost[0]
        return Issue("hedge", hedge, f"The source says this less firmly: “{hedge}”.")
    return Issue("hedge", "", "The source says this of one case, or in part.")
