"""The real barcode reader, which need not read the same picture twice; what reading costs is counted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection, Sighting
from visionscan_kiosk.rehearsal.virtual_time import Effort
from visionscan_kiosk.services.ports import Image, OnFirst
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.pipeline import DetectionPipeline

_QUICK_S: Final = 0.02
_THOROUGH_S: Final = 0.1
_KEPT: Final = 32


class RehearsingEyes:
    """Implements the port PictureDetector; reads what the till would read."""

    def __init__(self, effort: Effort) -> None:
        self._effort = effort
        self._pipeline = DetectionPipeline(BarcodeReader(), None)
        self._read: OrderedDict[tuple[int, bool], tuple[Image, Sequence[Sighting]]] = OrderedDict()

    @property
    def model_used(self) -> str:
        """No vision model takes part."""
        return self._pipeline.model_used

    def read_barcodes(self, image: Image, *, thorough: bool) -> Sequence[Sighting]:
        """Return the codes in the picture; one that was read already is known by its very object."""
        self._effort.seconds += _THOROUGH_S if thorough else _QUICK_S
        key = (id(image), thorough)
        known = self._read.get(key)
        if known is None:
            known = (image, self._pipeline.read_barcodes(image, thorough=thorough))
            self._read[key] = known
            if len(self._read) > _KEPT:
                self._read.popitem(last=False)
        return known[1]

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        """Raise DetectorUnavailable: no vision model takes part."""
        return self._pipeline.name_products(image, short_list, cancel, on_first)
