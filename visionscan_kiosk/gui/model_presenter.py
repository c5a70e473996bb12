"""From models, their state and a trial to what the page "Vision model" shows. No service, no Qt."""

from __future__ import annotations

from collections.abc import Callable

from visionscan_kiosk.domain.errors import DetectorUnavailable, KioskError
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import ModelRowView, TrialRowView, TrialView
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.model_trial import TrialReport, TrialScore
from visionscan_kiosk.services.vision_models import (
    InstalledModel,
    ModelOverview,
    ModelState,
    ModelStateKind,
    find_model,
)

AWAY_TITLE = "No vision model is running"
AWAY_HELP = (
    "Goods with barcodes and taught products are recognised without it. To use one, install Ollama from "
    "ollama.com on this machine, pull a small model with vision, and look again."
)
UNKNOWN_TITLE = "Nobody knows which model is used"
UNKNOWN_HELP = "Selling goes on. Look again when what is named above is mended."
NO_MODELS_TITLE = "No model is installed yet"
LOOKING = "Looking for models"
STOPPED = "The trial was stopped."
LOADING_FOR_TRIAL = "Loading the model"

_TONES = {
    ModelStateKind.IDLE: Tone.FINE,
    ModelStateKind.LOADING: Tone.ASK,
    ModelStateKind.ANSWERING: Tone.ASK,
    ModelStateKind.RESTING: Tone.STOP,
    ModelStateKind.AWAY: Tone.STOP,
}
_ROWS: tuple[tuple[str, Callable[[TrialScore], str]], ...] = (
    ("Right at once", lambda score: _share(score, score.top_1)),
    ("Among the first three", lambda score: _share(score, score.top_3)),
    ("A person must choose", lambda score: _share(score, score.asked)),
    ("Knows nothing of it", lambda score: _share(score, score.unknown)),
    ("Another product first", lambda score: _share(score, score.wrong)),
    ("No answer", lambda score: _share(score, score.failed)),
    ("Seconds, in the middle", lambda score: _seconds(score.median_s)),
    ("Seconds, 95 % within", lambda score: _seconds(score.p95_s)),
)


def model_rows(overview: ModelOverview) -> tuple[ModelRowView, ...]:
    """Return a row a model: the one in use first, then what can be used, then the rest."""
    models = sorted(
        overview.server.models,
        key=lambda model: (not overview.is_chosen(model), bool(model.trouble), model.name),
    )
    return tuple(
        ModelRowView(
            model.name, _detail(model), model.trouble, overview.is_chosen(model), is_loaded=model.is_loaded
        )
        for model in models
    )


def state_tone(state: ModelState) -> Tone:
    """Return how much a state matters."""
    return _TONES[state.kind]


def missing(overview: ModelOverview) -> str:
    """Say that the model in use is not there; empty when it is."""
    if find_model(overview.server.models, overview.chosen) is not None or not overview.server.models:
        return ""
    return f"The model in use, {overview.chosen}, is not installed. Choose another one, or install it."


def unlisted(error: KioskError) -> tuple[str, str]:
    """Return what stands there instead of models: a title and what to do."""
    if isinstance(error, DetectorUnavailable):
        return AWAY_TITLE, AWAY_HELP
    return UNKNOWN_TITLE, UNKNOWN_HELP


def nothing_installed(chosen: str) -> str:
    """Say how to get a model."""
    return f"Run “ollama pull {chosen}” where Ollama runs, or pull another one with vision. Then look again."


def in_use(name: str) -> str:
    """Say that a model is used from now on."""
    return f"{name} is used from the next question on, at all tills."


def loaded(name: str) -> str:
    """Say that a model is in memory."""
    return f"{name} is loaded. Its first answer comes sooner now."


def trial_view(name: str, report: TrialReport | None, trouble: str = "", *, can_use: bool) -> TrialView:
    """Return how a trial stands; `report` is None before its first photo is known."""
    if report is None:
        return TrialView(
            name, f"Trying {name}", LOADING_FOR_TRIAL, 0, 0, is_over=bool(trouble), trouble=trouble
        )
    return TrialView(
        name,
        f"{name} on your shop" if report.is_over or trouble else f"Trying {name}",
        _progress(report),
        report.model.photos,
        report.planned,
        _rows(report) if report.model.photos else (),
        is_over=report.is_over or bool(trouble),
        can_use=can_use and report.is_over and not report.stopped and bool(report.model.photos),
        trouble=trouble or report.stopped,
    )


def _progress(report: TrialReport) -> str:
    if report.is_over:
        return f"{report.model.photos} of your own pictures, each seen by both"
    if not report.model.photos:
        return LOADING_FOR_TRIAL
    return f"{report.model.photos} of {report.planned} pictures"


def _rows(report: TrialReport) -> tuple[TrialRowView, ...]:
    return tuple(TrialRowView(title, cell(report.model), cell(report.taught)) for title, cell in _ROWS)


def _detail(model: InstalledModel) -> str:
    size = f"{model.size_bytes / 1e9:.1f} GB" if model.size_bytes >= 50_000_000 else ""
    parts = (size, f"{model.parameters} parameters" if model.parameters else "")
    return ", ".join(part for part in (*parts, "" if model.trouble else "sees pictures") if part)


def _share(score: TrialScore, count: int) -> str:
    return wording.share(score.share(count))


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f}" if seconds >= 1 else f"{seconds:.2f}"
