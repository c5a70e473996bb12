"""The words and figures of the page of accuracy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gui.meter_report import LONG_NAME, report_of
from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.gui.accuracy_presenter import days_of, meter_view, percent, seconds
from visionscan_kiosk.gui.accuracy_views import MeterView
from visionscan_kiosk.services.accuracy_storage import Stage

NO_BREAK = "\u00a0"


def view_of(**fields: Any) -> MeterView:
    view = meter_view(report_of(**fields))
    assert view is not None
    return view


def plain(*texts: str) -> tuple[str, ...]:
    """Return texts with ordinary spaces."""
    return tuple(text.replace(NO_BREAK, " ") for text in texts)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "0 %"),
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (91, 100, "91 %"),
        (9999, 10000, "99.9 %"),
        (1, 100000, "0.1 %"),
        (2, 300, "0.7 %"),
        (299, 300, "99.7 %"),
    ],
)
def test_nearly_all_is_not_all_and_nearly_none_is_not_none(part: int, whole: int, text: str) -> None:
    assert plain(percent(part, whole)) == (text,)


@pytest.mark.parametrize(
    ("value", "text"), [(0.0004, "under 0.01 s"), (0.046, "0.05 s"), (3.21, "3.21 s"), (48.4, "48 s")]
)
def test_seconds_are_said_as_exactly_as_they_matter(value: float, text: str) -> None:
    assert plain(seconds(value)) == (text,)


def test_periods_are_days_or_all() -> None:
    assert (days_of("7"), days_of("90"), days_of("all")) == (7, 90, None)


def test_nothing_measured_has_no_figures() -> None:
    assert meter_view(report_of(right=0, wrong=0)) is None


def test_what_decided_stands_below_the_figures() -> None:
    first = view_of(right=65, wrong=10, barcodes=60).figures[0]
    assert plain(first.value, *first.details) == ("93 %", "Barcodes: 86 %", "Taps: 100 %")


def test_the_note_says_how_far_to_believe() -> None:
    assert "Only 8 things" in view_of(right=4, barcodes=4).note
    assert "Nothing was settled by a barcode yet" in view_of(right=90).note
    assert view_of(right=90, barcodes=60).note.startswith("By barcode 60, by tap 90.")


def test_sure_and_wrong_deserves_attention() -> None:
    fine, wrong = view_of(right=90), view_of(right=90, wrong=3)
    assert [figure.is_warning for figure in fine.figures] == [False] * 5
    assert [figure.name for figure in wrong.figures if figure.is_warning] == ["wrong"]
    assert wrong.figures[3].details == ("3 of 93 sure answers",)


def test_what_was_never_taught_counts_for_itself() -> None:
    view = view_of(right=90, strangers=4)
    assert plain(view.figures[0].value) == ("100 %",)
    assert view.missed == ()
    assert view.figures[3].details == ("0 of 90 sure answers", "4 of 4 never taught")
    assert view.figures[3].is_warning
    assert meter_view(report_of(right=0, strangers=4)) is None


def test_missed_products_say_what_they_were_taken_for() -> None:
    (row,) = view_of(right=90, wrong=3).missed
    assert (row.name, row.detail) == ("Pear", f"Taken for {LONG_NAME}, 3 times")
    assert plain(*row.cells) == ("3", "0 %", "0 %", "100 %")


def test_plots_are_said_in_words_too() -> None:
    view = view_of(right=90, wrong=10)
    over_time, stated = plain(view.trend.description, view.calibration.description)
    assert over_time.endswith("22 Nov: 90 % right first, 0 % asked, 100 things.")
    assert stated == "Mean gap 5 points. Stated 95 %, right 90 % of 100."


def test_other_stages_stand_in_the_table_only() -> None:
    view = view_of(right=90, by_model=7)
    assert [(row.name, row.cells[0]) for row in view.stages] == [
        ("Vision model", "7"),
        ("Taught products", "90"),
    ]
    assert view.headline.startswith("Taught products: 90 things since")


@pytest.mark.parametrize("source", DetectionSource)
def test_every_stage_has_a_name_for_the_shop(source: DetectionSource) -> None:
    view = view_of(right=0, by_model=60, model=Stage(source, "any"))
    assert view.stages[0].name != source.value


def test_without_a_recogniser_the_model_is_measured() -> None:
    view = view_of(right=0, by_model=60)
    assert view.headline.startswith("Vision model: 60 things")
