"""Relevance: one calibrated number for each candidate, and the limits that decide tiers."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from chat import models
from chat.events.events import Tier
from chat.retrieval.query import Overlap

WINDOW_RATIO = 0.5
"""What a full window weighs beside a cosine of one: the best, or near it, for questions alone and in conversations."""

FOLLOW_UP_MARGIN = 0.045
"""How much lower a score, on the scale of the cosine, is enough for a question that leans on earlier ones: its passages
hold the words and the meaning of those only in part. On MTRAG the creator's tier then keeps as many as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic regression on the cosine and the best window, and the relevance a tier's best passage must reach.

    It belongs to one vector space. ``version`` is 0 for one that ships, and counts from 1 for those that are stored;
    ``fitted_on`` says what questions it comes from and ``fitted`` on which day (ISO 8601).
    """

    cosine: float
    window: float
    intercept: float
    thresholds: Mapping[Tier, float]
    version: int = 0
    fitted_on: str = ""
    fitted: str = ""

    def relevance(self, *, cosine: float, overlap: Overlap) -> float:
        """Return the probability, 0 to 1, that a passage with these scores is relevant."""
        return logistic(self.cosine * cosine + self.window * overlap.window + self.intercept)

    @property
    def ratio(self) -> float:
        """What a full window weighs beside a cosine of one."""
        return self.window / self.cosine

    def score_of(self, *, cosine: float, overlap: Overlap) -> float:
        """Return the scores as one on the scale of the cosine: it orders as relevance does."""
        return cosine + self.ratio * overlap.window

    def score_at(self, relevance: float) -> float:
        """Return the score at which relevance is this; the lowest there is for 0."""
        return (math.log(relevance / (1 - relevance)) - self.intercept) / self.cosine if relevance > 0 else -math.inf

    def thresholds_for(self, *, is_follow_up: bool) -> Mapping[Tier, float]:
        """Return the relevance that each tier asks for, less of it for a question that leans on earlier ones."""
        if not is_follow_up:
            return self.thresholds
        ends = {tier: self.score_at(least) - FOLLOW_UP_MARGIN for tier, least in self.thresholds.items()}
        return {tier: logistic(self.cosine * score + self.intercept) for tier, score in ends.items()}

    @classmethod
    def from_values(cls, values: Mapping[str, Any], *, version: int = 0) -> Self:
        """Return the calibration that ``as_values`` made these of."""
        return cls(
            cosine=float(values["cosine"]),
            window=float(values["window"]),
            intercept=float(values["intercept"]),
            thresholds={Tier(tier): float(least) for tier, least in values["enough"].items()},
            version=version,
            fitted_on=str(values["fitted_on"]),
            fitted=str(values["fitted"]),
        )

    def as_values(self) -> dict[str, Any]:
        """Return what JSON can hold of it; the version stands beside it where it is stored."""
        return {
            "cosine": self.cosine,
            "window": self.window,
            "intercept": self.intercept,
            "enough": {tier.value: least for tier, least in self.thresholds.items()},
            "fitted_on": self.fitted_on,
            "fitted": self.fitted,
        }


def logistic(score: float) -> float:
    """Return ``1 / (1 + exp(-score))`` for any score, however large."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    return math.exp(score) / (1 + math.exp(score))


logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "calibrations"
DEFAULT_SPACE = "all-MiniLM-L6-v2/fp32"
"""The space whose calibration stands in where there is none."""


def calibration_for(space: str) -> Calibration:
    """Return the calibration to use in this space, at the cost of one small query."""
    if stored := models.Calibration.objects.newest(space):
        return Calibration.from_values(stored.values, version=stored.version)
    return shipped().get(space) or _default_calibration(space)


@cache
def shipped() -> Mapping[str, Calibration]:
    """Return the calibrations that come with the program, by space; read once."""
    files = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json")))
    return {values["space"]: Calibration.from_values(values) for values in files}


@cache
def _default_calibration(space: str) -> Calibration:
    # Cached so that it is said once.
    logger.warning("no calibration for %s: that of %s stands in; run 'manage.py calibrate'", space, DEFAULT_SPACE)
    return shipped()[DEFAULT_SPACE]
