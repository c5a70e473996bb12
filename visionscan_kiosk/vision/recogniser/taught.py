"""The photos that are taught, by product, and how much of each is kept in memory.

Of every photo the mean of its views is kept: that tells products apart. All views are kept of some hundred
products: they show how pictures of one product differ, and how far probabilities can be trusted. More of them
would cost memory and time at every start and say nothing new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import numpy as np

from visionscan_kiosk.services.recognition_ports import TaughtPhoto, Vectors
from visionscan_kiosk.vision.recogniser.spread import Rows

WHOLE_PRODUCTS = 300
"""Of so many products, the first to be taught, all views are kept."""
WHOLE_ROWS = 16_000
"""But not of more than so many views."""


class KeptPhoto(NamedTuple):
    """`mean` of the views: dimensions. `rows`: the views, None when they are not kept."""

    mean: Vectors
    rows: Vectors | None


@dataclass(slots=True)
class TaughtPhotos:
    """Photos of products. Not safe to use from several threads."""

    dimensions: int
    whole_products: int = WHOLE_PRODUCTS
    whole_rows: int = WHOLE_ROWS
    _photos: dict[UUID, dict[UUID, KeptPhoto]] = field(default_factory=dict)
    _product_of: dict[UUID, UUID] = field(default_factory=dict)
    _whole: dict[UUID, int] = field(default_factory=dict)

    def keep(self, photo: TaughtPhoto, mean: Rows) -> None:
        """Keep a photo of an unknown id; `mean` is that of its views."""
        rows = photo.vectors if self._takes_whole(photo) else None
        if rows is not None:
            self._whole[photo.product_id] = self._whole.get(photo.product_id, 0) + len(rows)
        self._photos.setdefault(photo.product_id, {})[photo.id] = KeptPhoto(mean.astype(np.float16), rows)
        self._product_of[photo.id] = photo.product_id

    def _takes_whole(self, photo: TaughtPhoto) -> bool:
        is_one_of_them = photo.product_id in self._whole or len(self._whole) < self.whole_products
        return is_one_of_them and sum(self._whole.values()) + len(photo.vectors) <= self.whole_rows

    def drop(self, photo_id: UUID) -> None:
        """Forget a photo."""
        product = self._product_of.pop(photo_id)
        gone = self._photos[product].pop(photo_id)
        if gone.rows is not None:
            self._whole[product] -= len(gone.rows)
        if not self._photos[product]:
            del self._photos[product]
            self._whole.pop(product, None)

    def __len__(self) -> int:
        """Return how many photos are taught."""
        return len(self._product_of)

    def bytes_kept(self) -> int:
        """Return how much memory the vectors take."""
        kept = (photo for photos in self._photos.values() for photo in photos.values())
        return sum(photo.mean.nbytes + (0 if photo.rows is None else photo.rows.nbytes) for photo in kept)

    def products(self) -> tuple[UUID, ...]:
        """Return the taught products, in the order they were first taught."""
        return tuple(self._photos)

    def products_of(self, photo_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
        """Return those of these photos that are taught, by product."""
        found: dict[UUID, list[UUID]] = {}
        for photo_id in photo_ids:
            if photo_id in self._product_of:
                found.setdefault(self._product_of[photo_id], []).append(photo_id)
        return found

    def photos_of(self, product: UUID) -> dict[UUID, KeptPhoto]:
        """Return the photos of a product; none when it is not taught."""
        return dict(self._photos.get(product, {}))

    def mean_of(self, product: UUID) -> Rows:
        """Return the mean of a taught product, dimensions."""
        return mean_of(self._photos[product].values())

    def rows_of(self, product: UUID, last: Collection[UUID] = ()) -> Rows:
        """Return the rows of a product that are kept, those of some photos last: rows x dimensions."""
        photos = self._photos.get(product, {})
        first = [photo.rows for photo_id, photo in photos.items() if photo_id not in last]
        return stacked([*first, *(photos[photo_id].rows for photo_id in last)], self.dimensions)


def mean_of(photos: Collection[KeptPhoto]) -> Rows:
    """Return the mean of photos: dimensions."""
    return np.asarray(np.mean([photo.mean for photo in photos], axis=0, dtype=np.float32))


def stacked(photos: Iterable[Vectors | None], dimensions: int) -> Rows:
    """Return the rows of photos one below the other, where they are kept: rows x dimensions."""
    there = [rows for rows in photos if rows is not None]
    return np.vstack(there).astype(np.float32) if there else np.empty((0, dimensions), np.float32)
