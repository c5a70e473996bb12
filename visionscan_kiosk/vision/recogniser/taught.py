"""The photos that are taught, by product, and the rows they consist of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np

from visionscan_kiosk.services.recognition_ports import TaughtPhoto, Vectors
from visionscan_kiosk.vision.recogniser.spread import Change, Rows


@dataclass(slots=True)
class TaughtPhotos:
    """Photos of products. Not safe to use from several threads."""

    dimensions: int
    _photos: dict[UUID, dict[UUID, Vectors]] = field(default_factory=dict)
    _product_of: dict[UUID, UUID] = field(default_factory=dict)

    def products(self) -> tuple[UUID, ...]:
        """Return the taught products, in the order they were first taught."""
        return tuple(self._photos)

    def photos_of(self, product: UUID) -> tuple[Vectors, ...]:
        """Return the photos of a product; none when it is not taught."""
        return tuple(self._photos.get(product, {}).values())

    def rows_of(self, product: UUID) -> Rows:
        """Return all rows of a product."""
        return stacked(self.photos_of(product), self.dimensions)

    def count(self) -> int:
        """Return how many photos are taught."""
        return len(self._product_of)

    def among(self, photo_ids: Collection[UUID]) -> list[TaughtPhoto]:
        """Return those of these photos that are taught."""
        return [
            TaughtPhoto(id_, self._product_of[id_], self._photos[self._product_of[id_]][id_])
            for id_ in photo_ids
            if id_ in self._product_of
        ]

    def add(self, photos: Iterable[TaughtPhoto]) -> Iterator[Change]:
        """Add photos of unknown ids; yield how the spread changes, product by product."""
        by_product: dict[UUID, dict[UUID, Vectors]] = {}
        for photo in photos:
            by_product.setdefault(photo.product_id, {})[photo.id] = photo.vectors
        for product, new in by_product.items():
            yield self._add(product, new)

    def _add(self, product: UUID, new: dict[UUID, Vectors]) -> Change:
        before = self.rows_of(product)
        self._photos.setdefault(product, {}).update(new)
        self._product_of.update(dict.fromkeys(new, product))
        return Change.of_product(before, self.rows_of(product))

    def forget(self, photo_ids: Collection[UUID]) -> Iterator[Change]:
        """Remove photos; unknown ids are ignored; yield how the spread changes, product by product."""
        by_product: dict[UUID, set[UUID]] = {}
        for photo_id in photo_ids:
            if photo_id in self._product_of:
                by_product.setdefault(self._product_of.pop(photo_id), set()).add(photo_id)
        for product, gone in by_product.items():
            yield self._forget(product, gone)

    def _forget(self, product: UUID, gone: set[UUID]) -> Change:
        photos = self._photos[product]
        kept = {photo_id: vectors for photo_id, vectors in photos.items() if photo_id not in gone}
        removed = [vectors for photo_id, vectors in photos.items() if photo_id in gone]
        if kept:
            self._photos[product] = kept
        else:
            del self._photos[product]
        after = stacked(kept.values(), self.dimensions)
        return Change.of_product(np.vstack([after, stacked(removed, self.dimensions)]), after)


def stacked(photos: Collection[Vectors], dimensions: int) -> Rows:
    """Return the rows of photos one below the other: rows x dimensions."""
    if not photos:
        return np.empty((0, dimensions), np.float32)
    return np.vstack(list(photos)).astype(np.float32)
