"""How the till feels: start, code to line, checkout, pictures a second, and the longest stall of the GUI.

Run by hand: `python -m benchmarks.till [SECONDS]`. It opens the demo's till offscreen in a folder of its own,
with a camera at 30 pictures a second and a model that accepts the connection and never answers. First nothing
lies on the counter, then goods come and go, so that every stage works all the time, then somebody also types
(the catalogue hides the picture then: pictures a second count the time it is in sight). Before that the
catalogue of 127 products is opened and searched, step by step: CPU of the longest beat of the GUI's thread.
Times are wall-clock, so a floor stands beside them: a timer of 30 beats a second that does nothing, in the
same minute on the same machine. The CPU rows hold on a busy machine too.
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
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the program itself does

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel
from rich.console import Console
from rich.table import Table

from visionscan_kiosk.bootstrap import open_demo
from visionscan_kiosk.domain.checkout import card
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import NewProduct
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.till_app import TillApp
from visionscan_kiosk.gui.widgets.picture_view import PictureView
from visionscan_kiosk.settings import KioskSettings
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.items import CounterItemFinder

SCANS = 40
CODE = "2040010001039"
PACKS = ("OATMILK001", "PASTA001", "CHOCOLATE001", "COFFEE001")
TAUGHT = ("OATMILK001", "COFFEE001", "APPLE001", "BANANA001")


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


@dataclass
class Paintings:
    """Every painting of the picture: CPU milliseconds, and when it ended."""

    work_ms: list[float] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)

    def clear(self) -> None:
        self.work_ms.clear()
        self.at_s.clear()

    @property
    def gaps_ms(self) -> list[float]:
        return [(after - before) * 1000 for before, after in pairwise(self.at_s)]


@contextmanager
def timed_painting(paintings: Paintings) -> Iterator[None]:
    """Measure every painting of the picture."""
    paint = PictureView.paintEvent

    def timed(view: PictureView, event: QPaintEvent) -> None:
        started = time.thread_time()
        paint(view, event)
        paintings.work_ms.append((time.thread_time() - started) * 1000)
        paintings.at_s.append(time.perf_counter())

    PictureView.paintEvent = timed  # type: ignore[assignment, method-assign]  # measured from outside
    try:
        yield
    finally:
        PictureView.paintEvent = paint  # type: ignore[method-assign]


def wait_until(happened: Callable[[], bool]) -> float:
    """Run the GUI until it happened, looking every millisecond; return milliseconds.

    It sleeps in between as the program does. A loop that spins keeps Python's lock from the lanes: a code
    took 400 ms then that takes 20.
    """
    loop, looks = QEventLoop(), QTimer()
    looks.setTimerType(Qt.TimerType.PreciseTimer)
    started = time.perf_counter()

    def look() -> None:
        if happened() or time.perf_counter() - started > 60:
            loop.quit()

    looks.timeout.connect(look)
    looks.start(1)
    loop.exec()
    lasted = time.perf_counter() - started
    if lasted > 60:
        raise TimeoutError("the till did not get there within a minute")
    return lasted * 1000


def wait(milliseconds: int) -> None:
    """Run the GUI as the program does, without the naps that QTest.qWait takes between two events."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def code_to_line(till: TillApp) -> list[float]:
    """Milliseconds from the last key of a scanned code to the new quantity on screen."""
    times = []
    count = till.window.findChild(QLabel, "basket_count")
    for _ in range(SCANS):
        before = count.text()
        till.flow.scanned(CODE)
        times.append(wait_until(lambda before=before: count.text() != before))
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


@dataclass(frozen=True)
class Stretch:
    """What was measured while one thing was done: pictures a second in sight, gaps, CPU."""

    taken: float
    painted: float
    cpu_share: float
    painting_gaps_ms: list[float]
    heart: Heartbeat


def measured(
    till: TillApp, paintings: Paintings, seconds: float, do: Callable[[TillApp, int], float]
) -> Stretch:
    """Do it again and again for so long; `do` returns the seconds in which the picture was hidden."""
    first, cpu, started = till.flow.sight.frames_seen, time.process_time(), time.perf_counter()
    paintings.clear()
    heart = Heartbeat()
    round_number, hidden = 0, 0.0
    while time.perf_counter() < started + seconds:
        hidden += do(till, round_number)
        round_number += 1
    heart.stop()
    lasted = time.perf_counter() - started
    return Stretch(
        taken=(till.flow.sight.frames_seen - first) / lasted,
        painted=len(paintings.at_s) / (lasted - hidden),
        cpu_share=(time.process_time() - cpu) / lasted,
        painting_gaps_ms=paintings.gaps_ms,
        heart=heart,
    )


def idle(till: TillApp, round_number: int) -> float:
    """Nothing lies on the counter and nobody comes."""
    del till, round_number
    wait(500)
    return 0.0


