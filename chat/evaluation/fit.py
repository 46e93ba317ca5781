"""Fitting the calibration of relevance, and how well it fits."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from chat.evaluation.samples import Flags, Floats, Sample, scores, top_score, top_score_of_others
from chat.events.events import Tier
from chat.retrieval.calibration import Calibration, logistic

KEPT = {Tier.CREATOR: 0.97, Tier.GLOBAL: 0.93}
"""Share of the questions answered in a tier that should reach its threshold.

The creator's own tier keeps more: it holds fewer chunks that could be right by accident, and a wrong creator's best
passage lies far lower than everyone's. Questions on one subject are hard or easy together, so that over the 24 subjects
that the shipped one is fitted on the share kept has a standard error of one point in ``global`` and of half a point
in ``creator``: 0.92 is promised of ``global``, while a wrong creator leaves no room for such a margin in ``creator``.
"""
PASSED = {Tier.CREATOR: 0.01, Tier.GLOBAL: 0.1}
"""Share of the questions that a tier can't answer which may reach it all the same."""
RATIOS = tuple(round(0.2 + 0.1 * step, 1) for step in range(9))
"""What a window may weigh beside a cosine where that is searched for."""

MAX_STEPS, MAX_STEP, RIDGE = 200, 4.0, 1e-6
ROUNDING = 1e-9

MIN_ANSWERED = 20
"""Answered questions, in each half, below which thresholds would be accidents."""


class TooFewQuestionsError(ValueError):
    """There is too little to fit on."""

    def __init__(self, answered: int) -> None:
        super().__init__(
            f"{answered} questions found what answers them; at least {MIN_ANSWERED} must, and not everything may."
        )


def fit(samples: Sequence[Sample], *, ratio: float | None, fitted_on: str, today: date) -> Calibration:
    """Return the calibration that the samples speak for; ``ratio`` None searches ``RATIOS`` for the likeliest.

    Raises ``TooFewQuestionsError``.
    """
    found = [sample.everyone for sample in samples]
    legs = np.vstack([np.empty((0, 2)), *(one.legs[one.is_judged] for one in found)])
    labels = np.concatenate([np.empty(0), *(one.is_relevant[one.is_judged] for one in found)])
    if not MIN_ANSWERED <= labels.sum() < len(labels):
        raise TooFewQuestionsError(int(labels.sum()))
    fits = {one: fit_logistic(legs @ np.array([[1.0], [one]]), labels) for one in ([ratio] if ratio else RATIOS)}
    chosen = max(fits, key=lambda one: log_likelihood(legs @ np.array([[1.0], [one]]), labels, fits[one]))
    slope, intercept = map(float, fits[chosen])
    linear = Calibration(
        cosine=slope,
        window=chosen * slope,
        intercept=intercept,
        thresholds={},
        fitted_on=fitted_on,
        fitted=today.isoformat(),
    )
    return replace(linear, thresholds=fitted_thresholds(samples, linear))


def fit_logistic(rows: Floats, labels: Floats) -> Floats:
    """Return a weight for each column and, last, the intercept: the maximum of likelihood, by Newton's method.

    A tiny ridge keeps the weights finite where a line separates the labels.
    """
    columns = np.column_stack([rows, np.ones(len(rows))])
    weights = np.zeros(columns.shape[1])
    for _ in range(MAX_STEPS):
        shares = probabilities(rows, weights)
        slope = columns.T @ (shares - labels) + RIDGE * weights
        bend = (columns * (shares * (1 - shares))[:, None]).T @ columns + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        # A whole step may overshoot where the start is far off, so its length is bounded.
        weights -= step * min(1.0, MAX_STEP / (np.abs(step).max() + 1e-12))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probabilities(rows: Floats, weights: Floats) -> Floats:
    """Return the probability that the regression gives each row."""
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ weights[:-1] + weights[-1], -500, 500))))


def log_likelihood(rows: Floats, labels: Floats, weights: Floats) -> float:
    """Return the logarithm of the probability that the regression gives all the labels."""
    shares = np.clip(probabilities(rows, weights), 1e-12, 1 - 1e-12)
    return float((labels * np.log(shares) + (1 - labels) * np.log(1 - shares)).sum())


def fitted_thresholds(samples: Sequence[Sample], calibration: Calibration) -> Mapping[Tier, float]:
    """Return the relevance that each tier asks for; the domain's score lies half way between the other two.

    Tiers are nested, so the creator's is never asked for more than the others.
    """
    present = [top_score(sample.everyone, calibration) for sample in samples if sample.is_answerable]
    removed = [top_score_of_others(sample.everyone, calibration) for sample in samples]
    own = [top_score(sample.own, calibration) for sample in samples if sample.own is not None]
    other = [top_score(sample.other, calibration) for sample in samples if sample.other is not None]
    wide = threshold(present, removed, kept=KEPT[Tier.GLOBAL], passed=PASSED[Tier.GLOBAL])
    narrow = threshold(own or present, other, kept=KEPT[Tier.CREATOR], passed=PASSED[Tier.CREATOR])
    narrow = min(narrow, wide)
    return {
        Tier.CREATOR: logistic(narrow),
        Tier.DOMAIN: logistic((narrow + wide) / 2),
        Tier.GLOBAL: logistic(wide),
    }


