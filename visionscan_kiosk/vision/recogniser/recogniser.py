"""The products the shop has shown to the till, and what a picture is taken for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
        self._clear()

    @property
    def calibration_error(self) -> float | None:
        """Expected gap between stated probability and truth, 0..1; None while too little is taught."""
        known = self._known
        return None if known is None else known.calibration.error

    def __len__(self) -> int:
        known = self._known
        return 0 if known is None else len(known.products)

    def load(self, photos: Iterable[TaughtPhoto]) -> None:
        """Forget everything and learn these photos; raise InvalidInput for vectors of another embedder."""
        checked = self._checked(photos)
        with self._teaching:
            self._clear()
            self._learn(checked)
            self._exchange()

    def add(self, photos: Iterable[TaughtPhoto]) -> None:
        """Learn further photos; one with a known id replaces it; raise InvalidInput as `load` does."""
        checked = self._checked(photos)
        with self._teaching:
            self._unlearn(list(checked))
            self._learn(checked)
            self._exchange()

    def forget(self, photo_ids: Collection[UUID]) -> None:
        """Unlearn photos; unknown ids are ignored. A product without photos is unknown again."""
        with self._teaching:
            self._unlearn(photo_ids)
            self._exchange()

    def recognise(self, query: QueryVectors) -> Recognition:
        """Return what the item is; raise InvalidInput for vectors of another embedder."""
        self._check_size(query)
        known = self._known
        if known is None:
            return _NOTHING
        return known.calibration.judge(known.head.likeness(query.mean(axis=0)), known.products)

    def looks_like(self, vectors: Vectors, except_product: UUID | None = None) -> UUID | None:
        """Return the taught product that a photo would be taken for, None when it looks like no other."""
        self._check_size(vectors)
        known = self._known
        others = () if known is None else tuple(id_ for id_ in known.products if id_ != except_product)
        if known is None or not others:
            return None
        likeness = known.head.likeness(vectors[:QUERY_ROWS].astype(np.float32).mean(axis=0))
        kept = np.array([id_ != except_product for id_ in known.products])
        seen = known.calibration.judge(likeness.among(kept), others)
        best = seen.candidates[0]
        return best.product_id if seen.is_known and best.probability >= 0.5 else None

    def _clear(self) -> None:
        self._spread = Spread(self._dimensions)
        self._photos = TaughtPhotos(self._dimensions)
        self._means: dict[UUID, Rows] = {}
        self._changed_photos = 0

    def _checked(self, photos: Iterable[TaughtPhoto]) -> dict[UUID, TaughtPhoto]:
        by_id = {photo.id: photo for photo in photos}
        for photo in by_id.values():
            self._check_size(photo.vectors)
        return by_id

    def _check_size(self, vectors: Vectors | QueryVectors) -> None:
        if vectors.ndim != 2 or len(vectors) == 0 or vectors.shape[1] != self._dimensions:
            raise InvalidInput("These pictures were described by another model. Describe them anew.")
        if not np.isfinite(vectors).all():
            raise InvalidInput("The description of this picture is damaged. Take the picture anew.")

    def _learn(self, photos: dict[UUID, TaughtPhoto]) -> None:
        touched = {photo.product_id for photo in photos.values()}
        self._apply(self._photos.add(photos.values()), touched, photos.values())

    def _unlearn(self, photo_ids: Collection[UUID]) -> None:
        gone = self._photos.among(photo_ids)
        self._apply(self._photos.forget(photo_ids), {photo.product_id for photo in gone}, gone)

    def _apply(self, changes: Iterable[Change], touched: set[UUID], photos: Collection[TaughtPhoto]) -> None:
        self._spread.apply(changes, row_count=sum(len(photo.vectors) for photo in photos))
        self._changed_photos += len(photos)
        for product in touched:
            rows = self._photos.rows_of(product)
            if len(rows):
                self._means[product] = rows.mean(axis=0)
            else:
                del self._means[product]

    def _exchange(self) -> None:
        products = self._photos.products()
        if not products:
            self._known = None
            return
        head = make_head(np.stack([self._means[product] for product in products]), self._spread.inverse())
        self._known = _Known(products, head, self._calibration(head))

    def _calibration(self, head: CosineHead) -> Calibration:
        if self._known is not None and self._changed_photos < _RECALIBRATE_AFTER * self._photos.count():
            return self._known.calibration
        self._changed_photos = 0
        return calibrate(head, self._photos)
