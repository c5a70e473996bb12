"""The vision models on the shop's server: which there are, which one is used, and what it is doing.

What a model says of a picture is the business of the detection, how well it does on this shop's own goods
that of the trial.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import DetectionCancelled, InvalidInput, KioskError, Unavailable
from visionscan_kiosk.services.ports import ProductNamer
from visionscan_kiosk.services.shop_settings import ShopSettingsService

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on the server. `parameters`: its size as the server tells it, such as "3.8B".

    `sees`: it can look at pictures, as far as the server tells. `is_remote`: pictures would leave the shop.
    """

    name: str
    size_bytes: int
    sees: bool
    is_loaded: bool
    is_remote: bool = False
    parameters: str = ""

    @property
    def trouble(self) -> str:
        """Why the till cannot use it; empty when it can."""
        if self.is_remote:
            return f"{self.name} runs on somebody else's server: pictures would leave the shop."
        if not self.sees:
            return f"{self.name} cannot look at pictures. Choose a model with vision."
        return ""


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server that answers, and the models on it by name."""

    version: str
    models: tuple[InstalledModel, ...]


class ModelActivity(StrEnum):
    """What this program has the server do."""

    IDLE = "idle"
    LOADING = "loading"
    ANSWERING = "answering"


@dataclass(frozen=True, slots=True)
class ModelWork:
    """What goes on now: `since_s` seconds of it are over, `waiting` further questions wait for it."""

    activity: ModelActivity = ModelActivity.IDLE
    model: str = ""
    since_s: float = 0.0
    waiting: int = 0


class VisionModels(Protocol):
    """The models of one server. Safe to use from several threads; one question is asked at a time."""

    def installed(self) -> ModelServer:
        """Return what is installed, within a few seconds; raise DetectorUnavailable."""

    def load(self, name: str, cancel: CancelToken) -> None:
        """Put a model into memory; raise DetectorUnavailable or DetectionCancelled."""

    def unload(self, name: str) -> None:
        """Take a model out of memory; raise DetectorUnavailable."""

    def named(self, name: str) -> ProductNamer:
        """Return the model with this name, to ask it whatever the shop chose; nothing is asked yet."""

    def work(self) -> ModelWork:
        """Return what goes on now; asks no server."""

    def rest_s(self, name: str) -> float:
        """Return for how many seconds a model still rests after failures; 0 when it may be asked."""


class ModelStateKind(StrEnum):
    """How the model in use is."""

    IDLE = "idle"
    LOADING = "loading"
    ANSWERING = "answering"
    RESTING = "resting"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class ModelState:
    """How a model is, in words for people; `waiting` questions wait for it."""

    kind: ModelStateKind
    sentence: str
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """What is installed, and the name of the model in use, which may be missing among it."""

    server: ModelServer
    chosen: str

    def is_chosen(self, model: InstalledModel) -> bool:
        """Whether this is the model in use."""
        return is_same_model(model.name, self.chosen)


class VisionModelService:
    """Chooses among the installed models; the choice holds for all tills, from the next question on."""

    def __init__(self, models: VisionModels, shop_settings: ShopSettingsService) -> None:
        self._models = models
        self._shop_settings = shop_settings
        self._trouble = ""

    def chosen(self) -> str:
        """Return the name of the model in use."""
        return self._shop_settings.read().model

    def overview(self) -> ModelOverview:
        """Return what is installed and what is chosen; raise DetectorUnavailable when no server answers."""
        chosen = self.chosen()
        try:
            server = self._models.installed()
        except Unavailable as error:
            self._trouble = str(error)
            raise
        self._trouble = ""
        return ModelOverview(server, chosen)

    def usable(self, name: str) -> InstalledModel:
        """Return an installed model that the till can use; raise InvalidInput for any other."""
        model = find_model(self.overview().server.models, name)
        if model is None:
            raise InvalidInput(
                f"The model {name} is not installed. Run “ollama pull {name}” once.", field="model"
            )
        if model.trouble:
            raise InvalidInput(model.trouble, field="model")
        return model

    def choose(self, name: str) -> InstalledModel:
        """Use this model from now on and free the memory of the one before.

        Raises InvalidInput for a model that is not there or cannot look at pictures.
        """
        model = self.usable(name)
        before = self.chosen()
        self._shop_settings.change(model=model.name)
        if not is_same_model(before, model.name):
            self._unload_quietly(before)
        return model

    def load(self, name: str, cancel: CancelToken | None = None) -> None:
        """Put a model into memory, so that its first answer comes sooner; takes seconds to minutes.

        Raises InvalidInput for a model that the till cannot use, DetectorUnavailable and DetectionCancelled.
        """
        self._models.load(self.usable(name).name, cancel or CancelToken())

    def preload(self, cancel: CancelToken | None = None) -> bool:
        """Load the model in use when a till opens; a failure is told by `state` and leads to False."""
        try:
            self.load(self.chosen(), cancel)
        except DetectionCancelled:
            return False
        except KioskError as error:
            self._trouble = str(error)
            _LOG.info("the vision model was not loaded: %s", error)
            return False
        return True

    def state(self, name: str) -> ModelState:
        """Return how a model is as far as this program knows; asks nobody."""
        work = self._models.work()
        rest_s = math.ceil(self._models.rest_s(name))
        if work.activity is not ModelActivity.IDLE:
            return _busy(work)
        if rest_s:
            sentence = f"{name} failed several times in a row. It is asked again in {_time(rest_s)}."
            return ModelState(ModelStateKind.RESTING, sentence)
        if self._trouble:
            return ModelState(ModelStateKind.AWAY, self._trouble)
        return ModelState(ModelStateKind.IDLE, f"{name} waits for a question.")

    def waiting(self) -> int:
        """Return how many questions wait for another one's answer; asks nobody."""
        return self._models.work().waiting

    def _unload_quietly(self, name: str) -> None:
        """The server frees the memory by itself a while later."""
        try:
            self._models.unload(name)
        except Unavailable as error:
            _LOG.info("the model before was not unloaded: %s", error)


def full_model_name(model: str) -> str:
    """Return a name as the server lists it, whichever way it was spelled."""
    name = model.strip().casefold().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def is_same_model(one: str, other: str) -> bool:
    """Whether two spellings name one model."""
    return full_model_name(one) == full_model_name(other)


def find_model(models: Iterable[InstalledModel], name: str) -> InstalledModel | None:
    """Return the model of this name, however it is spelled; None when it is not there."""
    return next((model for model in models if is_same_model(model.name, name)), None)


def _busy(work: ModelWork) -> ModelState:
    since = _time(math.floor(work.since_s))
    waiting = f"; {work.waiting} waiting" if work.waiting else ""
    if work.activity is ModelActivity.LOADING:
        return ModelState(
            ModelStateKind.LOADING, f"{work.model} is being loaded, {since} so far{waiting}.", work.waiting
        )
    return ModelState(
        ModelStateKind.ANSWERING, f"{work.model} has been answering for {since}{waiting}.", work.waiting
    )


def _time(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"
