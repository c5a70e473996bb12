"""A recogniser for tests that are not about recognising: it compares thumbnails, and is a fake."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import cv2
import numpy as np

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition import Recognising, TaughtProducts
from visionscan_kiosk.services.recognition_ports import (
    QueryVectors,
    RecognisedProduct,
    Recognition,
    TaughtPhoto,
    Vectors,
)
from visionscan_kiosk.vision.photos import JpegPhotos

SIDE = 8
SURE, KNOWN, ALIKE = 0.9, 0.6, 0.8


class FakeEmbedder:
    """One view: the thumbnail as a vector of unit length."""

    def __init__(self, version: str = "fake-embedder/1") -> None:
        self.version = version
        self.embedded = 0

    def embed_photo(self, image: Image) -> Vectors:
        return self.embed_query(image).astype(np.float16)

    def embed_query(self, image: Image) -> QueryVectors:
        if image.size == 0:
            raise InvalidInput("no pixels")
        self.embedded += 1
        small = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
        flat = (small - 128).reshape(1, -1)
        return flat / max(float(np.linalg.norm(flat)), 1e-6)


class FakeRecogniser:
    """Nearest neighbour; a probability is a cosine."""

    def __init__(self) -> None:
        self.photos: dict[UUID, TaughtPhoto] = {}
        self.calibration_error: float | None = None

    def __len__(self) -> int:
        return len({photo.product_id for photo in self.photos.values()})

    def load(self, photos: Iterable[TaughtPhoto]) -> None:
        self.photos = {}
        self.add(photos)

    def add(self, photos: Iterable[TaughtPhoto]) -> None:
        for photo in photos:
            if photo.vectors.shape != (1, SIDE * SIDE * 3):
                raise InvalidInput("vectors of another embedder")
            self.photos[photo.id] = photo

    def forget(self, photo_ids: Collection[UUID]) -> None:
        for photo_id in photo_ids:
            self.photos.pop(photo_id, None)

    def recognise(self, query: QueryVectors) -> Recognition:
        best: dict[UUID, float] = {}
        for photo in self.photos.values():
            cosine = float(np.clip(photo.vectors.astype(np.float32)[0] @ query[0], 0, 1))
            best[photo.product_id] = max(best.get(photo.product_id, 0.0), cosine)
        ranked = sorted(best.items(), key=lambda entry: -entry[1])[:5]
        top = ranked[0][1] if ranked else 0.0
        return Recognition(
            tuple(RecognisedProduct(key, value) for key, value in ranked),
            is_sure=top >= SURE,
            is_known=top >= KNOWN,
        )

    def looks_like(self, vectors: Vectors, except_product: UUID | None = None) -> UUID | None:
        seen = self.recognise(vectors.astype(np.float32))
        others = [item for item in seen.candidates if item.product_id != except_product]
        return others[0].product_id if others and others[0].probability >= ALIKE else None


def picture_of(colour: tuple[int, int, int], seed: int = 0, side: int = 64) -> Image:
    """A photo of the product with this colour: patches around it, other ones for every seed."""
    random = np.random.default_rng([*colour, seed])
    patches = np.array(colour) + random.normal(0, 35, (SIDE, SIDE, 3))
    small = np.clip(patches, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(small, (side, side), interpolation=cv2.INTER_NEAREST), np.uint8)


def build_taught(unit_of_work: UnitOfWorkFactory, embedder: FakeEmbedder | None = None) -> TaughtProducts:
    """What is to be done in the background is done at once."""
    chosen = embedder or FakeEmbedder()
    fakes = Recognising(chosen, chosen, FakeRecogniser())
    return TaughtProducts(unit_of_work, lambda: fakes, JpegPhotos(), run_later=lambda work: work())
