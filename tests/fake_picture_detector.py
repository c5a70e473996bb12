"""Eyes for tests that are not about seeing: they see what the test laid in front of them."""

from __future__ import annotations

from collections.abc import Sequence

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Box, Detection, DetectionSource, Sighting
from visionscan_kiosk.services.ports import Image, OnFirst


class FakePictureDetector:
    """Answers with what `show_barcode` and `show_name` laid out; says in `model_used` that it is a fake."""

    def __init__(self) -> None:
        self.short_lists: list[Sequence[str]] = []
        self._sightings: list[Sighting] = []
        self._detections: list[Detection] = []

    @property
    def model_used(self) -> str:
        return "fake-detector"

    def show_barcode(self, text: str, symbology: str = "EAN-13") -> None:
        self._sightings.append(Sighting(text, symbology, Box(0, 0, 100, 50)))

    def show_name(
        self, name: str, confidence: float = 0.9, quantity: int = 1, *, brand: str = "", size: str = ""
    ) -> None:
        self._detections.append(
            Detection(name, confidence, quantity, DetectionSource.OLLAMA, brand=brand, size=size)
        )

    def read_barcodes(self, image: Image, *, thorough: bool) -> Sequence[Sighting]:
        return tuple(self._sightings)

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        self.short_lists.append(short_list)
        if on_first is not None and self._detections:
            on_first(self._detections[0])
        return tuple(self._detections)
