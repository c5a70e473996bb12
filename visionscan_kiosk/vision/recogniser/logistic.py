"""Logistic regression on a handful of numbers, with a prior: honest probabilities from little evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_ROUNDS = 50
_HALVINGS = 30
_CLOSE_ENOUGH = 1e-6


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
    penalty = pull * scale**2

    def cost(tried: Numbers) -> float:
        value = rows @ tried
        misfit = importance @ (np.logaddexp(0, value) - truth * value)
        return float(misfit + penalty @ (tried - start) ** 2 / 2)

    found = start
    for _ in range(_ROUNDS):
        chance = _sigmoid(rows @ found)
        slope = rows.T @ (importance * (chance - truth)) + penalty * (found - start)
        bend = (rows * (importance * chance * (1 - chance))[:, None]).T @ rows + np.diag(penalty)
        step = _downhill(cost, found, np.linalg.solve(bend, slope), slope)
        found = found - step
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    return Logistic(float(found[0]), tuple(float(weight) for weight in found[1:]))


def _downhill(cost: Callable[[Numbers], float], found: Numbers, step: Numbers, slope: Numbers) -> Numbers:
    """Return the part of Newton's step that lowers the cost: the whole one may leap over the minimum.

    Backtracking line search: Nocedal and Wright, Numerical Optimization, algorithm 3.1.
    """
    here = cost(found)
    for _ in range(_HALVINGS):
        if cost(found - step) <= here - 1e-4 * float(slope @ step):
            return step
        step = step / 2
    return np.zeros_like(step)


def _sigmoid(value: Numbers) -> Numbers:
    return np.asarray(1 / (1 + np.exp(-np.clip(value, -30, 30))))
