"""Relevance: one calibrated number for each candidate, the thresholds of the tiers, and where a calibration is kept."""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from django.db import connection

from chat import models
from chat.events.events import Tier
from chat.retrieval.candidates import Overlap
from creators.models import Space

logger = logging.getLogger(__name__)

WORDS_RATIO = 0.4
"""Weight of all words beside a cosine of one: the best, or near it, for single questions and for conversations."""
WINDOWS = 0.6
"""Share of a chunk's best window of sentences in its cosine; the whole chunk has the rest."""

FOLLOW_UP_MARGIN = 0.045
"""How far a follow-up lowers the thresholds, on the scale of the cosine: its passages hold the words and the meaning of
the earlier questions only in part. On MTRAG the creator's tier then keeps as many as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic regression on cosine and words, and the relevance that the best passage of each tier must reach.

    With ``thresholds`` it answers the question. With a cosine of ``near`` it may be shown as the nearest: words alone
    bring nobody near, since of a question off the subject those that are known are few and weigh all the more.
    ``judged`` weighs what an operator's judge says, which only a calibration of both has. ``windows`` is the share of
    the best window of sentences in a chunk's cosine.

    It belongs to one vector space. ``version`` is 0 for a shipped one and counts from 1 for stored ones; ``fitted_on``
    names the questions that it was fitted on, ``fitted`` the day (ISO 8601).
    """

    cosine: float
    words: float
    intercept: float
    thresholds: Mapping[Tier, float]
    near: float
    judged: float = 0.0
    windows: float = WINDOWS
    version: int = 0
    fitted_on: str = ""
    fitted: str = ""

    def relevance(self, *, cosine: float, overlap: Overlap, judged: float = 0.0) -> float:
        """Return the probability, 0 to 1, that a passage with these scores is relevant."""
        return logistic(self.cosine * cosine + self.words * overlap.words + self.judged * judged + self.intercept)

    @property
    def ratio(self) -> float:
        """Weight of all words beside a cosine of one."""
        return self.words / self.cosine

    def score_of(self, *, cosine: float, overlap: Overlap) -> float:
        """Return both scores as one on the scale of the cosine; it orders candidates as relevance does."""
        return cosine + self.ratio * overlap.words

    def score_at(self, relevance: float) -> float:
        """Return the score that has this relevance, minus infinity for 0."""
        return (math.log(relevance / (1 - relevance)) - self.intercept) / self.cosine if relevance > 0 else -math.inf

    def for_follow_up(self) -> Self:
        """Return the calibration for a question that follows others, of which every tier asks less."""
        lowered = {tier: self.score_at(least) - FOLLOW_UP_MARGIN for tier, least in self.thresholds.items()}
        thresholds = {tier: logistic(self.cosine * score + self.intercept) for tier, score in lowered.items()}
        return replace(self, thresholds=thresholds, near=self.near - FOLLOW_UP_MARGIN)

    def as_narrowest(self) -> Self:
        """Return the calibration in which every tier asks what the narrowest does."""
        return replace(self, thresholds=dict.fromkeys(self.thresholds, min(self.thresholds.values())))

    def answering_from(self, threshold: float) -> Self:
        """Return the calibration in which every tier asks this relevance."""
        return replace(self, thresholds=dict.fromkeys(self.thresholds, threshold))

    @classmethod
    def from_values(cls, values: Mapping[str, Any], *, version: int = 0) -> Self:
        """Return the calibration that ``as_values`` gave these values of; raises ``LookupError`` or ``ValueError``."""
        return cls(
            cosine=float(values["cosine"]),
            words=float(values["words"]),
            intercept=float(values["intercept"]),
            thresholds={Tier(tier): float(least) for tier, least in values["answers"].items()},
            near=float(values["near"]),
            judged=float(values.get("judged", 0.0)),
            windows=float(values["windows"]),
            version=version,
            fitted_on=str(values["fitted_on"]),
            fitted=str(values["fitted"]),
        )

    def as_values(self) -> dict[str, Any]:
        """Return it as JSON values, without the version, which has a column of its own."""
        return {
            "cosine": self.cosine,
            "words": self.words,
            "intercept": self.intercept,
            "answers": {tier.value: least for tier, least in self.thresholds.items()},
            "near": self.near,
            "judged": self.judged,
            "windows": self.windows,
            "fitted_on": self.fitted_on,
            "fitted": self.fitted,
        }


def logistic(score: float) -> float:
    """Return ``1 / (1 + exp(-score))`` for any score, however large."""
    if score >= 0:
        return 1 / (1 + math.exp(-score))
    return math.exp(score) / (1 + math.exp(score))


FOLDER = Path(__file__).parent / "calibrations"
DEFAULT_SPACE = "all-MiniLM-L6-v2/fp32"
"""The space whose calibration stands in where there is none."""


def _read_shipped() -> Mapping[str, Calibration]:
    files = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json")))
    return MappingProxyType({values["space"]: Calibration.from_values(values) for values in files})


SHIPPED = _read_shipped()
"""The calibrations that come with the program, by the name of their space."""


def calibration_for(space: str) -> Calibration:
    """Return the newest stored calibration of this space, else the shipped one, else that of ``DEFAULT_SPACE``.

    Synchronous: one small query.
    """
    stored = models.Calibration.objects.newest(space)
    return Calibration.from_values(stored.values, version=stored.version) if stored else _shipped_for(space)


CALIBRATED_SQL = f"""
    SELECT space.id, space.dimensions, stored.values, stored.version
    FROM creators_space AS space LEFT JOIN LATERAL ({models.calibration.NEWEST_SQL}) AS stored ON true
    WHERE space.name = %(space)s
"""  # noqa: S608 -- made of constants


def calibrated(name: str) -> tuple[Space, Calibration] | None:
    """Return the space of this name with what ``calibration_for`` gives; None where there is none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(CALIBRATED_SQL, {"space": name})
        row = cursor.fetchone()
    if row is None:
        return None
    key, dimensions, values, version = row
    space = Space(pk=key, name=name, dimensions=dimensions)
    return space, Calibration.from_values(json.loads(values), version=version) if values else _shipped_for(name)


def _shipped_for(space: str) -> Calibration:
    if space not in SHIPPED:
        _warn_uncalibrated(space)
    return SHIPPED.get(space, SHIPPED[DEFAULT_SPACE])


@cache
def _warn_uncalibrated(space: str) -> None:
    # Cached so that the log says it once for each space, and not for each question.
    logger.warning("no calibration for %s: that of %s stands in; run 'manage.py calibrate'", space, DEFAULT_SPACE)
