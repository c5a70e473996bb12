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

_BATCH_ROWS = 4096


@dataclass(frozen=True, slots=True)
class Change:
    """A change of S: the sum of sign * row row' over `rows`."""

    rows: Rows
    signs: Rows

    @classmethod
    def of_product(cls, before: Rows, after: Rows) -> Change:
        """Return how S changes when the rows of a product change; each must contain the other or be empty."""
        more = len(after) >= len(before)
        moved = after[len(before) :] if more else before[len(after) :]
        rows = [moved, _weighted_mean(before), _weighted_mean(after)]
        signs = [np.full(len(moved), 1 if more else -1), np.ones(len(rows[1])), -np.ones(len(rows[2]))]
        return cls(np.vstack(rows), np.concatenate(signs).astype(np.float32))


def _weighted_mean(rows: Rows) -> Rows:
    """Return sqrt(n) * mean as one row; no row when there are none."""
    return rows.sum(axis=0, keepdims=True) / np.sqrt(len(rows)) if len(rows) else rows


class Spread:
    """The inverse, as it changes. Not safe to use from several threads."""

    def __init__(self, dimensions: int) -> None:
        self._inverse: NDArray[np.float64] = np.eye(dimensions) / SHRINKAGE
        self._has_rows = False

    def apply(self, changes: Iterable[Change], *, row_count: int) -> None:
        """Take changes of S into the inverse; `row_count` tells about how many rows they have together."""
        if row_count > len(self._inverse) // 2:
            self._rebuild_with(changes)
        else:
            for change in changes:
                self._update(change)
        self._has_rows = True

    def inverse(self) -> Rows:
        """Return a copy: dimensions x dimensions."""
        return self._inverse.astype(np.float32)

    def _update(self, change: Change) -> None:
        rows = change.rows.astype(np.float64)
        projected = rows @ self._inverse
        core = np.diag(change.signs) + projected @ rows.T
        self._inverse -= projected.T @ np.linalg.solve(core, projected)

    def _rebuild_with(self, changes: Iterable[Change]) -> None:
        """Many rows at once are cheaper this way, and rounding errors of earlier changes are gone."""
        gram = np.linalg.inv(self._inverse) if self._has_rows else SHRINKAGE * np.eye(len(self._inverse))
        for some in _batches(changes):
            signs = np.concatenate([change.signs for change in some])
            rows = np.vstack([change.rows for change in some])
            added, taken = rows[signs > 0], rows[signs < 0]
            gram += added.T @ added - taken.T @ taken  # squares of a matrix cost half a product
        self._inverse = np.linalg.inv(gram)


def _batches(changes: Iterable[Change]) -> Iterator[list[Change]]:
    """Return changes in groups of some thousand rows."""
    some: list[Change] = []
    for change in changes:
        some.append(change)
        if sum(len(each.rows) for each in some) >= _BATCH_ROWS:
            yield some
            some = []
    if some:
        yield some
