"""Which calibration holds in a vector space: the newest stored one, else the one that ships, else MiniLM's."""

import json
import logging
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chat import models
from chat.retrieval.calibration import Calibration

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "calibrations"
BORROWED = "all-MiniLM-L6-v2/fp32"
"""The space whose calibration stands in where there is none."""


def calibration_for(space: str) -> Calibration:
    """Return the calibration to use in this space, at the cost of one small query."""
    if stored := models.Calibration.objects.newest(space):
        return Calibration.from_values(stored.values, version=stored.version)
    return shipped().get(space) or _borrowed(space)


@cache
def shipped() -> Mapping[str, Calibration]:
    """Return the calibrations that come with the program, by space; read once."""
    files = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json")))
    return {values["space"]: Calibration.from_values(values) for values in files}


@cache
def _borrowed(space: str) -> Calibration:
    # Cached so that it is said once.
    logger.warning("no calibration for %s: that of %s stands in; run 'manage.py calibrate'", space, BORROWED)
    return shipped()[BORROWED]
