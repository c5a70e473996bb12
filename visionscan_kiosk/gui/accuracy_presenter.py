"""From the meter's report to what the page "Accuracy" shows, in words. No service, no Qt."""

from __future__ import annotations

from datetime import datetime

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.gui.accuracy_views import (
    CalibrationPointView,
    CalibrationView,
    FigureView,
    MeterView,
    MissedRowView,
    StageRowView,
    TrendPointView,
    TrendView,
)
from visionscan_kiosk.services.accuracy_period import Step
from visionscan_kiosk.services.accuracy_report import (
    Accuracy,
    AccuracyReport,
    AccuracyStep,
    ProductAccuracy,
    StageAccuracy,
)
from visionscan_kiosk.services.accuracy_storage import DecidedBy

PERIODS = (("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("all", "All"))
"""What can be chosen, as (value, text)."""
NOTHING_EVER = (
    "Nothing measured yet",
    "Teach a few products, then sell: every tap on what the till saw, and every barcode, is counted here.",
)
NOTHING_NOW = ("Nothing measured in this time", "Choose a longer one above.")
STAGE_COLUMNS = ("Seen", "Right first", "Among 3", "Asked", "Sure, wrong", "Half within", "Gap, points")
MISSED_COLUMNS = ("Seen", "Right first", "Asked", "Sure, wrong")
COUNTING = "Counting"
NOTHING_MISSED = "No product was missed."
CALIBRATION_TITLE = "Stated and true"
CALIBRATION_HELP = "On the dashed line it is as often right as it says. Below it, it says too much."

_FEW = 50
_NO_BREAK = "\u00a0"
_MOST_MISSED = 10
_SOURCES = {
    DetectionSource.BARCODE: "Barcodes",
    DetectionSource.TAUGHT: "Taught products",
    DetectionSource.LABEL: "Labels",
    DetectionSource.OLLAMA: "Vision model",
}
_STEPS = {Step.DAY: "Day by day", Step.WEEK: "Week by week", Step.MONTH: "Month by month"}
_BREAKABLE = str.maketrans({mark: f"{mark}\u200b" for mark in "/-_:."})


def days_of(period: str) -> int | None:
    """Return how many days a value of PERIODS means, None for all."""
    return int(period) if period.isdecimal() else None


def meter_view(report: AccuracyReport) -> MeterView | None:
    """Return what the page shows of a report, None when nothing was measured in its period."""
    main = report.main_stage
    if main is None:
        return None
    missed = [row for row in report.products if row.stage == main.stage and row.accuracy.missed]
    return MeterView(
        headline=_headline(main, report.period.since),
        note=_note(main),
        figures=_figures(main),
        trend=_trend(main, report.period.step),
        calibration=_calibration(main),
        stages=tuple(_stage_row(entry) for entry in report.stages),
        missed=tuple(_missed_row(row) for row in missed[:_MOST_MISSED]),
    )


def percent(part: int, whole: int) -> str:
    """Return a share such as `91 %`; neither none nor all is said of what is only nearly so."""
    share = 100 * part / whole if whole else 0.0
    rounded = f"{share:.0f}"
    if 0 < part < whole and (rounded in {"0", "100"} or share < 10):
        rounded = f"{min(max(share, 0.1), 99.9):.1f}"
    return f"{rounded}{_NO_BREAK}%"


def seconds(value: float) -> str:
    """Return a duration such as `0.05 s`."""
    if value < 0.01:
        return f"under 0.01{_NO_BREAK}s"
    return f"{value:.2f}{_NO_BREAK}s" if value < 10 else f"{value:.0f}{_NO_BREAK}s"


def _things(count: int) -> str:
    return f"{count:,} {'thing' if count == 1 else 'things'}"


def _headline(main: StageAccuracy, since: datetime) -> str:
    begin = f"{since.day} {since:%b %Y}"
    return f"{_SOURCES[main.stage.source]}: {_things(main.accuracy.seen)} since {begin}"


def _note(main: StageAccuracy) -> str:
    """Say how far the figures can be believed."""
    by_barcode, by_person = main.by[DecidedBy.BARCODE].seen, main.by[DecidedBy.PERSON].seen
    if main.accuracy.seen < _FEW:
        return f"Only {_things(main.accuracy.seen)} so far: these figures may still change a lot."
    if by_barcode == 0:
        return "Nothing was settled by a barcode yet. People tap what is offered, so these figures flatter."
    return (
        f"By barcode {by_barcode:,}, by tap {by_person:,}. People tap what is offered, so taps flatter; "
        "barcodes do not."
    )


def _figures(main: StageAccuracy) -> tuple[FigureView, ...]:
    measured = main.accuracy
    return (
        FigureView(
            "first",
            "Right first time",
            percent(measured.top_1, measured.seen),
            _split(main, "top_1"),
        ),
        FigureView(
            "three",
            "Among the first three",
            percent(measured.top_3, measured.seen),
            _split(main, "top_3"),
        ),
        FigureView(
            "asked",
            "A person was asked",
            percent(measured.asked, measured.seen),
            (f"Sure: {measured.sure:,} of {measured.seen:,}", f"Not known: {measured.unknown:,}"),
        ),
        FigureView(
            "wrong",
            "Sure and wrong",
            percent(measured.wrong, measured.seen),
            (f"{measured.wrong:,} of {measured.sure:,} sure answers", *_strangers(main)),
            is_warning=measured.wrong + main.strangers_sure > 0,
        ),
        FigureView(
            "seconds",
            "Time for a thing",
            seconds(main.accuracy.seconds),
            (
                f"Half within {seconds(main.seconds_p50)}",
                f"95{_NO_BREAK}% within {seconds(main.seconds_p95)}",
            ),
        ),
    )


def _strangers(main: StageAccuracy) -> tuple[str, ...]:
    """Say how often it was sure of a thing that nobody had shown it."""
    if main.strangers == 0:
        return ()
    return (f"{main.strangers_sure:,} of {main.strangers:,} never taught",)


def _split(main: StageAccuracy, count: str) -> tuple[str, ...]:
    """Say a share by what decided: barcodes first, they are unbiased."""
    parts = (("Barcodes", main.by[DecidedBy.BARCODE]), ("Taps", main.by[DecidedBy.PERSON]))
    return tuple(
        f"{words}: {percent(getattr(measured, count), measured.seen)}"
        for words, measured in parts
        if measured.seen
    )


def _trend(main: StageAccuracy, step: Step) -> TrendView:
    points = tuple(
        TrendPointView(
            _step_label(entry.start, step),
            entry.seen,
            entry.top_1 / entry.seen if entry.seen else 0.0,
            entry.asked / entry.seen if entry.seen else 0.0,
        )
        for entry in main.steps
    )
    return TrendView(_STEPS[step], points, " ".join(_said(entry, step) for entry in main.steps if entry.seen))


def _step_label(start: datetime, step: Step) -> str:
    return f"{start:%b %y}" if step is Step.MONTH else f"{start.day} {start:%b}"


def _said(entry: AccuracyStep, step: Step) -> str:
    first, asked = percent(entry.top_1, entry.seen), percent(entry.asked, entry.seen)
    return f"{_step_label(entry.start, step)}: {first} right first, {asked} asked, {_things(entry.seen)}."


def _calibration(main: StageAccuracy) -> CalibrationView:
    points = tuple(CalibrationPointView(point.stated, point.truth, point.seen) for point in main.calibration)
    said = (
        f"Stated {percent(round(1000 * point.stated), 1000)}, "
        f"right {percent(point.right, point.seen)} of {point.seen:,}."
        for point in main.calibration
    )
    points_apart = round(100 * main.calibration_error)
    gap = f"Mean gap {points_apart} {'point' if points_apart == 1 else 'points'}"
    return CalibrationView(points, gap, " ".join((f"{gap}.", *said)))


def _stage_row(entry: StageAccuracy) -> StageRowView:
    measured = entry.accuracy
    cells = (
        f"{measured.seen:,}",
        *_shares(measured, measured.top_1, measured.top_3, measured.asked, measured.wrong),
        seconds(entry.seconds_p50),
        str(round(100 * entry.calibration_error)),
    )
    return StageRowView(_SOURCES[entry.stage.source], entry.stage.model.translate(_BREAKABLE), cells)


def _missed_row(row: ProductAccuracy) -> MissedRowView:
    measured = row.accuracy
    cells = (f"{measured.seen:,}", *_shares(measured, measured.top_1, measured.asked, measured.wrong))
    product = row.product
    return MissedRowView(product.id, product.name, product.category, _taken_for(row), cells)


def _taken_for(row: ProductAccuracy) -> str:
    if row.confusion is None:
        return "Not known when it was missed"
    name, times = row.confusion.taken_for.name, row.confusion.times
    return f"Taken for {name}" if times == 1 else f"Taken for {name}, {times:,} times"


def _shares(measured: Accuracy, *counts: int) -> tuple[str, ...]:
    return tuple(percent(count, measured.seen) for count in counts)
