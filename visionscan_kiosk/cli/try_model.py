"""`try-model`: a vision model beside the taught recogniser, on the shop's own kept photos."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace

from visionscan_kiosk.bootstrap import Shop, open_shop
from visionscan_kiosk.cli.console import Command, progress_bar, put, put_json, say
from visionscan_kiosk.services.model_trial import MOST_PHOTOS, TrialReport, TrialScore
from visionscan_kiosk.settings import KioskSettings

_ROWS: tuple[tuple[str, Callable[[TrialScore], str]], ...] = (
    ("right at once", lambda score: f"{score.share(score.top_1):.1%}"),
    ("among the first three", lambda score: f"{score.share(score.top_3):.1%}"),
    ("a person must choose", lambda score: f"{score.share(score.asked):.1%}"),
    ("knows nothing of it", lambda score: f"{score.share(score.unknown):.1%}"),
    ("another product first", lambda score: f"{score.share(score.wrong):.1%}"),
    ("no answer", lambda score: f"{score.share(score.failed):.1%}"),
    ("seconds, median", lambda score: f"{score.median_s:.2f}"),
    ("seconds, 95 % within", lambda score: f"{score.p95_s:.2f}"),
)


def try_model(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Run the trial; return 1 when it ended before the last photo. Ctrl+C ends it with what it has."""
    with open_shop(settings) as shop:
        report = _run(shop, arguments)
    if arguments.json:
        put_json(_record(report))
    else:
        _put_table(report)
    if report.stopped:
        say(f"The trial ended after {report.model.photos} of {report.planned} photos: {report.stopped}")
    return 1 if report.stopped else 0


def _run(shop: Shop, arguments: argparse.Namespace) -> TrialReport:
    latest = TrialReport(0, TrialScore(arguments.name), TrialScore("taught"))
    with progress_bar("Photos") as show:

        def on_progress(report: TrialReport) -> None:
            nonlocal latest
            latest = report
            show(report.model.photos, report.planned)

        try:
            most_photos = arguments.photos or MOST_PHOTOS
            return shop.services.model_trial.run(arguments.name, on_progress, most_photos=most_photos)
        except KeyboardInterrupt:
            if not latest.model.photos:
                raise
            return replace(latest, stopped="it was interrupted.")


def _put_table(report: TrialReport) -> None:
    lines = [(f"{report.model.photos} photos", report.model.model, "taught recogniser")]
    lines += [(title, cell(report.model), cell(report.taught)) for title, cell in _ROWS]
    widths = [max(len(line[place]) for line in lines) for place in range(3)]
    for title, *cells in lines:
        rest = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        put("  ".join((title.ljust(widths[0]), *rest)))


def _record(report: TrialReport) -> dict[str, object]:
    return {
        "planned": report.planned,
        "stopped": report.stopped or None,
        "model": _score(report.model),
        "taught": _score(report.taught),
    }


def _score(score: TrialScore) -> dict[str, object]:
    return {
        "model": score.model,
        "photos": score.photos,
        "top_1": score.top_1,
        "top_3": score.top_3,
        "asked": score.asked,
        "unknown": score.unknown,
        "wrong": score.wrong,
        "failed": score.failed,
        "median_seconds": round(score.median_s, 3),
        "p95_seconds": round(score.p95_s, 3),
    }


COMMANDS: dict[str, Command] = {"try-model": try_model}
