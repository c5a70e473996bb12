"""Pictures in, seen products out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from visionscan_kiosk.api.schemas.fields import Answered, Sent
from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    DetectionReport,
    DetectionSource,
)
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.services.ports import Image

_DATA_URL = re.compile(r"data:image/[a-z0-9.+-]+;base64,", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"[ \t\r\n]+")


class PictureRequest(Sent):
    """A picture. It is never taken for a path or an address."""

    image_base64: Annotated[
        str,
        Field(min_length=1, description="A PNG, JPEG or WebP picture as base64, bare or as a `data:` URL."),
    ]

    def to_image(self, decode: Callable[[bytes], Image]) -> Image:
        """Return the picture; raise InvalidInput when it is none that can be looked at."""
        try:
            return decode(self._to_bytes())
        except InvalidInput as error:
            raise InvalidInput(str(error), field="image_base64") from error

    def _to_bytes(self) -> bytes:
        text = self.image_base64
        prefix = _DATA_URL.match(text)
        bare = _WHITE_SPACE.sub("", text[prefix.end() :] if prefix else text)
        try:
            return base64.b64decode(bare, validate=True)
        except (binascii.Error, ValueError):
            raise InvalidInput(
                "The picture is not base64. Send the bytes of a PNG, JPEG or WebP file as base64."
            ) from None


class SeenCandidate(Answered):
    """A product that a seen thing may be."""

    inventory_id: UUID
    sku: str
    name: str
    confidence: float

    @classmethod
    def of(cls, candidate: DetectedCandidate) -> Self:
        """Return how a candidate goes out."""
        return cls(
            inventory_id=candidate.product_id,
            sku=candidate.sku,
            name=candidate.name,
            confidence=candidate.confidence,
        )


class SeenProduct(Answered):
    """One thing in the picture. Not known: `inventory_id`, `name` and `sku` are null."""

    inventory_id: UUID | None
    name: str | None
    sku: str | None
    confidence: float
    quantity: int
    matched_from: str = Field(description="What was read: a code, or the model's own words.")
    decision: Decision
    source: DetectionSource
    box: list[int] | None = Field(description="x, y, width, height in pixels of the picture.")
    candidates: list[SeenCandidate]

    @classmethod
    def of(cls, seen: DetectedProduct) -> Self:
        """Return how a seen thing goes out."""
        return cls(
            inventory_id=seen.product_id,
            name=seen.name,
            sku=seen.sku,
            confidence=seen.confidence,
            quantity=seen.quantity,
            matched_from=seen.matched_from,
            decision=seen.decision,
            source=seen.source,
            box=None if seen.box is None else list(seen.box),
            candidates=[SeenCandidate.of(candidate) for candidate in seen.candidates],
        )


class DetectionAnswer(Answered):
    """Everything seen, best first."""

    results: list[SeenProduct]
    processing_time_ms: int
    model_used: str

    @classmethod
    def of(cls, report: DetectionReport) -> Self:
        """Return how a report goes out."""
        return cls(
            results=[SeenProduct.of(seen) for seen in report.results],
            processing_time_ms=report.processing_time_ms,
            model_used=report.model_used,
        )
