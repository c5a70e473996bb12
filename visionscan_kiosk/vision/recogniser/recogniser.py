"""The products the shop has shown to the till, and what a picture is taken for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

import numpy as np

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.recognition_ports import QueryVectors, Recognition, TaughtPhoto, Vectors
from visionscan_kiosk.vision.recogniser.calibration import QUERY_ROWS, Calibration, calibrate
from visionscan_kiosk.vision.recogniser.embedder import DIMENSIONS
from visionscan_kiosk.vision.recogniser.head import CosineHead, make_head
from visionscan_kiosk.vision.recogniser.spread import Change, Rows, Spread
from visionscan_kiosk.vision.recogniser.taught import TaughtPhotos

_NOTHING = Recognition(candidates=(), is_sure=False, is_known=False, familiarity=0.0)
_ALIKE = 0.5
"""Least familiarity and probability with which a photo is said to look like another product."""
_RECALIBRATE_AFTER = 0.02
"""Part of the photos that may change before the probabilities are learned anew."""


@dataclass(frozen=True, slots=True)
class _Known:
    """All that recognition needs, never changed: exchanged as a whole."""

    products: tuple[UUID, ...]
    head: CosineHead
    calibration: Calibration


class TaughtRecogniser:
    """Implements the port ProductRecogniser.

    Teaching holds a lock and ends by exchanging what is known; recognition never waits for it.
    """

    def __init__(self, dimensions: int = DIMENSIONS) -> None:
        self._dimensions = dimensions
        self._teaching = Lock()
        self._known: _Known | None = None
        self._photos = TaughtPhotos(dimensions)
        self._spread = Spread.of_nothing(dimensions)
        self._means: dict[UUID, Rows] = {}
        self._changed_photos = 0

    @property
    def calibration_error(self) -> float | None:
        """Expected gap between stated probability and truth, 0..1; None while too little is taught."""
        known = self._known
        return None if known is None else known.calibration.error

    @property
    def bytes_kept(self) -> int:
        """Return how much memory the vectors of the taught photos take."""
        with self._teaching:
            return self._photos.bytes_kept()

    def __len__(self) -> int:
        known = self._known
        return 0 if known is None else len(known.products)

    def load(self, photos: Iterable[TaughtPhoto]) -> None:
        """Forget everything and learn these photos, read one by one.

        Raises InvalidInput for vectors of another embedder; then what was known stays.
        """
        with self._teaching:
            taught = TaughtPhotos(self._dimensions)
            for photo in photos:
                taught.keep(photo, self._checked_mean(photo.vectors))
            self._photos, self._changed_photos = taught, len(taught)
            self._means = {product: taught.mean_of(product) for product in taught.products()}
            self._take_spread_anew()
            self._exchange()

    def add(self, photos: Iterable[TaughtPhoto]) -> None:
        """Learn further photos; one with a known id replaces it; raise InvalidInput as `load` does."""
        new = {photo.id: (photo, self._checked_mean(photo.vectors)) for photo in photos}
        if not new:
            return
        with self._teaching:
            self._take_in([*self._drop(new), *self._keep(new.values())])
            self._exchange()

    def forget(self, photo_ids: Collection[UUID]) -> None:
        """Unlearn photos; unknown ids are ignored. A product without photos is unknown again."""
        with self._teaching:
            self._take_in(list(self._drop(photo_ids)))
            self._exchange()

    def recognise(self, query: QueryVectors) -> Recognition:
        """Return what the item is; raise InvalidInput for vectors of another embedder."""
        self._checked_mean(query)
        known = self._known
        if known is None:
            return _NOTHING
        return known.calibration.judge(known.head.likeness(query), known.products)

    def looks_like(self, vectors: Vectors, except_product: UUID | None = None) -> UUID | None:
        """Return the taught product that a photo would be taken for, None when it looks like no other."""
        self._checked_mean(vectors)
        known = self._known
        others = () if known is None else tuple(id_ for id_ in known.products if id_ != except_product)
        if known is None or not others:
            return None
        likeness = known.head.likeness(vectors[:QUERY_ROWS].astype(np.float32))
        kept = np.array([id_ != except_product for id_ in known.products])
        seen = known.calibration.judge(likeness.among(kept), others)
        best = seen.candidates[0]
        return best.product_id if min(seen.familiarity, best.probability) >= _ALIKE else None

    def _checked_mean(self, vectors: Vectors | QueryVectors) -> Rows:
        """Return the mean of the rows; raise InvalidInput."""
        if vectors.ndim != 2 or len(vectors) == 0 or vectors.shape[1] != self._dimensions:
            raise InvalidInput("These pictures were described by another model. Describe them anew.")
        mean: Rows = np.asarray(vectors.mean(axis=0, dtype=np.float32))
        if not np.isfinite(mean).all():
            raise InvalidInput("The description of this picture is damaged. Take the picture anew.")
        return mean

    def _keep(self, photos: Iterable[tuple[TaughtPhoto, Rows]]) -> Iterator[Change]:
        by_product: dict[UUID, list[tuple[TaughtPhoto, Rows]]] = {}
        for photo, mean in photos:
            by_product.setdefault(photo.product_id, []).append((photo, mean))
        for product, new in by_product.items():
            before = self._photos.rows_of(product)
            for photo, mean in new:
                self._photos.keep(photo, mean)
            yield from self._followed(product, before, len(new))

    def _drop(self, photo_ids: Iterable[UUID]) -> Iterator[Change]:
        for product, gone in self._photos.products_of(photo_ids).items():
            before = self._photos.rows_of(product, last=gone)
            for photo_id in gone:
                self._photos.drop(photo_id)
            yield from self._followed(product, before, len(gone))

    def _followed(self, product: UUID, before: Rows, photo_count: int) -> Iterator[Change]:
        """Take a change of a product's photos into its mean; yield how it changes the spread."""
        self._changed_photos += photo_count
        after = self._photos.rows_of(product)
        if len(before) != len(after):
            yield Change.of_product(before, after)
        if self._photos.photos_of(product):
            self._means[product] = self._photos.mean_of(product)
        else:
            del self._means[product]

    def _take_in(self, changes: Sequence[Change]) -> None:
        """Many rows at once are cheaper from scratch."""
        if sum(len(change.rows) for change in changes) > self._dimensions // 2:
            self._take_spread_anew()
        else:
            for change in changes:
                self._spread.change(change)

    def _take_spread_anew(self) -> None:
        products = self._photos.products()
        rows = (self._photos.rows_of(product) for product in products)
        self._spread = Spread.of_products(rows, self._dimensions)

    def _exchange(self) -> None:
        products = self._photos.products()
        if not products:
            self._known = None
            return
        head = make_head(np.stack([self._means[product] for product in products]), self._spread.inverse())
        self._known = _Known(products, head, self._calibration(head))

    def _calibration(self, head: CosineHead) -> Calibration:
        if self._known is not None and self._changed_photos < _RECALIBRATE_AFTER * len(self._photos):
            return self._known.calibration
        self._changed_photos = 0
        return calibrate(head, self._photos)
