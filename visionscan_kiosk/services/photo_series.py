"""Pictures shown to teach a product: cut to the product, judged, and made into photos. No database here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.photo_choice import MOST_TAUGHT
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition import TaughtProducts
from visionscan_kiosk.services.recognition_ports import ItemFinder, Vectors
from visionscan_kiosk.services.recognition_storage import PhotoCodec

_BLURRED = 0.35
"""A picture with less than this part of the usual sharpness of its series is blurred."""


class Rejection(StrEnum):
    """Why a picture was not taken."""

    BLURRED = "blurred"
    EMPTY = "empty"
    SEVERAL = "several"
    KNOWN = "known"
    FULL = "full"

    @property
    def sentence(self) -> str:
        """What is wrong and what to do."""
        return _SENTENCES[self]


_SENTENCES = {
    Rejection.BLURRED: "The picture is blurred. Hold the product still.",
    Rejection.EMPTY: "The picture shows nothing. Put the product in front of the camera.",
    Rejection.SEVERAL: "Several things lie on the counter. Leave only the product there.",
    Rejection.KNOWN: "This very picture was taken before. Turn the product.",
    Rejection.FULL: f"The product has {MOST_TAUGHT} pictures already. Remove some first.",
}


@dataclass(frozen=True, slots=True)
class RejectedPicture:
    """A picture that was not taken: its place among those that were shown, from 0, and why."""

    index: int
    reason: Rejection

    @property
    def message(self) -> str:
        """What is wrong and what to do."""
        return self.reason.sentence


@dataclass(frozen=True, slots=True)
class PreparedPhoto:
    """A picture as it will be kept: its place among those shown, JPEG and vectors."""

    index: int
    picture: bytes = field(repr=False)
    vectors: Vectors = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhotoSeries:
    """Pictures shown one after the other: those that can be used, and the others."""

    photos: tuple[PreparedPhoto, ...]
    rejected: tuple[RejectedPicture, ...]


def prepare_series(
    images: Sequence[Image], finder: ItemFinder | None, taught: TaughtProducts, codec: PhotoCodec
) -> PhotoSeries:
    """Return the pictures as photos; takes some tenths of a second each.

    With a `finder` that knows the empty counter each is cut to the one thing that lies there.
    """
    crops: dict[int, Image] = {}
    rejected: list[RejectedPicture] = []
    for index, image in enumerate(images):
        found = cut(image, finder)
        if isinstance(found, Rejection):
            rejected.append(RejectedPicture(index, found))
        else:
            crops[index] = found
    unusable = dict(_judge({index: codec.sharpness(crop) for index, crop in crops.items()}))
    rejected += [RejectedPicture(index, reason) for index, reason in unusable.items()]
    photos = tuple(
        PreparedPhoto(index, *taught.embed(crop)) for index, crop in crops.items() if index not in unusable
    )
    return PhotoSeries(photos, tuple(rejected))


def cut(image: Image, finder: ItemFinder | None) -> Image | Rejection:
    """Return the picture of the one thing that lies there, or why there is none.

    Without a `finder` that knows the empty counter it is the whole picture.
    """
    if finder is None or not finder.knows_empty_counter:
        return image
    items = finder.find(image)
    if len(items) == 1:
        return items[0].crop
    return Rejection.SEVERAL if items else Rejection.EMPTY


def cut_to_product(image: Image, finder: ItemFinder | None) -> Image:
    """Return the picture of the one thing that lies there; raise InvalidInput when that is not one."""
    found = cut(image, finder)
    if isinstance(found, Rejection):
        raise InvalidInput(found.sentence, field="image")
    return found


def _judge(sharpness: dict[int, float]) -> Iterator[tuple[int, Rejection]]:
    """Yield the pictures that cannot be used: the others of the series say how sharp this product is."""
    least = _BLURRED * median(sharpness.values()) if sharpness else 0.0
    for index, sharp in sharpness.items():
        if sharp == 0:
            yield index, Rejection.EMPTY
        elif sharp < least:
            yield index, Rejection.BLURRED
