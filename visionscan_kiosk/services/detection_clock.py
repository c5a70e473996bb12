"""Runs the stages of a look. One that fails is skipped, named in the report and logged; the others go on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import StageReport
from visionscan_kiosk.domain.errors import DetectionCancelled, DetectorUnavailable, KioskError

_LOG = logging.getLogger(__name__)

R = TypeVar("R")


class StageClock:
    """Times the stages of one look, processor time of the whole process included."""

    def __init__(self, cancel: CancelToken) -> None:
        self.cancel = cancel
        self._started, self._cpu_started = time.perf_counter(), time.process_time()
        self._reports: dict[str, StageReport] = {}
        self.model_error: DetectorUnavailable | None = None

    @property
    def reports(self) -> tuple[StageReport, ...]:
        """One report a stage, in the order they began."""
        return tuple(self._reports.values())

    @property
    def elapsed_ms(self) -> int:
        """Milliseconds since the look began."""
        return round((time.perf_counter() - self._started) * 1000)

    @property
    def cpu_ms(self) -> int:
        """Milliseconds of processor time since the look began."""
        return round((time.process_time() - self._cpu_started) * 1000)

    def has_run(self, name: str) -> bool:
        """Whether a stage was tried and did not fail."""
        return name in self._reports and self._reports[name].error is None

    def run(self, name: str, stage: Callable[[], Sequence[R]]) -> tuple[Sequence[R], float]:
        """Return what the stage answers, nothing when it fails, and its seconds.

        Raises DetectionCancelled.
        """
        if self.cancel.is_cancelled:
            raise DetectionCancelled("Nobody waits for this picture any more.")
        started = time.perf_counter()
        answers, error = self._try(name, stage)
        seconds = time.perf_counter() - started
        self._note(name, seconds, len(answers), error)
        return answers, seconds

    def _try(self, name: str, stage: Callable[[], Sequence[R]]) -> tuple[Sequence[R], str | None]:
        try:
            return stage(), None
        except DetectionCancelled:
            raise
        except DetectorUnavailable as failure:
            self.model_error = failure
            return (), str(failure)
        except KioskError as failure:
            return (), str(failure)
        except Exception as failure:  # noqa: BLE001 - logged and named; a picture must not stop the till
            _LOG.exception("stage %s failed", name)
            return (), f"{type(failure).__name__}; the log says more"

    def _note(self, name: str, seconds: float, answers: int, error: str | None) -> None:
        """Sum up a stage that runs once a thing."""
        before = self._reports.get(name, StageReport(name, 0.0, 0))
        self._reports[name] = StageReport(
            name,
            round(before.milliseconds + seconds * 1000, 2),
            before.answers + answers,
            error or before.error,
        )
