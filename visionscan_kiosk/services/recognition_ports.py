"""What recognising taught products needs from vision, as Protocols and plain values.

Pictures become vectors, vectors become products. Where photos and vectors are stored, and what an answer does
to a basket, belongs to the use cases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image

Vectors = NDArray[np.float16]
"""Views of one taught photo as rows of unit length: views x dimensions. Stored as they are."""
QueryVectors = NDArray[np.float32]
"""Crops of one seen item as rows of unit length: crops x dimensions."""


@dataclass(frozen=True, slots=True)
class TaughtPhoto:
    """One picture of a product that the shop showed to the till."""

    id: UUID
    product_id: UUID
    vectors: Vectors


class RecognisedProduct(NamedTuple):
    """A product that the item may be, and how probable that is, 0..1."""

    product_id: UUID
    probability: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an item looks like.

    `candidates`: up to five, best first; empty when nothing is taught. `is_sure`: the first one may be
    MATCHED. `is_known`: False when the item looks like nothing that was taught; `familiarity`, 0..1, is the
    probability behind it.
    """

    candidates: tuple[RecognisedProduct, ...]
    is_sure: bool
    is_known: bool
    familiarity: float = 1.0


class Embedder(Protocol):
    """Turns pictures into vectors. Safe to use from several threads."""

    @property
    def version(self) -> str:
        """Name of model and recipe; vectors of another version must be made anew."""

    def embed_photo(self, image: Image) -> Vectors:
        """Return the views of a photo for teaching; raise InvalidInput for a picture without pixels."""

    def embed_query(self, image: Image) -> QueryVectors:
        """Return the crops of an item to recognise; raise InvalidInput for a picture without pixels."""


class ProductRecogniser(Protocol):
    """Knows the taught products. Safe to use from several threads.

    Teaching takes up to seconds and belongs into a lane; meanwhile recognition goes on with what was known.
    """

    @property
    def calibration_error(self) -> float | None:
        """Expected gap between stated probability and truth, 0..1; None while too little is taught."""

    def __len__(self) -> int:
        """Return how many products are taught."""

    def load(self, photos: Iterable[TaughtPhoto]) -> None:
        """Forget everything and learn these photos; raise InvalidInput for vectors of another embedder."""

    def add(self, photos: Iterable[TaughtPhoto]) -> None:
        """Learn further photos; one with a known id replaces it; raise InvalidInput as `load` does."""

    def forget(self, photo_ids: Collection[UUID]) -> None:
        """Unlearn photos; unknown ids are ignored. A product without photos is unknown again."""

    def recognise(self, query: QueryVectors) -> Recognition:
        """Return what the item is."""

    def looks_like(self, vectors: Vectors, except_product: UUID | None = None) -> UUID | None:
        """Return the taught product that a photo would be taken for, None when it looks like no other."""


@dataclass(frozen=True, slots=True)
class SeenItem:
    """A thing lying on the counter: where it lies in the picture, and its picture turned upright.

    `is_touching`: several things probably touch here and look like one. `is_whole_picture`: nothing is known
    of where things lie; it may be several or none. `is_belonging`: it is plainly a telephone or a bag.
    """

    box: Box
    crop: Image
    is_touching: bool = False
    is_whole_picture: bool = False
    is_belonging: bool = False


class ItemFinder(Protocol):
    """Finds the things that lie on the counter. Safe to use from several threads."""

    @property
    def knows_empty_counter(self) -> bool:
        """Whether the empty counter was learned; otherwise the whole picture is one item."""

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; called again while it is empty, it follows the light slowly."""

    def fits(self, image: Image) -> bool:
        """Whether this picture shows the learned counter, with or without goods on it."""

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more, as after the camera was moved."""

    def covered(self, image: Image) -> tuple[Box, ...] | None:
        """Return what hides the counter, one box for all that hangs together, hands and arms as well.

        None when it cannot be told: no empty counter was learned, or the picture does not show it. Cheap
        enough for every picture that is read for codes.
        """

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        """Return the items, left to right; the whole picture as one item when no counter was learned that
        fits it."""


class SceneKind(StrEnum):
    """What goes on at the counter. BLIND: too dark, too bright or without content, so nothing can be told."""

    MOVING = "moving"
    STILL = "still"
    EMPTY = "empty"
    BLIND = "blind"


@dataclass(frozen=True, slots=True)
class SceneState:
    """What one frame shows; `is_new_still` once, when something new came to rest.

    `has_moved`: something moved or may have moved just before this frame, as in the dark or while there was
    no picture. MOVING without it is the moment until the scene counts as at rest.
    """

    kind: SceneKind
    is_new_still: bool = False
    has_moved: bool = False


class SceneGate(Protocol):
    """Watches every frame, in about a millisecond, for something new that lies still. For one thread.

    What it says depends on when frames were taken and not on how many there are; more than a second without
    one counts as movement.
    """

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; before, nothing is EMPTY."""

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more."""

    def feed(self, image: Image, now_s: float) -> SceneState:
        """Return the state after this frame; `now_s` is monotonic time in seconds."""
