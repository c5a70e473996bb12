"""How the pictures of one product differ from each other, learned and unlearned photo by photo.

Kept is the inverse of S + shrinkage I, where S sums (x - mean of its product)(x - mean of its product)' over
all rows. A photo more or less is a change of small rank: the Woodbury identity makes it in milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""samples x dimensions."""

SHRINKAGE = 0.1

_BATCH_ROWS = 2048


@dataclass(frozen=True, slots=True)
class Change:
    """A change of S: the sum of sign * row row' over `rows`."""

    rows: Rows
    signs: Rows

    @classmethod
    def of_product(cls, before: Rows, after: Rows) -> Change:
        """Return how S changes when the rows of a product change.

        One must begin with the other, or be empty.
        """
        is_more = len(after) >= len(before)
        moved = after[len(before) :] if is_more else before[len(after) :]
        rows = [moved, _weighted_mean(before), _weighted_mean(after)]
        signs = [np.full(len(moved), 1 if is_more else -1), np.ones(len(rows[1])), -np.ones(len(rows[2]))]
        return cls(np.vstack(rows), np.concatenate(signs).astype(np.float32))


def _weighted_mean(rows: Rows) -> Rows:
    """Return sqrt(n) * mean as one row; no row when there are none."""
    return rows.sum(axis=0, keepdims=True) / np.sqrt(len(rows)) if len(rows) else rows


class Spread:
    """The inverse, as it changes. Not safe to use from several threads."""

    def __init__(self, inverse: NDArray[np.float64]) -> None:
        self._inverse = inverse

    @classmethod
    def of_nothing(cls, dimensions: int) -> Spread:
        """Return the spread before anything is taught."""
        return cls(np.eye(dimensions) / SHRINKAGE)

    @classmethod
    def of_products(cls, products: Iterable[Rows], dimensions: int) -> Spread:
        """Return the spread of these products' rows, each about its own mean."""
        gram: NDArray[np.float64] | None = None
        for some in _batches(rows - rows.mean(axis=0) for rows in products if len(rows)):
            gram = SHRINKAGE * np.eye(dimensions) if gram is None else gram
            gram += some.T @ some  # a square of a matrix costs half a product
        if gram is None:
            return cls.of_nothing(dimensions)  # a till that was taught nothing need not wait for an inverse
        return cls(np.asarray(np.linalg.inv(gram), np.float64))

    def change(self, change: Change) -> None:
        """Take a change of S into the inverse."""
        rows = change.rows.astype(np.float64)
        projected = rows @ self._inverse
        core = np.diag(change.signs) + projected @ rows.T
        self._inverse -= projected.T @ np.linalg.solve(core, projected)

    def inverse(self) -> Rows:
        """Return a copy: dimensions x dimensions."""
        return self._inverse.astype(np.float32)


def _batches(products: Iterable[Rows]) -> Iterator[Rows]:
    """Return rows in groups of some thousand."""
    some: list[Rows] = []
    for rows in products:
        some.append(rows)
        if sum(map(len, some)) >= _BATCH_ROWS:
            yield np.vstack(some)
            some = []
    if some:
        yield np.vstack(some)
