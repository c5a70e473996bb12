"""`accuracy`: how often the shop's own things were recognised right."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, put, put_json, say
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.accuracy_report import (
    Accuracy,
    AccuracyReport,
    Confusion,
    ProductAccuracy,
    StageAccuracy,
)
from visionscan_kiosk.services.accuracy_storage import DecidedBy
from visionscan_kiosk.settings import KioskSettings

_COUNTS = ("seen", "top-1", "top-3", "asked", "sure", "wrong")
_DECIDERS = {DecidedBy.BARCODE: "by barcode", DecidedBy.PERSON: "by taps"}


def accuracy(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Show the meter by stage, and by product when asked to; return 0 also when nothing was measured."""
    with open_shop(settings) as shop:
        report = shop.services.accuracy.report(arguments.days)
    if arguments.json:
        put_json(to_record(report))
    elif report.stages:
        _put_stages(report)
        if arguments.by_product:
            _put_products(report)
        say("People choose among what is offered, so taps flatter; things with a barcode do not.")
    elif report.is_complete:
        say("Nothing was measured yet: teach products and sell with the camera, then ask again.")
    else:
        say("Nothing was measured in these days. Ask for more days.")
    return 0


def to_record(report: AccuracyReport) -> dict[str, object]:
    """Return the JSON object of a report, as docs/recognition.md describes it; shares are 0..1."""
    return {
        "since": report.period.since.date().isoformat(),
        "step": report.period.step.value,
        "stages": [_stage_record(stage) for stage in report.stages],
        "products": [_product_record(row) for row in report.products],
        "confused": [_confusion_record(entry) for entry in report.confusions],
    }


def _stage_record(entry: StageAccuracy) -> dict[str, object]:
    return {
        "source": entry.stage.source.value,
        "model": entry.stage.model,
        **_shares(entry.accuracy),
        "seconds_p50": round(entry.seconds_p50, 4),
        "seconds_p95": round(entry.seconds_p95, 4),
        "calibration_error": round(entry.calibration_error, 4),
        "untaught": {"seen": entry.strangers, "sure": entry.strangers_sure},
        "by": {decider.value: _shares(measured) for decider, measured in entry.by.items()},
        "calibration": [
            {"stated": round(point.stated, 4), "true": round(point.truth, 4), "seen": point.seen}
            for point in entry.calibration
        ],
        "over_time": [
            {
                "from": step.start.date().isoformat(),
                "seen": step.seen,
                "top_1": round(step.top_1 / step.seen, 4) if step.seen else None,
                "asked": round(step.asked / step.seen, 4) if step.seen else None,
            }
            for step in entry.steps
        ],
    }


def _product_record(row: ProductAccuracy) -> dict[str, object]:
    taken_for = row.confusion
    return {
        **_identity(row.product),
        "source": row.stage.source.value,
        "model": row.stage.model,
        **_shares(row.accuracy),
        "taken_for": {**_identity(taken_for.taken_for), "times": taken_for.times} if taken_for else None,
    }


def _confusion_record(entry: Confusion) -> dict[str, object]:
    return {
        "product": _identity(entry.product),
        "taken_for": _identity(entry.taken_for),
        "source": entry.stage.source.value,
        "model": entry.stage.model,
        "times": entry.times,
    }


def _identity(product: Product) -> dict[str, object]:
    return {"sku": product.sku, "name": product.name}


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


def _put_stages(report: AccuracyReport) -> None:
    head = (
        f"stage and model, since {report.period.since:%Y-%m-%d}",
        *_COUNTS,
        "p50 s",
        "p95 s",
        "gap",
        "untaught",
        "sure then",
    )
    rows = (row for entry in report.stages for row in _stage_rows(entry))
    _put_table([head, *rows], figures=len(_COUNTS) + 5)


def _stage_rows(entry: StageAccuracy) -> Iterable[tuple[str, ...]]:
    """Return the stage, and below it its things by what decided them."""
    tail = (
        f"{entry.seconds_p50:.3f}",
        f"{entry.seconds_p95:.3f}",
        f"{entry.calibration_error:.3f}",
        str(entry.strangers),
        str(entry.strangers_sure),
    )
    yield (" ".join(entry.stage), *_cells(entry.accuracy), *tail)
    for decider, words in _DECIDERS.items():
        measured = entry.by[decider]
        if measured.seen:
            yield (f"  {words}", *_cells(measured), *[""] * len(tail))


def _put_products(report: AccuracyReport) -> None:
    put("")
    head = ("product, most often missed first", *_COUNTS, "taken for")
    rows = (
        (f"{row.product.name} ({row.stage.source})", *_cells(row.accuracy), _taken_for(row.confusion))
        for row in report.products
    )
    _put_table([head, *rows], figures=len(_COUNTS))


def _taken_for(confusion: Confusion | None) -> str:
    return f"{confusion.taken_for.name} ({confusion.times})" if confusion else "-"


def _put_table(lines: Sequence[Sequence[str]], figures: int) -> None:
    """Write lines of equal length aligned: a name, so many columns of figures, and words."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        cells = (
            cell.rjust(width) if 0 < column <= figures else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        put("  ".join(cells).rstrip())


def _cells(measured: Accuracy) -> tuple[str, ...]:
    counts = (measured.top_1, measured.top_3, measured.asked, measured.sure, measured.wrong)
    return (str(measured.seen), *(f"{measured.share(count):.1%}" for count in counts))


COMMANDS: dict[str, Command] = {"accuracy": accuracy}
