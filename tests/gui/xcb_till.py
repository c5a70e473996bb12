"""Run by test_xcb.py in a process of its own: a till on a real X display. Not a test by itself.

`python -m tests.gui.xcb_till sale DATA_DIR PICTURES` sells once; `... signal DATA_DIR` opens the till in full
screen and ends it as a service manager does; `... scan DATA_DIR` scans with `xcb_scanner`. The last line says
on which platform and at which size, or how many pieces came of how many scans.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from tests.waiting import PATIENCE_S
from visionscan_kiosk.bootstrap import open_demo
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.till_app import TillApp, run_snapshot_tour, run_till
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.services.kiosk import TillEquipment
from visionscan_kiosk.settings import KioskSettings

_LOOK_MS = 50
_CODE = "2040010001039"
_SCANS = 20


def main() -> int:
    what, data_dir = sys.argv[1], Path(sys.argv[2])
    application = QApplication(sys.argv[:1])
    with open_demo(KioskSettings(data_dir=data_dir)) as equipment:
        if what == "sale":
            return run_snapshot_tour(equipment, Path(sys.argv[3]))
        if what == "scan":
            return _scan(application, equipment)
        looks = QTimer()
        looks.timeout.connect(lambda: _end_when_up(application, looks))
        looks.start(_LOOK_MS)
        return run_till(equipment)


def _end_when_up(application: QApplication, looks: QTimer) -> None:
    windows = [widget for widget in application.topLevelWidgets() if isinstance(widget, TillWindow)]
    if not windows or not _is_up(windows[0]):
        return
    looks.stop()
    sys.stdout.write(f"{QGuiApplication.platformName()} {windows[0].width()} {windows[0].height()}\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)


def _scan(application: QApplication, equipment: TillEquipment) -> int:
    """Scan beside the working till, with every ending, until each code is a piece in the basket."""
    till = TillApp(application, equipment)
    till.window.setGeometry(QGuiApplication.primaryScreen().geometry())
    till.window.showFullScreen()
    till.start()
    try:
        _run_until(application, lambda: _is_up(till.window) and till.flow.basket.is_settled)
        till.window.activateWindow()
        _run_until(application, till.window.isActiveWindow)
        till.window.focus_search()
        codes = [_CODE + ending for ending in ("+return", "+tab", "") for _ in range(_SCANS)]
        scanner = subprocess.Popen([sys.executable, "-m", "tests.gui.xcb_scanner", "15", "40", *codes])
        basket = till.flow.basket
        _run_until(application, lambda: scanner.poll() is not None)
        _run_until(
            application, lambda: not till._keys._reader.is_holding and till.lanes.is_idle(Lane.DATABASE)
        )
        _run_until(application, lambda: basket.is_settled and till.lanes.is_idle(Lane.DATABASE))
        field = till.window.findChild(QLineEdit, "search")
        typed = field.text() if field is not None else "no field"
        sys.stdout.write(f"{basket.view().item_count} of {len(codes)} {till.flow.place} {typed!r}\n")
        return 0
    finally:
        till.close()


def _run_until(application: QApplication, happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError("the till did not get there")
        application.processEvents()


def _is_up(window: TillWindow) -> bool:
    """Whether it is on the display, with the camera's picture in it."""
    on_display = window.windowHandle()
    is_exposed = on_display is not None and on_display.isExposed()
    return is_exposed and any(picture.is_live for picture in window.findChildren(PictureView))


if __name__ == "__main__":
    sys.exit(main())
