"""How well a calibration does: what each tier keeps and lets through, and whether its probabilities are true."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from chat.evaluation.values_part import Flags, Floats, Trial, best, best_of_others, scores
from chat.events.events import Tier
from chat.retrieval.calibration import Calibration, logistic

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
