"""Scores of products: the cosine between a picture and the mean picture of a product, as they are told apart.

Directions in which the pictures of one and the same product differ anyway count less (linear discriminant
analysis with shrinkage, as a cosine). Answers as if a photo or a product had never been taught are exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

    `cosines`: -1..1. `steadiness`: the cosine between the crops of the picture, 1 for a single crop; what
    differs from crop to crop cannot be like any product.
    """

    cosines: Scores
    steadiness: float

    def among(self, places: NDArray[np.bool_]) -> Likeness:
        """Return the likeness to these products alone."""
        return Likeness(self.cosines[places], self.steadiness)


class LeftOut(NamedTuple):
    """Pictures to compare while something is thought away: `change`, made to the product at this place.

    `pictures`: each crops x dimensions. `mean`: of the product's other photos; None when none are left.
    """

    pictures: Sequence[Rows]
    place: int
    change: Change
    mean: Rows | None


@dataclass(frozen=True, slots=True)
class CosineHead:
    """Immutable. `inverse`: of the spread; `offsets`: means less `centre`; `squares`: theirs in it."""

    centre: Rows
    inverse: Rows
    offsets: Rows
    squares: Scores

    def likeness(self, crops: Rows) -> Likeness:
        """Return how one picture (crops x dimensions) is like each product."""
        away = crops - self.centre
        turned = away @ self.inverse
        return _likeness(self.offsets @ turned.mean(axis=0), turned @ away.T, self.squares)

    def likenesses_without(self, some: Sequence[LeftOut]) -> Iterator[Likeness]:
        """Return, for each picture, what `likeness` were without the change; where no photo is left, -1.

        Some dozen at once cost little more than one: the large matrices are read once.
        """
        parts = [part for each in some for part in (each.change.rows, *self._away(each.pictures))]
        projected = self._projected(np.vstack(parts)).split([len(part) for part in parts])
        for left_out in some:
            moved = next(projected)
            moved.to_products[:, left_out.place] = moved.turned @ self._offset(left_out)
            core = np.linalg.inv(np.diag(left_out.change.signs) - moved.turned @ moved.rows.T)
            for _ in left_out.pictures:
                yield self._without(left_out, next(projected), moved, core)

    def _without(
        self, left_out: LeftOut, seen: _Projected, moved: _Projected, core: NDArray[Any]
    ) -> Likeness:
        """Return a likeness by the Woodbury identity: rows taken out add `core` between projections."""
        place, offset = left_out.place, self._offset(left_out)
        dots, squares = seen.to_products.mean(axis=0), self.squares.copy()
        dots[place], squares[place] = seen.turned.mean(axis=0) @ offset, offset @ self.inverse @ offset
        crossed, across = moved.turned @ seen.rows.T, moved.to_products
        likeness = _likeness(
            dots + crossed.mean(axis=1) @ core @ across,
            seen.turned @ seen.rows.T + crossed.T @ core @ crossed,
            squares + (across * (core @ across)).sum(axis=0),
        )
        if left_out.mean is None:
            likeness.cosines[place] = -1
        return likeness

    def _offset(self, left_out: LeftOut) -> Rows:
        return self.offsets[left_out.place] if left_out.mean is None else left_out.mean - self.centre

    def _away(self, pictures: Sequence[Rows]) -> list[Rows]:
        return [crops - self.centre for crops in pictures]

    def _projected(self, rows: Rows) -> _Projected:
        turned: Rows = rows @ self.inverse
        to_products: Rows = turned @ self.offsets.T
        return _Projected(rows, turned, to_products)


class _Projected(NamedTuple):
    """Rows, rows times the inverse of the spread, and these times the offsets of all products."""

    rows: Rows
    turned: Rows
    to_products: Rows

    def split(self, counts: Sequence[int]) -> Iterator[_Projected]:
        """Return the first so many rows, the next so many, and so on."""
        start = 0
        for count in counts:
            yield _Projected(*(part[start : start + count] for part in self))
            start += count


def make_head(means: Rows, inverse: Rows) -> CosineHead:
    """Return the head for products with these means (products x dimensions)."""
    # The centre leaves one product's share out: a single product would lie in it, two would be opposites.
    centre = means.mean(axis=0) * (1 - 1 / len(means))
    offsets = means - centre
    return CosineHead(centre, inverse, offsets, np.einsum("pd,pd->p", offsets @ inverse, offsets))


def _likeness(dots: NDArray[Any], between: NDArray[Any], squares: NDArray[Any]) -> Likeness:
    """`between`: the products of the crops with each other, crops x crops."""
    cosines = dots / np.sqrt(np.maximum(between.mean() * squares, _TINY))
    return Likeness(cosines.astype(np.float32), _steadiness(between))


def _steadiness(between: NDArray[Any]) -> float:
    count, own = len(between), float(np.trace(between))
    if count == 1:
        return 1.0
    return float(between.sum() - own) / (count - 1) / max(own, _TINY)
