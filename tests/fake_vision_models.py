"""A server of vision models for tests that are not about HTTP: a fake that says what the test laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection, DetectionSource
from visionscan_kiosk.domain.errors import DetectorUnavailable, Unavailable
from visionscan_kiosk.services.ports import Image, OnFirst
from visionscan_kiosk.services.vision_models import InstalledModel, ModelServer, ModelWork

Answer = Callable[[Image, Sequence[str]], Sequence[str]]
"""Names for a picture and a short list; raises what the model fails with."""

SEEING = InstalledModel("seer:2b", 1_900_000_000, sees=True, is_loaded=False, parameters="2.1B")
OTHER = InstalledModel("llava-phi3:latest", 2_900_000_000, sees=True, is_loaded=True, parameters="4B")
BLIND = InstalledModel("writer:7b", 4_700_000_000, sees=False, is_loaded=False, parameters="7.6B")
REMOTE = InstalledModel("giant:cloud", 384, sees=True, is_loaded=False, is_remote=True)


class FakeNamer:
    """Answers by the fake's rule."""

    def __init__(self, name: str, models: FakeVisionModels) -> None:
        self.model_used = name
        self._models = models

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> Sequence[Detection]:
        self._models.short_lists.append(tuple(short_list))
        names = self._models.answer(image, short_list)
        return tuple(Detection(name, 0.9, 1, DetectionSource.OLLAMA) for name in names)


class FakeVisionModels:
    """Remembers what was loaded and unloaded."""

    def __init__(self, *models: InstalledModel) -> None:
        self.models = models or (OTHER, SEEING, BLIND, REMOTE)
        self.trouble: Unavailable | None = None
        self.load_trouble: DetectorUnavailable | None = None
        self.loaded: list[str] = []
        self.unloaded: list[str] = []
        self.present = ModelWork()
        self.rests_s = 0.0
        self.short_lists: list[Sequence[str]] = []
        self.answer: Answer = lambda _image, _short_list: ()

    def installed(self) -> ModelServer:
        if self.trouble is not None:
            raise self.trouble
        return ModelServer("0.0.0-fake", self.models)

    def load(self, name: str, cancel: CancelToken) -> None:
        if self.load_trouble is not None:
            raise self.load_trouble
        self.loaded.append(name)

    def unload(self, name: str) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.unloaded.append(name)

    def named(self, name: str) -> FakeNamer:
        return FakeNamer(name, self)

    def work(self) -> ModelWork:
        return self.present

    def rest_s(self, name: str) -> float:
        return self.rests_s
