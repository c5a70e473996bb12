"""The stages of looking at a picture, as the use cases see them."""

from __future__ import annotations

from collections.abc import Sequence

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection, Sighting
from visionscan_kiosk.domain.errors import DetectorUnavailable
from visionscan_kiosk.services.ports import Image, OnFirst, ProductNamer
from visionscan_kiosk.vision.barcodes import BarcodeReader


class DetectionPipeline:
    """Implements the port PictureDetector with a barcode reader and, where there is one, a vision model."""

    def __init__(self, barcodes: BarcodeReader, detector: ProductNamer | None) -> None:
        self._barcodes = barcodes
        self._detector = detector

    @property
    def model_used(self) -> str:
        """Name of the model that answers `name_products`; `none` without one."""
        return "none" if self._detector is None else self._detector.model_used

    def read_barcodes(self, image: Image, *, thorough: bool) -> Sequence[Sighting]:
        """Return the codes in the picture; `thorough` is for stills, else it takes a few milliseconds."""
        return self._barcodes.read(image) if thorough else self._barcodes.read_quickly(image)

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        """Ask the vision model; raise DetectorUnavailable, DetectorTimeout or DetectionCancelled."""
        if self._detector is None:
            raise DetectorUnavailable("No vision model is set up. Set OLLAMA_ENDPOINT and OLLAMA_MODEL.")
        return self._detector.name_products(image, short_list, cancel, on_first)
