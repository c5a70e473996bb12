"""Run by test_xcb.py in a process of its own: a till on a real X display. Not a test by itself.

`python -m tests.gui.xcb_till sale DATA_DIR PICTURES` sells once; `... signal DATA_DIR` opens the till in full
screen and ends it as a service manager does. The last line says on which platform and at which size.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.bootstrap import open_demo
from visionscan_kiosk.gui.main_window import TillWindow
from visionscan_kiosk.gui.till_app import run_snapshot_tour, run_till
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.settings import KioskSettings

_LOOK_MS = 50


def main() -> int:
    what, data_dir = sys.argv[1], Path(sys.argv[2])
    application = QApplication(sys.argv[:1])
    with open_demo(KioskSettings(data_dir=data_dir)) as equipment:
        if what == "sale":
            return run_snapshot_tour(equipment, Path(sys.argv[3]))
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


def _is_up(window: TillWindow) -> bool:
    """Whether it is on the display, with the camera's picture in it."""
    on_display = window.windowHandle()
    is_exposed = on_display is not None and on_display.isExposed()
    return is_exposed and any(picture.is_live for picture in window.findChildren(PictureView))


if __name__ == "__main__":
    sys.exit(main())
