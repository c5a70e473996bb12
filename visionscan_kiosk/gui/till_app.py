"""The running till: builds window, flow, lanes and camera from a TillEquipment, and ends them in order."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.gui.camera_worker import CameraWorker
from visionscan_kiosk.gui.flow.ports import Place, Surroundings
from visionscan_kiosk.gui.flow.till_flow import TillFlow
from visionscan_kiosk.gui.garbage import GarbageCollector
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.picture_fetch import PictureFetch
from visionscan_kiosk.gui.qt_surroundings import Beeper, QtTimers, WallClock
from visionscan_kiosk.gui.task_runner import LaneRunner
from visionscan_kiosk.gui.theme.palette import DARK, LIGHT
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.till_keys import TillKeys
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.wiring import connect_screens
from visionscan_kiosk.services.camera_feed import CameraState
from visionscan_kiosk.services.kiosk import TillEquipment

_LOG = logging.getLogger(__name__)
_BASE_SIZE = (1280, 800)
_LET_PYTHON_RUN_MS = 200


class TillApp(QObject):
    """One till on screen. `start` and `close` belong together; the QApplication is the caller's."""

    def __init__(self, application: QApplication, equipment: TillEquipment) -> None:
        super().__init__()
        self._garbage = GarbageCollector(self)
        self._application = application
        self._services = equipment.services
        self._is_closed = False
        theme = equipment.preferences.theme or equipment.profile.theme
        self.theme = Theme(DARK if theme == "dark" else LIGHT)
        self.theme.apply(application)
        self.pictures = PictureStore(self.theme, self)
        self.photos = PictureStore(self.theme, self)
        self.window = TillWindow(self.theme, self.pictures, self.photos)
        self.lanes = LaneRunner(self)
        self.timers = QtTimers()
        self.clock = WallClock()
        self.flow = TillFlow(self._surroundings(equipment))
        self._equipment = equipment
        self._former_cameras: list[CameraWorker] = []
        self.camera = CameraWorker(equipment.open_capture, self)
        self._keys = TillKeys(self.window, self.flow, self.timers, self.clock, equipment.profile.scanner)
        self._fetches = self._picture_fetches()
        self._connect()

    def start(self) -> None:
        """Start flow and camera; the window is shown by the caller."""
        self._garbage.start()
        self._application.installEventFilter(self._keys)
        self.flow.start()
        if self._equipment.preferences.has_camera:
            self.camera.start()

    def close(self) -> None:
        """End in reverse order: keys, timers, camera, model, and the database last. A second call is free."""
        if self._is_closed:
            return
        self._is_closed = True
        self._application.removeEventFilter(self._keys)
        self.timers.close()
        self.flow.sight.stop_looking()
        self.flow.models.stop()
        for camera in (self.camera, *self._former_cameras):
            camera.stop()
        self.lanes.close()
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._garbage.stop()

    def something_failed(self) -> None:
        """Tell the person that something unforeseen happened; the log has it."""
        if not self._is_closed:
            self.flow.something_failed()

    def _surroundings(self, equipment: TillEquipment) -> Surroundings:
        return Surroundings(
            services=equipment.services,
            profile=equipment.profile,
            display=self.window,
            tasks=self.lanes,
            timers=self.timers,
            sounds=Beeper(),
            clock=self.clock,
            check_model=equipment.check_model,
            gate=equipment.scene_gate,
            finder=equipment.item_finder,
            counter=equipment.counter,
            renew_lease=equipment.renew_lease,
            preferences=equipment.preferences,
            keep_preferences=equipment.keep_preferences,
            use_camera=self._use_camera,
        )

    def _use_camera(self, is_used: bool) -> None:  # noqa: FBT001 # the flow hands it over by place
        """Begin or end to take pictures; a driver that hangs is waited for when the till is closed."""
        if is_used == self.camera.is_running or self._is_closed:
            return
        if is_used:
            self.camera.start()
            return
        self.camera.halt()
        self._former_cameras.append(self.camera)
        self.camera = CameraWorker(self._equipment.open_capture, self)
        self._connect_camera()

    def _connect_camera(self) -> None:
        self.camera.frame_waiting.connect(self._show_frame)
        self.camera.state_changed.connect(self._show_camera)

    def _connect(self) -> None:
        connect_screens(self.window, self.flow)
        self._connect_camera()

    def _show_frame(self) -> None:
        frame = self.camera.take()
        if frame is None or self._is_closed:
            return
        self.flow.frame_arrived(frame)
        if self.flow.place in {Place.SELLING, Place.TEACH}:
            self.window.show_frame(frame.image)

    def _show_camera(self, state: CameraState) -> None:
        if not self._is_closed:
            self.flow.status.camera(state)

    def _picture_fetches(self) -> tuple[PictureFetch, PictureFetch]:
        services = self._services
        return (
            PictureFetch(self.lanes, self.pictures, services.product_pictures.get),
            PictureFetch(self.lanes, self.photos, services.teaching.get_photo_picture),
        )


def run_till(equipment: TillEquipment, *, windowed: bool = False) -> int:
    """Show the till until it is closed; return the exit code."""
    application = _application()
    till = TillApp(application, equipment)
    till.window.close_requested.connect(application.quit)
    with _closing_on_signals(till), _telling_of_failures(till):
        _show(till.window, windowed=windowed)
        till.start()
        try:
            return application.exec()
        finally:
            till.close()


def run_snapshot_tour(equipment: TillEquipment, folder: Path) -> int:
    """Sell once by script through the real screens, with a picture of every step; return the exit code."""
    from visionscan_kiosk.gui.snapshot_tour import SnapshotTour  # noqa: PLC0415 - the till itself needs no tour

    till = TillApp(_application(), equipment)
    with _telling_of_failures(till):
        till.window.resize(*_BASE_SIZE)
        till.window.show()
        till.start()
        try:
            return SnapshotTour(till, folder).run()
        finally:
            till.close()


def _application() -> QApplication:
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("VisionScan Kiosk")
    return application


def _show(window: TillWindow, *, windowed: bool) -> None:
    """Without a window manager full screen alone does not fill the screen: its size is set too."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if windowed:
        window.resize(min(_BASE_SIZE[0], screen.width()), min(_BASE_SIZE[1], screen.height()))
        window.show()
        return
    window.setGeometry(QGuiApplication.primaryScreen().geometry())
    window.showFullScreen()


@contextmanager
def _closing_on_signals(till: TillApp) -> Iterator[None]:
    """Ctrl+C and a polite kill close the till like its own button. The timer lets Python see them."""

    def close(_number: int, _frame: FrameType | None) -> None:
        till.window.close()

    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}
    awake = QTimer()
    awake.timeout.connect(lambda: None)
    awake.start(_LET_PYTHON_RUN_MS)
    try:
        yield
    finally:
        awake.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _telling_of_failures(till: TillApp) -> Iterator[None]:
    """An error in a slot is logged and told; the till goes on."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _LOG.critical("unforeseen failure on screen", exc_info=(kind, error, trace))
        till.something_failed()

    before, sys.excepthook = sys.excepthook, tell
    try:
        yield
    finally:
        sys.excepthook = before