def threshold(right: Sequence[float], wrong: Sequence[float], *, kept: float, passed: float) -> float:
    """Return the score half way between the highest that keeps enough and the lowest that lets little through.

    Where both can be had, that is as far from breaking one promise as the other on questions not seen; where they
    can't, it gives up some of each.
    """
    highest = float(np.sort(right)[math.floor((1 - kept) * len(right) + ROUNDING)])
    if not wrong:
        return highest
    lowest = float(np.sort(wrong)[::-1][min(math.floor(passed * len(wrong) + ROUNDING), len(wrong) - 1)])
    bounds = [score for score in (lowest, highest) if math.isfinite(score)]
    return sum(bounds) / len(bounds) if bounds else highest


BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidates whose relevance lies within a tenth: their number, mean relevance, and the share that is relevant."""

    count: int
    given: float
    observed: float


@dataclass(frozen=True, slots=True)
class CalibrationMetrics:
    """What was measured; shares from 0 to 1, None where nothing bears on it.

    ``kept``: the right creator in tier ``creator``, questions with an answer in ``global``. ``passed``: a wrong creator
    taken at random in ``creator``; in ``global`` the same questions with the works that answer removed, and those that
    nothing answers. ``auc`` is of the latter two, over everyone.
    """

    questions: int
    auc: float | None
    kept: Mapping[Tier, float | None]
    passed: Mapping[Tier, float | None]
    bins: tuple[Bin, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the figures as JSON can hold them."""
        return asdict(self)


def calibration_metrics(samples: Sequence[Sample], calibration: Calibration) -> CalibrationMetrics:
    """Return how the calibration does on these samples."""
    answerable = [sample for sample in samples if sample.is_answerable]
    present = np.array([top_score(sample.everyone, calibration) for sample in answerable])
    removed = np.array([top_score_of_others(sample.everyone, calibration) for sample in samples])
    own = np.array([top_score(sample.own, calibration) for sample in samples if sample.own is not None])
    other = np.array([top_score(sample.other, calibration) for sample in samples if sample.other is not None])
    thresholds = calibration.thresholds
    return CalibrationMetrics(
        questions=len(samples),
        auc=auc_of(present, removed),
        kept={
            Tier.CREATOR: _reaching(own, thresholds[Tier.CREATOR]),
            Tier.GLOBAL: _reaching(present, thresholds[Tier.GLOBAL]),
        },
        passed={
            Tier.CREATOR: _reaching(other, thresholds[Tier.CREATOR]),
            Tier.GLOBAL: _reaching(removed, thresholds[Tier.GLOBAL]),
        },
        bins=tuple(_reliability(samples, calibration)),
    )


def auc_of(higher: Floats, lower: Floats) -> float | None:
    """Return the probability that one of ``higher`` exceeds one of ``lower``, ties counting half (AUC)."""
    if not len(higher) or not len(lower):
        return None
    ranked = np.sort(lower)
    below = np.searchsorted(ranked, higher, "left") + np.searchsorted(ranked, higher, "right")
    return float(below.mean() / 2 / len(lower))


def _reaching(found: Floats, threshold: float) -> float | None:
    return float(np.mean([logistic(score) >= threshold for score in found])) if len(found) else None


def _reliability(samples: Sequence[Sample], calibration: Calibration) -> Iterator[Bin]:
    judged = [(sample.everyone, sample.everyone.is_judged) for sample in samples]
    given = np.concatenate([np.empty(0), *(scores(found, calibration)[which] for found, which in judged)])
    given = np.array([logistic(score) for score in given])
    relevant: Flags = np.concatenate([np.empty(0, bool), *(found.is_relevant[which] for found, which in judged)])
    places = np.minimum((given * BINS).astype(int), BINS - 1)
    for place in range(BINS):
        inside = places == place
        count = int(inside.sum())
        yield Bin(
            count=count,
            given=float(given[inside].mean()) if count else 0.0,
            observed=float(relevant[inside].mean()) if count else 0.0,
        )


LET_THROUGH = {Tier.CREATOR: "a wrong creator let through", Tier.GLOBAL: "the unanswerable let through"}


def calibration_lines(calibration: Calibration) -> Iterator[str]:
    """Yield the coefficients and the thresholds."""
    yield (
        f"relevance = logistic({calibration.cosine:.2f} * cosine + {calibration.window:.2f} * window "
        f"{calibration.intercept:+.2f})"
    )
    thresholds = ", ".join(f"{tier} {least:.4f}" for tier, least in calibration.thresholds.items())
    yield f"enough: {thresholds}"


def metric_lines(figures: CalibrationMetrics) -> Iterator[str]:
    """Yield what was measured, with a table of reliability."""
    yield f"{figures.questions} questions, AUC answered against not {_share(figures.auc)}"
    for tier, said in LET_THROUGH.items():
        yield f"{tier:8} kept {_share(figures.kept[tier])}, {said} {_share(figures.passed[tier])}"
    yield "relevance   candidates  given  observed"
    for place, one in enumerate(figures.bins):
        span = f"{place / 10:.1f} to {(place + 1) / 10:.1f}"
        yield f"{span:10} {one.count:11}  {one.given:.3f}  {one.observed:.3f}"


def _share(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.4f}"
