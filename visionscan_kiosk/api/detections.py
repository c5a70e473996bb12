"""Keeps slow pictures from standing in the way of sales: few at once, and none that outlives the server."""

from __future__ import annotations

from threading import BoundedSemaphore
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import DetectionReport
from visionscan_kiosk.domain.errors import DetectorUnavailable
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.ports import Image


class Detections:
    """The detections of one application."""

    def __init__(self, most_at_once: int) -> None:
        self._free = BoundedSemaphore(most_at_once)
        self._stopping = CancelToken()

    def detect(
        self, service: DetectionService, image: Image, session_id: UUID | None = None
    ) -> DetectionReport:
        """Name what is in the picture, by the basket of a session too.

        Raises DetectorUnavailable when too many pictures wait already.
        """
        if not self._free.acquire(blocking=False):
            raise DetectorUnavailable("The vision model has too many pictures to look at. Try again later.")
        try:
            return service.detect_products(image, self._stopping, session_id=session_id)
        finally:
            self._free.release()

    def stop(self) -> None:
        """Give up what is being looked at: the server stops."""
        self._stopping.cancel()
