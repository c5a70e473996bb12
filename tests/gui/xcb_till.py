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
from visionscan_kiosk.settings import KioskSettings

UNTIL_IT_IS_UP_MS = 1500


def main() -> int:
    what, data_dir = sys.argv[1], Path(sys.argv[2])
    application = QApplication(sys.argv[:1])
    with open_demo(KioskSettings(data_dir=data_dir)) as equipment:
        if what == "sale":
            return run_snapshot_tour(equipment, Path(sys.argv[3]))
        QTimer.singleShot(UNTIL_IT_IS_UP_MS, lambda: _end(application))
        return run_till(equipment)


def _end(application: QApplication) -> None:
    window = next(widget for widget in application.topLevelWidgets() if isinstance(widget, TillWindow))
    sys.stdout.write(f"{QGuiApplication.platformName()} {window.width()} {window.height()}\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())
