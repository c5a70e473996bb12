"""`accuracy`: how often the shop's own things were recognised right."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, put, put_json, say
from visionscan_kiosk.services.accuracy import Accuracy, AccuracyReport
from visionscan_kiosk.settings import KioskSettings

_HEADER = ("", "seen", "top-1", "top-3", "asked", "sure", "wrong", "seconds")


def accuracy(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Show the meter by stage and by product; return 0 also when nothing was measured yet."""
    with open_shop(settings) as shop:
        report = shop.services.accuracy.report(arguments.days)
    if arguments.json:
        put_json(to_record(report))
    elif report.stages:
        _put_tables(report)
    else:
        say("Nothing was measured yet: sell with the camera, then ask again.")
    return 0


def to_record(report: AccuracyReport) -> dict[str, object]:
    """Return the JSON object of a report; shares are 0..1."""
    return {
        "stages": [
            {
                "source": stage.source.value,
                "model": stage.model,
                **_shares(stage.accuracy),
                "calibration_error": round(stage.calibration_error, 4),
            }
            for stage in report.stages
        ],
        "products": [
            {
                "sku": row.product.sku,
                "name": row.product.name,
                "source": row.source.value,
                "model": row.model,
                **_shares(row.accuracy),
            }
            for row in report.products
        ],
    }


def _shares(measured: Accuracy) -> dict[str, float]:
    counts = {
        "top_1": measured.top_1,
        "top_3": measured.top_3,
        "asked": measured.asked,
        "sure": measured.sure,
        "wrong": measured.wrong,
        "unknown": measured.unknown,
    }
    shares = {name: round(measured.share(count), 4) for name, count in counts.items()}
    return {"seen": measured.seen, **shares, "seconds": round(measured.seconds, 4)}


def _put_tables(report: AccuracyReport) -> None:
    stages = ((f"{stage.source.value} {stage.model}", stage.accuracy) for stage in report.stages)
    _put_table("stage and model", stages)
    put("")
    products = ((f"{row.product.name} ({row.source.value})", row.accuracy) for row in report.products)
    _put_table("product, most often missed first", products)


def _put_table(title: str, rows: Iterable[tuple[str, Accuracy]]) -> None:
    lines = [(title, *_HEADER[1:]), *((name, *_cells(measured)) for name, measured in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADER))]
    for line in lines:
        first = line[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))
        put("  ".join((first, *rest)))


def _cells(measured: Accuracy) -> tuple[str, ...]:
    counts = (measured.top_1, measured.top_3, measured.asked, measured.sure, measured.wrong)
    shares = (f"{measured.share(count):.1%}" for count in counts)
    return (str(measured.seen), *shares, f"{measured.seconds:.3f}")


COMMANDS: dict[str, Command] = {"accuracy": accuracy}