def busy(till: TillApp, round_number: int) -> float:
    """Goods come and go every second: barcodes, scene gate, items and recogniser have work all the time."""
    till.flow.counter_toggled(TAUGHT[round_number % len(TAUGHT)])
    wait(1000)
    return 0.0


def typing(till: TillApp, round_number: int) -> float:
    """Somebody searches, too."""
    till.flow.counter_toggled(PACKS[round_number % len(PACKS)])
    wait(500)
    till.flow.catalogue.type("milk" if round_number % 2 else "coffee")
    opened = time.perf_counter()
    wait(250)
    till.flow.catalogue_closed()
    hidden = time.perf_counter() - opened
    wait(250)
    return hidden


def browse(till: TillApp, table: Table) -> None:
    """Open, search and leave the catalogue of a shop of 127 products."""
    inventory, catalogue = till.flow.basket._around.services.inventory, till.flow.catalogue  # noqa: SLF001
    for number in range(100):
        name = f"Benchmark tea {number} 250 g"
        inventory.create_product(NewProduct(f"BENCHMARK{number}", name, f"Tea {number % 4}", Decimal("1.99")))
    for name, step in (
        ("all products, the first time", catalogue.open),
        ("a category", lambda: catalogue.choose_category("Tea 1")),
        ("all products again", lambda: catalogue.choose_category("")),
        ("search: t", lambda: catalogue.type("t")),
        ("search: tea 7", lambda: catalogue.type("tea 7")),
        ("search: milk", lambda: catalogue.type("milk")),
        ("back to the picture", till.flow.catalogue_closed),
    ):
        heart = Heartbeat()
        step()
        wait(1000)
        heart.stop()
        row(table, f"{name}: the GUI's own work (CPU)", heart.work_ms, "50")


def bare_timer(seconds: float) -> list[float]:
    """Return the milliseconds between the beats of a timer at 30 a second in a program that does nothing."""
    beats: list[float] = []
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start(33)
    wait(round(seconds * 1000))
    timer.stop()
    return [(after - before) * 1000 for before, after in pairwise(beats)]


def teach(till: TillApp) -> None:
    """Let the till know the goods, so that recognising them has something to compare with."""
    services = till.flow.basket._around.services  # noqa: SLF001 # the benchmark looks inside
    counter = sample_counter()
    finder = CounterItemFinder()
    finder.learn_empty_counter(counter.render_still([], 0))
    products = {product.sku: product for product in services.inventory.list_products()}
    done: list[object] = []

    def show() -> None:
        for sku in TAUGHT:
            pictures = [counter.render_still([sku], seed) for seed in range(2)]
            services.teaching.teach(products[sku].id, pictures, finder=finder)

    till.lanes.run(Lane.LEARNING, show, done.append, _fail)
    wait_until(lambda: bool(done))


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
    table, rates = Table("what (ms)", "n", "median", "99 %", "longest", "aim"), Table("", *RATES)
    paintings = Paintings()
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
            first, *others = code_to_line(till)
            row(table, "the first code after the start to its line", [first], "60")
            row(table, "code to line, 27 products", others, "60")
            row(table, "checkout of 3 lines", checkouts(till), "")
            browse(till, table)
            teach(till)
            _stretches(till, paintings, seconds, table, rates)
        finally:
            closing = time.perf_counter()
            till.close()
        row(table, "close while the model hangs", [(time.perf_counter() - closing) * 1000], "")
    floor = bare_timer(seconds / 2)
    row(table, "floor: a timer of 33 ms that does nothing", floor, "")
    rates.add_row(
        "floor: the timer", "", f"{1000 / statistics.mean(floor):.1f}", "", f"{max(floor):.0f}", "", ""
    )
    Console(width=130).print(table)
    Console(width=130).print(rates)


RATES = ("taken/s", "painted/s", "gaps over 50 ms", "longest", "painting gaps over 80 ms", "CPU, cores")


def _stretches(till: TillApp, paintings: Paintings, seconds: float, table: Table, rates: Table) -> None:
    for name, do in (("idle", idle), ("all stages", busy), ("all stages and typing", typing)):
        if do is not idle:
            till.flow.sight.look()
        stretch = measured(till, paintings, seconds, do)
        if do is not idle:
            till.flow.sight.stop_looking()
        gaps = stretch.heart.gaps_ms
        rates.add_row(
            name,
            f"{stretch.taken:.1f}",
            f"{stretch.painted:.1f}",
            f"{sum(gap > 50 for gap in gaps)} of {len(gaps)}",
            f"{max(gaps):.0f}",
            f"{sum(gap > 80 for gap in stretch.painting_gaps_ms)} of {len(stretch.painting_gaps_ms)}",
            f"{stretch.cpu_share:.2f}",
        )
        row(table, f"{name}: painting a picture (CPU)", paintings.work_ms, "")
        row(table, f"{name}: gap between two answers of the GUI", gaps, "50")
        row(table, "  of it the GUI's own work (CPU)", stretch.heart.work_ms, "50")


if __name__ == "__main__":
    sys.exit(main())
