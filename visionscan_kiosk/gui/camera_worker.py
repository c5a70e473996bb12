"""The camera on a thread of its own: pictures through a latest-frame slot, one signal while it is unread."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QObject, QThread, Signal

from visionscan_kiosk.concurrency.latest_slot import LatestSlot
from visionscan_kiosk.gui import wording
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind, Capture, Frame, OpenCapture

_LOG = logging.getLogger(__name__)
_CLOSING_BUDGET_MS = 3000


class _CaptureThread(QThread):
    """A thread whose whole life is one capture loop."""

    def __init__(self, capture: Capture, on_state: Callable[[CameraState], None]) -> None:
        super().__init__()
        self._capture = capture
        self._on_state = on_state

    def run(self) -> None:
        """Take pictures until the capture is told to stop; a broken loop is a lost camera."""
        try:
            self._capture.run()
        except Exception:  # noqa: BLE001 - the camera may fail in any way; the till goes on
            _LOG.exception("the camera loop failed")
            self._on_state(CameraState(CameraStateKind.LOST, wording.CAMERA_LOST_TITLE))


class CameraWorker(QObject):
    """Runs a capture loop; `frame_waiting` and `state_changed` arrive in the GUI thread."""

    frame_waiting = Signal()
    state_changed = Signal(object)

    def __init__(self, open_capture: OpenCapture, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slot: LatestSlot[Frame] = LatestSlot()
        self._capture = open_capture(self._slot, self.frame_waiting.emit, self.state_changed.emit)
        self._is_running = False
        self._thread = _CaptureThread(self._capture, self.state_changed.emit)

    @property
    def is_running(self) -> bool:
        """Whether it was started and not told to end."""
        return self._is_running

    def start(self) -> None:
        """Begin to take pictures."""
        self._is_running = True
        self._thread.start()

    def halt(self) -> None:
        """End soon, without waiting for it."""
        self._is_running = False
        self._capture.stop()

    def take(self) -> Frame | None:
        """Return the newest picture that was not taken yet."""
        return self._slot.take()

    def stop(self) -> bool:
        """End the loop by its own event, not by a queued call; return False when it hangs in a driver."""
        self.halt()
        if self._thread.wait(_CLOSING_BUDGET_MS):
            return True
        _LOG.warning("the camera did not stop within %d ms", _CLOSING_BUDGET_MS)
        return False
