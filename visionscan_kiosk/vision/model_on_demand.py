"""The vision models, opened when one is first asked: their client takes half a second of every start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.domain.errors import Unavailable
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.ports import Image, OnFirst
from visionscan_kiosk.services.vision_models import ModelServer, ModelWork

if TYPE_CHECKING:
    from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaModels


class ModelOnDemand:
    """Implements the ports ProductNamer, with the model that the shop chose, and VisionModels.

    `chosen` is called for every question, so that a choice made at another till holds here too; it may raise
    DatabaseUnavailable.
    """

    def __init__(self, chosen: Callable[[], str], open_models: Callable[[], OllamaModels]) -> None:
        self._chosen = chosen
        self._open_models = open_models
        self._opening = Lock()
        self._models: OllamaModels | None = None

    @property
    def model_used(self) -> str:
        """Name of the model that the shop chose."""
        return self._chosen()

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> tuple[Detection, ...]:
        """Return what the chosen model names in the picture."""
        return self.named(self._chosen()).name_products(image, short_list, cancel, on_first)

    def health(self) -> DetectorHealth:
        """Return whether the chosen model can be asked."""
        try:
            return self.named(self._chosen()).health()
        except Unavailable as error:
            return DetectorHealth(is_ready=False, message=str(error), model="")

    def answers(self, deadline_s: float) -> DetectorHealth:
        """Return whether the chosen model answers to a picture."""
        return self.named(self._chosen()).answers(deadline_s)

    def installed(self) -> ModelServer:
        """Return what is installed."""
        return self._opened().server.installed()

    def load(self, name: str, cancel: CancelToken) -> None:
        """Put a model into memory."""
        self.named(name).load(cancel)

    def unload(self, name: str) -> None:
        """Take a model out of memory."""
        self._opened().server.unload(name)

    def named(self, name: str) -> OllamaDetector:
        """Return the model with this name, whatever the shop chose."""
        return self._opened().named(name)

    def work(self) -> ModelWork:
        """Return what goes on now; nothing is opened for it."""
        models = self._models
        return ModelWork() if models is None else models.server.turns.work()

    def rest_s(self, name: str) -> float:
        """Return for how many seconds a model still rests; nothing is opened for it."""
        models = self._models
        return 0.0 if models is None else models.named(name).rest_s

    def close(self) -> None:
        """End what is under way."""
        with self._opening:
            if self._models is not None:
                self._models.close()

    def _opened(self) -> OllamaModels:
        with self._opening:
            if self._models is None:
                self._models = self._open_models()
            return self._models
