"""Scores of products: the cosine between a picture and the mean picture of a product, as they are told apart.

Directions in which the pictures of one and the same product differ anyway count less (linear discriminant
analysis with shrinkage, as a cosine). Answers as if a photo or a product had never been taught are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.vision.recogniser.spread import Change, Rows

Scores = NDArray[np.float32]
"""One number for each product."""

_TINY = 1e-9


class Likeness(NamedTuple):
    """How much a picture is like each product.

    `cosines`: -1..1, tell products apart. `reaches`: how far the picture lies from the centre towards the
    product, 1 where its mean lies; small when it looks like nothing that was taught.
    """

    cosines: Scores
    reaches: Scores

    def among(self, places: NDArray[np.bool_]) -> Likeness:
        """Return the likeness to these products alone."""
        return Likeness(self.cosines[places], self.reaches[places])


@dataclass(frozen=True, slots=True)
class CosineHead:
    """Immutable. `offsets`: means less `centre`; `weights`: `inverse` of the spread times offsets."""

    centre: Rows
    inverse: Rows
    offsets: Rows
    weights: Rows
    squares: Scores

    def likeness(self, picture: Rows) -> Likeness:
        """Return how one picture (dimensions) is like each product."""
        away = picture - self.centre
        return _likeness(away @ self.weights, away @ self.inverse @ away, self.squares)

    def likeness_without(self, picture: Rows, product: int, change: Change, mean: Rows | None) -> Likeness:
        """Return what `likeness` were, had `change` to this product never been made.

        `mean`: of the product's other rows; None when none are left: its cosine is then -1.
        """
        away, projected = picture - self.centre, change.rows @ self.inverse
        core: Rows = np.linalg.inv(np.diag(change.signs) - projected @ change.rows.T)
        offset = self.offsets[product] if mean is None else mean - self.centre
        turned, across = projected @ self.offsets.T, projected @ away
        turned[:, product] = projected @ offset
        dots, squares, weight = away @ self.weights, self.squares.copy(), self.inverse @ offset
        dots[product], squares[product] = away @ weight, offset @ weight
        likeness = _likeness(
            dots + across @ core @ turned,
            away @ self.inverse @ away + across @ core @ across,
            squares + np.einsum("rp,rs,sp->p", turned, core, turned, optimize=True),
        )
        if mean is None:
            likeness.cosines[product] = -1
        return likeness


def make_head(means: Rows, inverse: Rows) -> CosineHead:
    """Return the head for products with these means (products x dimensions)."""
    # The centre leaves one product's share out: a single product would lie in it, two would be opposites.
    centre = means.mean(axis=0) * (1 - 1 / len(means))
    offsets = means - centre
    weights = inverse @ offsets.T
    return CosineHead(centre, inverse, offsets, weights, np.einsum("pd,dp->p", offsets, weights))


def _likeness(dots: NDArray[Any], square: NDArray[Any], squares: NDArray[Any]) -> Likeness:
    cosines = dots / np.sqrt(np.maximum(square * squares, _TINY))
    return Likeness(cosines.astype(np.float32), (dots / np.maximum(squares, _TINY)).astype(np.float32))
