"""What the shop keeps of taught products, as Protocols and plain values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import TaughtPhoto, Vectors


class PhotoSource(StrEnum):
    """How the shop came by a photo: shown on purpose, or taken when a person confirmed an answer."""

    TAUGHT = "taught"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class StoredPhoto:
    """A photo without its picture. `is_held`: it is kept, but nothing is recognised by it yet."""

    id: UUID
    product_id: UUID
    source: PhotoSource
    is_held: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo to be kept: `picture` is a JPEG, `vectors` come from the model `model_version`."""

    product_id: UUID
    picture: bytes = field(repr=False)
    source: PhotoSource
    vectors: Vectors = field(repr=False)
    model_version: str
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class ComparedPhoto:
    """A stored photo with its vectors, to be compared with others of its product."""

    photo: StoredPhoto
    vectors: Vectors = field(repr=False)


class PhotoCounts(NamedTuple):
    """How many photos of a product are kept; `held` are among `confirmed`."""

    product_id: UUID
    taught: int
    confirmed: int
    held: int


class TaughtPhotoRepository(Protocol):
    """Photos of taught products and their vectors.

    Every change draws a revision first, whose lock makes whoever changes photos take turns.
    """

    def revision(self) -> int:
        """Return the number that grows with every change to photos or vectors."""

    def lock(self) -> None:
        """Let nobody else change photos until the transaction ends."""

    def add(self, photo: NewPhoto) -> StoredPhoto:
        """Keep a photo; raise ProductNotFound."""

    def get(self, photo_id: UUID) -> StoredPhoto:
        """Return a photo; raise NotFound."""

    def picture(self, photo_id: UUID) -> bytes:
        """Return the JPEG of a photo; raise NotFound."""

    def list(self, product_id: UUID) -> Sequence[StoredPhoto]:
        """Return the photos of a product, newest first."""

    def compared(self, product_id: UUID, model_version: str) -> Sequence[ComparedPhoto]:
        """Return the photos of a product that have vectors of this model, newest first."""

    def counts(self) -> Sequence[PhotoCounts]:
        """Return the counts of every product that has photos."""

    def recognisable(self, model_version: str) -> frozenset[UUID]:
        """Return the ids of all photos that are not held and have vectors of this model."""

    def read(self, photo_ids: Collection[UUID], model_version: str) -> Sequence[TaughtPhoto]:
        """Return these photos with their vectors of this model, those that still exist."""

    def without_vectors(self, model_version: str) -> Sequence[UUID]:
        """Return the ids of the photos that have no vectors of this model yet."""

    def add_vectors(self, photo_id: UUID, vectors: Vectors, model_version: str) -> None:
        """Keep the vectors of a further model; nothing happens when the photo is gone or has them."""

    def forget_old_vectors(self, model_version: str, unused_days: int) -> int:
        """Forget vectors of other models, where a photo has those of this one; return how many.

        Models that made vectors in these days stay: another till may use them.
        """

    def without_label(self) -> Sequence[UUID]:
        """Return the ids of the photos whose label nobody has read yet."""

    def put_label(self, photo_id: UUID, text: str) -> None:
        """Keep what is printed on the thing, '' for nothing; a photo that is gone is left out."""

    def labels(self, product_ids: Collection[UUID]) -> Mapping[UUID, Sequence[str]]:
        """Return the text of each photo of these products that has any and is recognised by."""

    def release(self, photo_ids: Collection[UUID]) -> None:
        """Let photos that were held be recognised by."""

    def remove(self, photo_ids: Collection[UUID]) -> int:
        """Forget photos; return how many there were."""

    def remove_product(self, product_id: UUID) -> int:
        """Forget all photos of a product; return how many there were."""

    def purge(self, source: PhotoSource, older_than_days: int | None = None) -> int:
        """Forget all photos that the shop came by this way, or those older than so many days."""


class PhotoCodec(Protocol):
    """Turns crops into what is kept and back. Safe to use from several threads."""

    def encode(self, image: Image) -> bytes:
        """Return a JPEG, scaled down when it is large; raise InvalidInput for a picture without pixels."""

    def decode(self, data: bytes) -> Image:
        """Return the picture; raise InvalidInput when it is damaged."""

    def sharpness(self, image: Image) -> float:
        """Return how sharp a picture is, whatever its size and brightness; 0 for one that shows nothing."""
