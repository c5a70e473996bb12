"""Probabilities from little evidence: the fit must end at the best answer, whatever the evidence."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from visionscan_kiosk.vision.recogniser.logistic import Logistic, Numbers, fit_logistic

PRIOR = Logistic(-4.0, (4.0, 4.0))
PULL = 8.0

points = st.tuples(st.floats(-0.5, 2), st.floats(-0.5, 2))


def around(point: tuple[float, float], spread: float, count: int, seed: int) -> Numbers:
    return np.array(point) + np.random.default_rng(seed).normal(0, spread, (count, 2))


@given(
    so=points,
    not_so=points,
    spread=st.sampled_from([0.0, 0.01, 0.1, 0.5]),
    count=st.integers(1, 40),
    importance=st.floats(0.05, 1),
)
@example(so=(1.88, -0.14), not_so=(1.87, 0.28), spread=0.1, count=19, importance=1.0)
@example(so=(1.97, 0.3), not_so=(1.47, 1.67), spread=0.01, count=29, importance=1.0)
def test_it_ends_where_no_direction_is_better(
    so: tuple[float, float], not_so: tuple[float, float], spread: float, count: int, importance: float
) -> None:
    """Newton's whole steps leap over the minimum of the examples, and end anywhere."""
    signs = np.concatenate([around(so, spread, count, 1), around(not_so, spread, count, 2)])
    truth = np.repeat([1.0, 0.0], count)
    counted = np.where(truth == 1, 1.0, importance)
    found = fit_logistic(signs, truth, PRIOR, pull=PULL, importance=counted)

    rows = np.hstack([np.ones((len(signs), 1)), signs])
    change = np.array([found.bias - PRIOR.bias, *np.subtract(found.weights, PRIOR.weights)])
    scale = np.array([1.0, *(signs.std(axis=0) + 1e-3)])
    slope = rows.T @ (counted * (found.probability(signs) - truth)) + PULL * scale**2 * change
    assert np.abs(slope).max() < 1e-3
