"""How the till feels: start, code to line, checkout, GUI time per frame, and the longest stall of the GUI.

Run by hand: `python -m benchmarks.till [SECONDS]`. It opens the demo's till offscreen in a folder of its own,
with a camera at 30 pictures a second and a model that accepts the connection and never answers, and keeps
tapping meanwhile. Times are wall-clock: run it on a quiet machine; the CPU row holds on a busy one too.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from rich.console import Console
from rich.table import Table

from visionscan_kiosk.bootstrap import open_demo
from visionscan_kiosk.domain.checkout import card
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.till_app import TillApp
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.settings import KioskSettings

SCANS = 40
CODE = "2040010001039"
PACKS = ("OATMILK001", "PASTA001", "CHOCOLATE001", "COFFEE001")


class Heartbeat(QObject):
    """Ticks every 2 ms; a gap between two ticks is time in which the GUI did not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps_ms: list[float] = []
        self.work_ms: list[float] = []
        self._last, self._last_work = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(2)

    def stop(self) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now, work = time.perf_counter(), time.thread_time()
        self.gaps_ms.append((now - self._last) * 1000)
        self.work_ms.append((work - self._last_work) * 1000)
        self._last, self._last_work = now, work


@contextmanager
def silent_model() -> Iterator[str]:
    """A server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@contextmanager
def timed_painting(times_ms: list[float]) -> Iterator[None]:
    """Measure every painting of the picture."""
    paint = PictureView.paintEvent

    def measured(view: PictureView, event: QPaintEvent) -> None:
        started = time.thread_time()
        paint(view, event)
        times_ms.append((time.thread_time() - started) * 1000)

    PictureView.paintEvent = measured  # type: ignore[method-assign]  # measured from outside
    try:
        yield
    finally:
        PictureView.paintEvent = paint  # type: ignore[method-assign]


def wait_until(happened: Callable[[], bool]) -> float:
    """Run the GUI until it happened; return milliseconds."""
    started = time.perf_counter()
    while not happened():
        QApplication.processEvents()
        if time.perf_counter() - started > 60:
            raise TimeoutError("the till did not get there within a minute")
    return (time.perf_counter() - started) * 1000


def code_to_line(till: TillApp) -> list[float]:
    """Milliseconds from Enter behind a code to the new quantity on screen."""
    times = []
    for _ in range(SCANS):
        before = till.flow.basket.view().item_count
        till.flow.catalogue.submit(CODE)
        times.append(wait_until(lambda before=before: till.flow.basket.view().item_count > before))
    return times


def checkouts(till: TillApp, count: int = 15) -> list[float]:
    """Milliseconds of whole sales of three lines, in the database lane."""
    times: list[float] = []
    services = till.flow.basket._around.services  # noqa: SLF001 # the benchmark looks inside
    products = sorted(services.inventory.list_products(), key=lambda product: -product.stock)[:3]

    def sell() -> float:
        session = services.sessions.start_session()
        for product in products:
            total = services.sessions.add_product(session.id, product.id).basket.total
        started = time.perf_counter()
        services.checkout.check_out(session.id, (card(total),))
        return (time.perf_counter() - started) * 1000

    for _ in range(count):
        till.lanes.run(Lane.DATABASE, sell, times.append, _fail)
    wait_until(lambda: len(times) == count)
    return times


def _fail(error: KioskError) -> None:
    raise error


def sell_for(till: TillApp, seconds: float) -> tuple[Heartbeat, int]:
    """Keep tapping while the camera runs and the model hangs; return the beats and the number of pictures."""
    first = till.flow.sight._newest  # noqa: SLF001
    till.flow.sight.look()
    heart = Heartbeat()
    ends_at = time.perf_counter() + seconds
    round_number = 0
    while time.perf_counter() < ends_at:
        till.flow.counter_toggled(PACKS[round_number % len(PACKS)])
        QTest.qWait(500)
        till.flow.catalogue.type("milk" if round_number % 2 else "coffee")
        QTest.qWait(250)
        till.flow.catalogue_closed()
        QTest.qWait(250)
        round_number += 1
    heart.stop()
    last = till.flow.sight._newest  # noqa: SLF001
    seen = last.number - first.number if last and first else 0
    return heart, seen


def row(table: Table, name: str, times_ms: list[float], aim: str) -> None:
    ordered = sorted(times_ms)
    high = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    table.add_row(
        name,
        str(len(times_ms)),
        f"{statistics.median(times_ms):.1f}",
        f"{high:.1f}",
        f"{ordered[-1]:.1f}",
        aim,
    )


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    application = QApplication(sys.argv[:1])
    folder = Path(tempfile.gettempdir()) / f"visionscan-benchmark-{os.getpid()}"
    try:
        with silent_model() as endpoint:
            _measure(application, KioskSettings(data_dir=folder, ollama_endpoint=endpoint), seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _measure(application: QApplication, settings: KioskSettings, seconds: float) -> None:
    table = Table("what (ms)", "n", "median", "99 %", "longest", "aim")
    paintings: list[float] = []
    with open_demo(settings):
        pass  # the first start makes the database and the shop
    started = time.perf_counter()
    with timed_painting(paintings), open_demo(settings) as equipment:
        till = TillApp(application, equipment)
        try:
            till.window.resize(1280, 800)
            till.window.show()
            till.start()
            wait_until(lambda: till.flow.basket.is_settled and till.flow.sight.has_picture)
            row(table, "second start to a usable till", [(time.perf_counter() - started) * 1000], "3000")
            row(table, "code to line, 27 products", code_to_line(till), "100")
            row(table, "checkout of 3 lines", checkouts(till), "")
            paintings.clear()
            heart, pictures = sell_for(till, seconds)
            row(table, "painting a picture (CPU)", paintings, "")
            row(table, "gap between two answers of the GUI", heart.gaps_ms, "50")
            row(table, "  of it the GUI's own work (CPU)", heart.work_ms, "50")
        finally:
            closing = time.perf_counter()
            till.close()
        row(table, "close while the model hangs", [(time.perf_counter() - closing) * 1000], "")
    rates = f"{pictures / seconds:.1f} pictures/s taken, {len(paintings) / seconds:.1f} painted"
    Console().print(table)
    Console().print(f"{rates}; {sum(gap > 50 for gap in heart.gaps_ms)} gaps over 50 ms")


if __name__ == "__main__":
    sys.exit(main())
