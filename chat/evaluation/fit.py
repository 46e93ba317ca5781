"""Fitting the calibration of relevance, and how well it fits."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from chat.evaluation.samples import Flags, Floats, Trial, best, best_of_others, scores
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

STEPS, LONGEST_STEP, RIDGE = 200, 4.0, 1e-6
ROUNDING = 1e-9

FEWEST = 20
"""Answered questions, in each half, below which thresholds would be accidents."""


class TooFewError(ValueError):
    """There is too little to fit on."""

    def __init__(self, answered: int) -> None:
        super().__init__(
            f"{answered} questions found what answers them; at least {FEWEST} must, and not everything may."
        )


def fit(trials: Sequence[Trial], *, ratio: float | None, fitted_on: str, today: date) -> Calibration:
    """Return the calibration that the trials speak for; ``ratio`` None searches ``RATIOS`` for the likeliest.

    Raises ``TooFewError``.
    """
    found = [trial.everyone for trial in trials]
    legs = np.vstack([np.empty((0, 2)), *(one.legs[one.is_judged] for one in found)])
    labels = np.concatenate([np.empty(0), *(one.is_relevant[one.is_judged] for one in found)])
    if not FEWEST <= labels.sum() < len(labels):
        raise TooFewError(int(labels.sum()))
    fits = {one: fit_logistic(legs @ np.array([[1.0], [one]]), labels) for one in ([ratio] if ratio else RATIOS)}
    chosen = max(fits, key=lambda one: log_likelihood(legs @ np.array([[1.0], [one]]), labels, fits[one]))
    slope, intercept = map(float, fits[chosen])
    linear = Calibration(
        cosine=slope,
        window=chosen * slope,
        intercept=intercept,
        enough={},
        fitted_on=fitted_on,
        fitted=today.isoformat(),
    )
    return replace(linear, enough=thresholds(trials, linear))


def fit_logistic(rows: Floats, labels: Floats) -> Floats:
    """Return a weight for each column and, last, the intercept: the maximum of likelihood, by Newton's method.

    A tiny ridge keeps the weights finite where a line separates the labels.
    """
    columns = np.column_stack([rows, np.ones(len(rows))])
    weights = np.zeros(columns.shape[1])
    for _ in range(STEPS):
        shares = probabilities(rows, weights)
        slope = columns.T @ (shares - labels) + RIDGE * weights
        bend = (columns * (shares * (1 - shares))[:, None]).T @ columns + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        # A whole step may overshoot where the start is far off, so its length is bounded.
        weights -= step * min(1.0, LONGEST_STEP / (np.abs(step).max() + 1e-12))
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


def thresholds(trials: Sequence[Trial], calibration: Calibration) -> Mapping[Tier, float]:
    """Return the relevance that each tier asks for; the domain's score lies half way between the other two.

    Tiers are nested, so the creator's is never asked for more than the others.
    """
    present = [best(trial.everyone, calibration) for trial in trials if trial.is_answerable]
    removed = [best_of_others(trial.everyone, calibration) for trial in trials]
    own = [best(trial.own, calibration) for trial in trials if trial.own is not None]
    other = [best(trial.other, calibration) for trial in trials if trial.other is not None]
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
class Figures:
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


def figures_of(trials: Sequence[Trial], calibration: Calibration) -> Figures:
    """Return how the calibration does on these trials."""
    answerable = [trial for trial in trials if trial.is_answerable]
    present = np.array([best(trial.everyone, calibration) for trial in answerable])
    removed = np.array([best_of_others(trial.everyone, calibration) for trial in trials])
    own = np.array([best(trial.own, calibration) for trial in trials if trial.own is not None])
    other = np.array([best(trial.other, calibration) for trial in trials if trial.other is not None])
    enough = calibration.enough
    return Figures(
        questions=len(trials),
        auc=area(present, removed),
        kept={
            Tier.CREATOR: _reaching(own, enough[Tier.CREATOR]),
            Tier.GLOBAL: _reaching(present, enough[Tier.GLOBAL]),
        },
        passed={
            Tier.CREATOR: _reaching(other, enough[Tier.CREATOR]),
            Tier.GLOBAL: _reaching(removed, enough[Tier.GLOBAL]),
        },
        bins=tuple(_reliability(trials, calibration)),
    )


def area(higher: Floats, lower: Floats) -> float | None:
    """Return the probability that one of ``higher`` exceeds one of ``lower``, ties counting half (AUC)."""
    if not len(higher) or not len(lower):
        return None
    ranked = np.sort(lower)
    below = np.searchsorted(ranked, higher, "left") + np.searchsorted(ranked, higher, "right")
    return float(below.mean() / 2 / len(lower))


def _reaching(found: Floats, enough: float) -> float | None:
    return float(np.mean([logistic(score) >= enough for score in found])) if len(found) else None


def _reliability(trials: Sequence[Trial], calibration: Calibration) -> Iterator[Bin]:
    judged = [(trial.everyone, trial.everyone.is_judged) for trial in trials]
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


def lines_of(calibration: Calibration) -> Iterator[str]:
    """Yield the coefficients and the thresholds."""
    yield (
        f"relevance = logistic({calibration.cosine:.2f} * cosine + {calibration.window:.2f} * window "
        f"{calibration.intercept:+.2f})"
    )
    enough = ", ".join(f"{tier} {least:.4f}" for tier, least in calibration.enough.items())
    yield f"enough: {enough}"


def figure_lines(figures: Figures) -> Iterator[str]:
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
