"""The manager's page "Vision model": which one is used, and how one does on the shop's own pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.domain.errors import DetectionCancelled, KioskError
from visionscan_kiosk.gui import model_presenter as words
from visionscan_kiosk.gui.flow.ports import Lane, Place, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.manager_views import VisionModelView
from visionscan_kiosk.services.model_trial import TrialReport
from visionscan_kiosk.services.vision_models import InstalledModel, ModelOverview, ModelStateKind

PRELOAD_AFTER_MS = 3000
"""The first picture and the first basket come before the model."""
TICK_MS = 500


class VisionModelFlow:
    """One load or trial at a time. A trial goes on while the person sells: questions come in between.

    `is_here`: whether the page is in front.
    """

    def __init__(
        self, around: Surroundings, go_to: Callable[[Place], None], is_here: Callable[[], bool]
    ) -> None:
        self._around = around
        self._go_to = go_to
        self._is_here = is_here
        self._view = VisionModelView()
        self._overview: ModelOverview | None = None
        self._listing: Ticket | None = None
        self._cancel: CancelToken | None = None
        self._tried = ""
        self._progress: LatestSlot[TrialReport] = LatestSlot()
        self._report: TrialReport | None = None
        self._ticking: Timer | None = None

    @property
    def is_loading(self) -> bool:
        """Whether the page still waits for the list of models."""
        return self._view.is_loading

    @property
    def is_busy(self) -> bool:
        """Whether a model is being loaded or tried."""
        return self._cancel is not None

    def start(self) -> None:
        """Load the model in use once the till is open, so that its first answer comes sooner."""
        self._around.timers.after(PRELOAD_AFTER_MS, self._preload)

    def open(self) -> None:
        """Show the page."""
        self._go_to(Place.MODEL)
        self._view = replace(self._view, message="", trouble="")
        self.refresh()
        self._keep_ticking()

    def refresh(self) -> None:
        """List the models anew."""
        service = self._around.services.vision_models
        self._view = replace(self._view, is_loading=True)
        self._show()
        self._drop_listing()
        self._listing = self._around.tasks.run(Lane.HEALTH, service.overview, self._listed, self._not_listed)

    def use(self, name: str) -> None:
        """Use this model from now on, and load it."""
        service = self._around.services.vision_models
        self._say()
        self._around.tasks.run(Lane.HEALTH, lambda: service.choose(name), self._chosen, self._failed)

    def load(self, name: str) -> None:
        """Put a model into memory."""
        service, cancel = self._around.services.vision_models, CancelToken()
        if self.is_busy:
            return
        self._say()
        self._begin(cancel)
        self._around.tasks.run(
            Lane.MODELS, lambda: service.load(name, cancel), lambda _: self._loaded(name), self._load_failed
        )

    def try_on_shop(self, name: str) -> None:
        """Let a model and the taught recogniser name the shop's own pictures."""
        trial, cancel, progress = self._around.services.model_trial, CancelToken(), LatestSlot[TrialReport]()
        if self.is_busy:
            return
        self._say()
        self._tried, self._report, self._progress = name, None, progress
        self._begin(cancel)
        self._show_trial()
        self._around.tasks.run(
            Lane.MODELS,
            lambda: trial.run(name, progress.put, cancel=cancel),
            self._tried_out,
            self._trial_failed,
        )

    def stop(self) -> None:
        """End a load or a trial; what the trial has is shown."""
        if self._cancel is not None:
            self._cancel.cancel()

    def close_trial(self) -> None:
        """Put the result away."""
        if not self.is_busy:
            self._tried, self._report = "", None
            self._view = replace(self._view, trial=None)
            self._show()

    def _preload(self) -> None:
        if self.is_busy:
            return
        service, cancel = self._around.services.vision_models, CancelToken()
        self._begin(cancel)
        self._around.tasks.run(
            Lane.MODELS, lambda: service.preload(cancel), lambda _: self._end(), lambda _: self._end()
        )

    def _begin(self, cancel: CancelToken) -> None:
        self._cancel = cancel
        self._keep_ticking()
        self._show()

    def _end(self) -> None:
        self._cancel = None
        if self._is_here():
            self.refresh()

    def _listed(self, overview: ModelOverview) -> None:
        self._overview = overview
        has_models = bool(overview.server.models)
        self._view = replace(
            self._view,
            rows=words.model_rows(overview),
            server_text=f"Ollama {overview.server.version}",
            away_title="" if has_models else words.NO_MODELS_TITLE,
            away_text="" if has_models else words.nothing_installed(overview.chosen),
            warning=words.missing(overview),
            is_loading=False,
        )
        self._show()

    def _not_listed(self, error: KioskError) -> None:
        self._overview = None
        title, text = words.unlisted(error)
        self._view = replace(
            self._view,
            rows=(),
            server_text="",
            state_text="",
            away_title=title,
            away_text=text,
            warning=str(error),
            is_loading=False,
        )
        self._show()

    def _chosen(self, model: InstalledModel) -> None:
        self._say(words.in_use(model.name))
        self.close_trial()
        self.refresh()
        if not self.is_busy:
            self._preload()

    def _loaded(self, name: str) -> None:
        self._say(words.loaded(name))
        self._end()

    def _load_failed(self, error: KioskError) -> None:
        self._failed(error)
        self._end()

    def _failed(self, error: KioskError) -> None:
        if not isinstance(error, DetectionCancelled):
            self._view = replace(self._view, trouble=str(error))
        self._show()

    def _tried_out(self, report: TrialReport) -> None:
        self._report = report
        self._end()
        self._show_trial()

    def _trial_failed(self, error: KioskError) -> None:
        self._end()
        trouble = words.STOPPED if isinstance(error, DetectionCancelled) else str(error)
        self._show_trial(trouble)

    def _show_trial(self, trouble: str = "") -> None:
        overview = self._overview
        is_other = overview is None or not any(
            overview.is_chosen(model) and model.name == self._tried for model in overview.server.models
        )
        trial = words.trial_view(self._tried, self._report, trouble, can_use=is_other)
        self._view = replace(self._view, trial=trial)
        self._show()

    def _say(self, message: str = "") -> None:
        self._view = replace(self._view, message=message, trouble="")
        self._show()

    def _keep_ticking(self) -> None:
        if self._ticking is None:
            self._ticking = self._around.timers.every(TICK_MS, self._tick)

    def _tick(self) -> None:
        """Follow what goes on, as long as somebody looks or something is under way."""
        if self._ticking is not None and not self._is_here() and not self.is_busy:
            self._ticking.cancel()
            self._ticking = None
            return
        report = self._progress.take()
        if report is not None and self.is_busy:
            self._report = report
            self._show_trial()
        self._show()

    def _show(self) -> None:
        """The page is painted only while it is in front."""
        if self._overview is not None:
            state = self._around.services.vision_models.state(self._overview.chosen)
            if state.kind is not ModelStateKind.IDLE or not self.is_busy:  # a trial rests between two photos
                self._view = replace(
                    self._view, state_text=state.sentence, state_tone=words.state_tone(state)
                )
        self._view = replace(self._view, is_busy=self.is_busy)
        if self._is_here():
            self._around.display.show_vision_model(self._view)

    def _drop_listing(self) -> None:
        if self._listing is not None:
            self._listing.drop()
            self._listing = None
