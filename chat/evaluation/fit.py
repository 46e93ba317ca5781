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

PASSED = {Tier.CREATOR: 0.15, Tier.GLOBAL: 0.1}
"""Share of the questions that nothing in a tier answers which may be answered in full all the same."""
KEPT = 0.5
"""Share of the questions answered in a tier that is answered in full whatever passes with them."""
NEAR = 0.99
"""Share of the questions answered in a tier whose best passage should at least be shown as near."""
IN_OTHER_WORDS = 0.15
"""By how much lower, on the scale of the cosine, lie questions of people who don't know how the answer is worded."""
RATIOS = tuple(round(0.2 + 0.1 * step, 1) for step in range(9))
"""What words may weigh beside a cosine where that is searched for."""

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
    legs = np.vstack([np.empty((0, 3)), *(one.legs[one.is_judged] for one in found)])
    labels = np.concatenate([np.empty(0), *(one.is_relevant[one.is_judged] for one in found)])
    if not MIN_ANSWERED <= labels.sum() < len(labels):
        raise TooFewQuestionsError(int(labels.sum()))
    fits = {one: fit_logistic(_columns(legs, one), labels) for one in ([ratio] if ratio else RATIOS)}
    chosen = max(fits, key=lambda one: log_likelihood(_columns(legs, one), labels, fits[one]))
    slope, *judged, intercept = map(float, fits[chosen])
    linear = Calibration(
        cosine=slope,
        words=chosen * slope,
        intercept=intercept,
        thresholds={},
        near=0.0,
        judged=judged[0] if judged else 0.0,
        fitted_on=fitted_on,
        fitted=today.isoformat(),
    )
    return replace(linear, thresholds=fitted_thresholds(samples, linear), near=fitted_near(samples))


def _columns(legs: Floats, ratio: float) -> Floats:
    """Return what is weighed: cosine and words as one, and what a judge says, where there is one."""
    both = legs[:, 0] + ratio * legs[:, 1]
    return np.column_stack([both, legs[:, 2]] if legs[:, 2].any() else [both])


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
    """Return the relevance from which each tier answers; what can't be answered is tried with the right works removed.

    Tiers are nested, so the creator's is never asked for more than the others; the domain's lies half way.
    """
    present, own = _answered(samples, calibration)
    removed = [top_score_of_others(sample.everyone, calibration) for sample in samples]
    own_removed = [top_score_of_others(sample.own, calibration) for sample in samples if sample.own is not None]
    wide = threshold(present, removed, kept=KEPT, passed=PASSED[Tier.GLOBAL])
    narrow = threshold(own or present, own_removed, kept=KEPT, passed=PASSED[Tier.CREATOR])
    return _by_tier(min(narrow, wide), wide)


def fitted_near(samples: Sequence[Sample]) -> float:
    """Return the cosine from which on what was found is near enough to be shown."""
    found = (sample.own or sample.everyone for sample in samples if sample.is_answerable)
    nearest = [float(one.legs[:, 0].max()) for one in found if len(one.legs)]
    return float(np.quantile(nearest, 1 - NEAR)) - IN_OTHER_WORDS


def _answered(samples: Sequence[Sample], calibration: Calibration) -> tuple[list[float], list[float]]:
    """Return the best scores of what is answered: over everyone, and over the right creator."""
    present = [top_score(sample.everyone, calibration) for sample in samples if sample.is_answerable]
    own = [top_score(sample.own, calibration) for sample in samples if sample.own is not None]
    return present, own or present


def _by_tier(narrow: float, wide: float) -> Mapping[Tier, float]:
    return {
        Tier.CREATOR: logistic(narrow),
        Tier.DOMAIN: logistic((narrow + wide) / 2),
        Tier.GLOBAL: logistic(wide),
    }


def threshold(right: Sequence[float], wrong: Sequence[float], *, kept: float, passed: float) -> float:
    """Return the least score that lets no more than ``passed`` of the wrong through, or else keeps ``kept``.

    What is answered too rarely to be of use is no answer: then more of the wrong pass.
    """
    highest = float(np.sort(right)[math.floor((1 - kept) * len(right) + ROUNDING)])
    finite = np.sort([score for score in wrong if math.isfinite(score)])[::-1]
    place = math.floor(passed * len(wrong) + ROUNDING)
    if place >= len(finite):
        return highest
    return min(highest, math.nextafter(float(finite[place]), math.inf))


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
        f"relevance = logistic({calibration.cosine:.2f} * cosine + {calibration.words:.2f} * words "
        f"{f'{calibration.judged:+.2f} * judge ' if calibration.judged else ''}{calibration.intercept:+.2f})"
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
