"""Logistic regression by Newton's method (as in Hastie, Tibshirani and Friedman, section 4.4), small and ridged."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RIDGE = 5.0
"""How strongly weights are held to zero, on measures brought to one scale."""


def fitted(names: Sequence[str], measures: Sequence[Mapping[str, float]], labels: Sequence[bool]) -> dict[str, float]:
    """Return the weights by name, the constant under ``""``, for measures as they are."""
    table = np.array([[one[name] for name in names] for one in measures])
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    scaled = np.hstack([np.ones((len(table), 1)), (table - mean) / spread])
    weights = _newton(scaled, np.array(labels, dtype=float))
    own = weights[1:] / spread
    return {"": float(weights[0] - (own * mean).sum()), **dict(zip(names, map(float, own), strict=True))}


def _newton(table: Array, labels: Array) -> Array:
    weights = np.zeros(table.shape[1])
    ridge = np.diag([0.0] + [RIDGE] * (table.shape[1] - 1))
    for _ in range(50):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (labels - chance) - ridge @ weights
        curve = (table * (chance * (1 - chance))[:, None]).T @ table + ridge
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return weights
