"""Logistic regression on a handful of numbers, with a prior: honest probabilities from little evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_ROUNDS = 25


@dataclass(frozen=True, slots=True)
class Logistic:
    """P = 1 / (1 + exp(-(bias + signs @ weights))). Raw numbers go in, without scaling."""

    bias: float
    weights: tuple[float, ...]

    def probability(self, signs: Numbers) -> Numbers:
        """Return the probability of each row of `signs` (samples x numbers)."""
        return _sigmoid(signs @ np.asarray(self.weights) + self.bias)


def fit_logistic(
    signs: Numbers, truth: Numbers, prior: Logistic, *, pull: float, importance: Numbers
) -> Logistic:
    """Return the most probable logistic, starting from `prior`.

    `truth`: 0 or 1 for every row; `importance`: how much each row counts; `pull`: how many rows the prior is
    worth. Few rows stay near the prior.
    """
    rows = np.hstack([np.ones((len(signs), 1)), signs])
    start = np.array([prior.bias, *prior.weights])
    scale = rows.std(axis=0) + 1e-3
    scale[0] = 1.0
    penalty = np.diag(pull * scale**2)
    found = start.copy()
    for _ in range(_ROUNDS):
        chance = _sigmoid(rows @ found)
        slope = rows.T @ (importance * (chance - truth)) + penalty @ (found - start)
        bend = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + penalty
        found = found - np.clip(np.linalg.solve(bend, slope), -8, 8)
    return Logistic(float(found[0]), tuple(float(weight) for weight in found[1:]))


def _sigmoid(value: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -30, 30))))
