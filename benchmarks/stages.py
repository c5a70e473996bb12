"""What each stage of a look costs, on drawn trays of four taught products.

Run by hand: `python -m benchmarks.stages [LOOKS]`. It teaches the sample shop into a database of its own, so
nothing but the model's answer is left out: `benchmarks.till` has the screen beside it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from visionscan_kiosk.bootstrap import Shop, demo_settings, open_shop
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.sample_shop import stock_sample_shop
from visionscan_kiosk.settings import load_settings
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

TAUGHT = ("APPLE001", "APPLE002", "BANANA001", "LEMON001", "TOMATO001", "AVOCADO001")
ON_TRAY = 4
PHOTOS = 5
LOOKS = 30

Times = dict[str, list[float]]


def main() -> None:
    looks = int(sys.argv[1]) if len(sys.argv) > 1 else LOOKS
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as root the server runs as another user
        settings = demo_settings(load_settings(data_dir=Path(folder)))
        with open_shop(settings) as shop:
            stock_sample_shop(shop.services, bundled("resources/sample_shop"))
            _report(_measured(shop, looks), looks)


def _measured(shop: Shop, looks: int) -> Times:
    """Return milliseconds of every stage by its name, one entry a look."""
    finder, times = CounterItemFinder(), defaultdict[str, list[float]](list)
    finder.learn_empty_counter(sample_counter().render_still([], 0))
    _teach(shop, finder)
    for tray in islice(_trays(), looks):
        report = shop.services.detection.look([tray], finder=finder).report
        for stage in report.stages:
            assert stage.error is None, stage.error
            times[stage.name].append(stage.milliseconds)
        times["whole look"].append(report.processing_time_ms)
        times["whole look, CPU"].append(report.cpu_time_ms)
    times["scene gate, a frame"] = [_gate_ms(tray) for tray in islice(_trays(), looks)]
    return times


def _teach(shop: Shop, finder: CounterItemFinder) -> None:
    ids = {product.sku: product.id for product in shop.services.inventory.list_products()}
    for sku in TAUGHT:
        stills = [sample_counter().render_still([sku], seed) for seed in range(PHOTOS)]
        shop.services.teaching.teach(ids[sku], stills, finder=finder)


def _trays() -> Iterator[Image]:
    for seed in range(1_000, 1_000_000):
        first = seed % len(TAUGHT)
        yield sample_counter().render_still((TAUGHT * 2)[first : first + ON_TRAY], seed)


def _gate_ms(tray: Image) -> float:
    gate = StillSceneGate()
    gate.learn_empty_counter(sample_counter().render_still([], 0))
    gate.feed(tray, 0.0)
    started = time.process_time()
    gate.feed(tray, 0.1)
    return (time.process_time() - started) * 1000


def _report(times: Times, looks: int) -> None:
    table = Table(title=f"{looks} looks at {ON_TRAY} taught products, milliseconds")
    for column in ("stage", "median", "95 %", "longest"):
        table.add_column(column, justify="left" if column == "stage" else "right")
    for name, entries in times.items():
        table.add_row(name, *(f"{figure:.1f}" for figure in _figures(entries)))
    Console().print(table)


def _figures(entries: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(entries)
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95) - 1], ordered[-1]


if __name__ == "__main__":
    main()
