"""Scores of products: the cosine between a picture and the mean picture of a product, as they are told apart.

Directions in which the pictures of one and the same product differ anyway count less (linear discriminant
analysis with shrinkage, as a cosine). Answers as if a photo or a product had never been taught are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.vision.recogniser.spread import Change, Rows

Scores = NDArray[np.float32]
"""One number for each product, -1..1."""

_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class CosineHead:
    """Immutable. `offsets`: means less `centre`; `weights`: `inverse` of the spread times offsets."""

    centre: Rows
    inverse: Rows
    offsets: Rows
    weights: Rows
    squares: Scores

    def scores(self, picture: Rows) -> Scores:
        """Return the scores of one picture (dimensions)."""
        away = picture - self.centre
        return _cosine(away @ self.weights, away @ self.inverse @ away, self.squares)

    def scores_without(self, picture: Rows, product: int, change: Change, mean: Rows | None) -> Scores:
        """Return what the scores were, had `change` to this product never been made.

        `mean`: of the product's other rows; None when none are left: its score is then -1.
        """
        away, projected = picture - self.centre, change.rows @ self.inverse
        core: Rows = np.linalg.inv(np.diag(change.signs) - projected @ change.rows.T)
        offset = self.offsets[product] if mean is None else mean - self.centre
        turned, across = projected @ self.offsets.T, projected @ away
        turned[:, product] = projected @ offset
        dots, squares, weight = away @ self.weights, self.squares.copy(), self.inverse @ offset
        dots[product], squares[product] = away @ weight, offset @ weight
        scores = _cosine(
            dots + across @ core @ turned,
            away @ self.inverse @ away + across @ core @ across,
            squares + np.einsum("rp,rs,sp->p", turned, core, turned, optimize=True),
        )
        if mean is None:
            scores[product] = -1
        return scores


def make_head(means: Rows, inverse: Rows) -> CosineHead:
    """Return the head for products with these means (products x dimensions)."""
    # The centre leaves one product's share out: a single product would lie in it, two would be opposites.
    centre = means.mean(axis=0) * (1 - 1 / len(means))
    offsets = means - centre
    weights = inverse @ offsets.T
    return CosineHead(centre, inverse, offsets, weights, np.einsum("pd,dp->p", offsets, weights))


def _cosine(dots: NDArray[Any], square: NDArray[Any], squares: NDArray[Any]) -> Scores:
    return np.asarray(dots / np.sqrt(np.maximum(square * squares, _TINY)), np.float32)
