"""The vision model, opened when it is first asked: its client library takes half a second of every start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.ports import Image

if TYPE_CHECKING:
    from visionscan_kiosk.vision.ollama import OllamaDetector


class ModelOnDemand:
    """Behaves like the OllamaDetector that `open_detector` gives, and opens it once."""

    def __init__(self, model: str, open_detector: Callable[[], OllamaDetector]) -> None:
        self._model = model
        self._open_detector = open_detector
        self._opening = Lock()
        self._detector: OllamaDetector | None = None

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model

    def detect(self, image: Image, short_list: Sequence[str], cancel: CancelToken) -> tuple[Detection, ...]:
        """Return what the model names in the picture."""
        return self._opened().detect(image, short_list, cancel)

    def health(self) -> DetectorHealth:
        """Return whether the model can be asked."""
        return self._opened().health()

    def answers(self, deadline_s: float) -> DetectorHealth:
        """Return whether the model answers to a picture."""
        return self._opened().answers(deadline_s)

    def close(self) -> None:
        """End what is under way."""
        with self._opening:
            if self._detector is not None:
                self._detector.close()

    def _opened(self) -> OllamaDetector:
        with self._opening:
            if self._detector is None:
                self._detector = self._open_detector()
            return self._detector
