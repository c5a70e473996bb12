"""The page of accuracy: its cards, its plots, and that nothing is cut at any size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, content_size, faults, show_at
from tests.gui.meter_report import LONG_NAME, report_of
from visionscan_kiosk.gui.accuracy_presenter import COUNTING, NOTHING_EVER, meter_view
from visionscan_kiosk.gui.accuracy_views import (
    AccuracyView,
    CalibrationPointView,
    CalibrationView,
    TrendPointView,
    TrendView,
)
from visionscan_kiosk.gui.screens.manager import ManagerPage, ManagerScreen
from visionscan_kiosk.gui.theme.palette import DARK, LIGHT, Palette, contrast
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.calibration_plot import CalibrationPlot
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.trend_plot import TrendPlot

VIEWS = {
    "nothing": AccuracyView("30", empty=NOTHING_EVER),
    "one thing": AccuracyView("7", meter_view(report_of(right=1, days=1))),
    "some": AccuracyView("30", meter_view(report_of(right=50, wrong=7, barcodes=60, by_model=3))),
    "very much": AccuracyView(
        "all",
        meter_view(report_of(right=9_876_543, wrong=999_999, barcodes=1_234_567, by_model=55_555, days=900)),
        trouble="The database does not answer. Trying again in a moment may help.",
    ),
}


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme) -> ManagerScreen:
    made = ManagerScreen(theme, PictureStore(theme), PictureStore(theme))
    qtbot.addWidget(made)
    made.open_page(ManagerPage.ACCURACY)
    return made


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_nothing_is_cut_at_any_size(screen: ManagerScreen, size: tuple[int, int], view: AccuracyView) -> None:
    screen.accuracy.show_view(view)
    show_at(screen, content_size(size))
    assert faults(screen) == []
    assert screen.grab().size().toTuple() == content_size(size)


def test_no_row_is_wider_than_the_page(screen: ManagerScreen) -> None:
    screen.accuracy.show_view(VIEWS["very much"])
    show_at(screen, content_size(SIZES[0]))
    page = screen.accuracy
    rights = [
        card.mapTo(page, card.rect().topRight()).x()
        for name in ("accuracy_missed", "accuracy_stages", "figure_seconds")
        if (card := page.findChild(QWidget, name)) is not None
    ]
    assert len(rights) == 3
    assert max(rights) < page.width()


def test_an_empty_meter_shows_no_figures(screen: ManagerScreen) -> None:
    screen.accuracy.show_view(VIEWS["nothing"])
    show_at(screen, content_size(SIZES[1]))
    assert set(NOTHING_EVER) <= set(texts(screen))
    assert "Right first time" not in texts(screen)


def test_figures_of_the_time_before_are_not_taken_for_new_ones(screen: ManagerScreen) -> None:
    screen.accuracy.show_view(replace(VIEWS["some"], is_loading=True, is_slow=True))
    show_at(screen, content_size(SIZES[1]))
    assert COUNTING in texts(screen)


def test_a_time_is_chosen_and_a_missed_product_is_taught(screen: ManagerScreen, qtbot: QtBot) -> None:
    screen.accuracy.show_view(VIEWS["some"])
    show_at(screen, content_size(SIZES[1]))
    pill = screen.findChild(QPushButton, "pill_90")
    teach = screen.findChild(QPushButton, "accuracy_teach")
    assert pill is not None
    assert teach is not None
    with qtbot.waitSignal(screen.accuracy.period_chosen) as chosen:
        qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert chosen.args == ["90"]
    assert teach.accessibleName() == "Teach Pear again"
    with qtbot.waitSignal(screen.accuracy.teach_requested) as asked:
        teach.click()
    meter = VIEWS["some"].meter
    assert meter is not None
    assert asked.args == [meter.missed[0].product_id]


def test_figures_and_plots_are_said_to_who_cannot_see_them(screen: ManagerScreen) -> None:
    screen.accuracy.show_view(VIEWS["some"])
    show_at(screen, content_size(SIZES[1]))
    names = {
        widget.objectName(): (widget.accessibleName(), widget.accessibleDescription())
        for widget in screen.accuracy.findChildren(QWidget)
    }
    assert "Sure and wrong: 6" in names["figure_wrong"][0]
    assert "117 things" in names["accuracy_trend"][1]
    assert names["accuracy_calibration"][1].startswith("Mean gap")


def test_words_stay_readable_when_one_is_very_long(screen: ManagerScreen) -> None:
    screen.accuracy.show_view(VIEWS["some"])
    show_at(screen, content_size(SIZES[0]))
    (detail,) = (text for text in texts(screen) if text.startswith("Taken for"))
    assert detail.replace("\u200b", "") == f"Taken for {LONG_NAME}, 7 times"
    assert max(len(word) for word in detail.replace("\u200b", " ").split()) <= 20


TREND = TrendView(
    "Day by day",
    tuple(TrendPointView(f"{day} Nov", day % 3, 0.9, 0.2) for day in range(1, 31)),
    "1 Nov: 90 % right first.",
)
CALIBRATION = CalibrationView(
    tuple(CalibrationPointView(tenth / 10, tenth / 10, 10**tenth) for tenth in range(11)), "", "Said."
)


def trend_plot(theme: Theme, points: tuple[TrendPointView, ...] = TREND.points) -> QWidget:
    plot = TrendPlot(theme)
    plot.show_view(TrendView("Day by day", points, ""))
    return plot


def calibration_plot(theme: Theme, points: tuple[CalibrationPointView, ...] = CALIBRATION.points) -> QWidget:
    plot = CalibrationPlot(theme)
    plot.show_view(CalibrationView(points, "", ""))
    return plot


def painted(qtbot: QtBot, plot: QWidget, size: tuple[int, int] = (480, 260)) -> QImage:
    qtbot.addWidget(plot)
    show_at(plot, size)
    return plot.grab().toImage()


@pytest.mark.parametrize("make", [trend_plot, calibration_plot])
def test_a_plot_shows_what_it_is_told(
    qtbot: QtBot, either_theme: Theme, make: Callable[..., QWidget]
) -> None:
    few = TREND.points[:3] if make is trend_plot else CALIBRATION.points[:3]
    images = [painted(qtbot, make(either_theme, points)) for points in ((), few[:1], few)]
    images.append(painted(qtbot, make(either_theme)))
    assert all(before != after for before, after in pairwise(images))
    accent = either_theme.color("accent").rgb()
    assert accent not in _colors(images[0])
    assert accent in _colors(images[-1])


@pytest.mark.parametrize("make", [trend_plot, calibration_plot])
def test_a_plot_is_not_mirrored(qtbot: QtBot, theme: Theme, make: Callable[..., QWidget]) -> None:
    left_to_right, right_to_left = make(theme), make(theme)
    right_to_left.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert painted(qtbot, left_to_right) == painted(qtbot, right_to_left)


def test_a_day_without_things_is_no_nought(qtbot: QtBot, theme: Theme) -> None:
    """What stands for a share of a day on which nothing was seen must not matter."""
    closed = [TrendPointView(point.label, point.seen, 0.0, 1.0) for point in TREND.points if point.seen == 0]
    points = tuple(closed.pop() if point.seen == 0 else point for point in TREND.points)
    renamed = tuple(
        TrendPointView(old.label, new.seen, new.first, new.asked)
        for old, new in zip(TREND.points, points, strict=True)
    )
    assert painted(qtbot, trend_plot(theme)) == painted(qtbot, trend_plot(theme, renamed))


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
@pytest.mark.parametrize("ink", ["accent", "ask_text", "control"])
def test_lines_and_bars_stand_out_from_their_card(palette: Palette, ink: str) -> None:
    assert contrast(getattr(palette, ink), palette.surface) >= 3


def _colors(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}
