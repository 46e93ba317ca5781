"""The values of a calibration: a question with where its answer stands, and what retrieval scored for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from chat.retrieval import Probe
from chat.retrieval.calibration import Calibration

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Case:
    """A question as it is searched for, the works that answer it (none: nothing does) and who made them.

    ``chunks`` are those that hold the answer, where that is known; ``creator`` is None where there are several.
    """

    probe: Probe
    works: frozenset[int]
    creator: int | None
    chunks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What both legs propose, best first: which are of right works, hold the answer, or can be judged at all.

    ``legs`` has a row of cosine and best window for each.

    In a right work of which nobody said where the answer stands, the best candidate is taken to hold it.
    """

    legs: Floats
    of_right_work: Flags
    is_relevant: Flags
    is_judged: Flags


@dataclass(frozen=True, slots=True)
class Trial:
    """A case put to the corpus: asked of everyone, of its own creator, and of another one taken at random."""

    is_answerable: bool
    everyone: Found
    own: Found | None
    other: Found | None


def best(found: Found, calibration: Calibration) -> float:
    """Return the highest score before the logistic; minus infinity where nothing was found."""
    return float(scores(found, calibration).max(initial=-np.inf))


def best_of_others(found: Found, calibration: Calibration) -> float:
    """As ``best``, with the works that answer removed."""
    return float(scores(found, calibration)[~found.of_right_work].max(initial=-np.inf))


def scores(found: Found, calibration: Calibration) -> Floats:
    """Return each candidate's score before the logistic."""
    return np.asarray(found.legs @ np.array([calibration.cosine, calibration.window]) + calibration.intercept)
