"""What a detector saw in one picture, before and after it was matched to products."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.matching.match import Decision


class DetectionSource(StrEnum):
    """Which stage of the pipeline answered."""

    BARCODE = "barcode"
    TAUGHT = "taught"
    LABEL = "label"
    OLLAMA = "ollama"


RIM = 2  # pixels at the edge of a picture; what comes so near to it goes on outside


class Box(NamedTuple):
    """A rectangle in picture pixels, origin at the top left."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """How many pixels it covers."""
        return self.width * self.height

    def common_area(self, other: Box) -> int:
        """Return how many pixels both cover."""
        x, y, width, height = self
        left, top, across, down = other
        if left >= x + width or x >= left + across or top >= y + height or y >= top + down:
            return 0
        width = min(x + width, left + across) - max(x, left)
        height = min(y + height, top + down) - max(y, top)
        return max(width, 0) * max(height, 0)

    def overlap(self, other: Box) -> float:
        """Return what both cover as a part of what either covers, 0..1."""
        common = self.common_area(other)
        if not common:
            return 0.0
        either = self.area + other.area - common
        return common / either

    def apart(self, other: Box) -> float:
        """Return the pixels between the middles."""
        across = self.x + self.width / 2 - other.x - other.width / 2
        down = self.y + self.height / 2 - other.y - other.height / 2
        return hypot(across, down)

    def holds(self, other: Box) -> bool:
        """Whether the middle of another one lies on this one, its edge included."""
        left, top, across, down = other
        x, y, width, height = self
        return x <= left + across / 2 <= x + width and y <= top + down / 2 <= y + height

    def is_at_rim(self, width: float, height: float) -> bool:
        """Whether it touches the rim of a picture of this width and height."""
        is_inside_across = self.x > RIM and self.x + self.width < width - RIM
        is_inside_down = self.y > RIM and self.y + self.height < height - RIM
        return not (is_inside_across and is_inside_down)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A barcode read in a picture: its text as printed and where it lies."""

    text: str
    symbology: str
    box: Box


@dataclass(frozen=True, slots=True)
class Detection:
    """A name that a detector gave to something in the picture, not yet matched.

    `brand`, `size` and `variant` are the parts a model named apart; empty when it did not.
    """

    name: str
    confidence: float
    quantity: int
    source: DetectionSource
    box: Box | None = None
    brand: str = ""
    size: str = ""


@dataclass(frozen=True, slots=True)
class DetectedCandidate:
    """A product that a seen thing may be."""

    product_id: UUID
    sku: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class DetectedProduct:
    """One thing seen. Without a product: `product_id`, `sku` and `name` are None, `decision` UNMATCHED.

    `is_touching`: several things probably touch here and were seen as one.
    """

    product_id: UUID | None
    sku: str | None
    name: str | None
    confidence: float
    decision: Decision
    quantity: int
    matched_from: str
    source: DetectionSource
    box: Box | None
    candidates: tuple[DetectedCandidate, ...]
    is_touching: bool = False


@dataclass(frozen=True, slots=True)
class StageAnswer:
    """What one stage said of one thing: up to five candidates, best first, and how long it took."""

    source: DetectionSource
    model: str
    decision: Decision
    candidates: tuple[DetectedCandidate, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage of the pipeline: how long it took, how many things it answered for.

    `error`: why it was skipped, None when it worked.
    """

    name: str
    milliseconds: float
    answers: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """All things seen in one picture, best first, and what it cost."""

    results: tuple[DetectedProduct, ...]
    processing_time_ms: int
    cpu_time_ms: int
    model_used: str
    stages: tuple[StageReport, ...] = ()
