"""The manager's page of accuracy: which time, and what was measured in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QStackedWidget, QWidget

from visionscan_kiosk.gui import accuracy_presenter as words
from visionscan_kiosk.gui.accuracy_views import AccuracyView, MeterView
from visionscan_kiosk.gui.screens.accuracy_parts import (
    FigureCard,
    MissedTable,
    StageTable,
    calibration_card,
    trend_card,
)
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_L, SPACE_M, SPACE_XL, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import IconLabel, column, frame, label, named, row
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.empty_state import EmptyState
from visionscan_kiosk.gui.widgets.notice import Notice
from visionscan_kiosk.gui.widgets.pills import Pills
from visionscan_kiosk.gui.widgets.product_picture import PictureStore


class AccuracyPanel(QWidget):
    """Shows an `AccuracyView`. `period_chosen` carries a value of PERIODS, `teach_requested` a product."""

    period_chosen = Signal(str)
    teach_requested = Signal(object)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._metrics = BASE
        self._shown: tuple[MeterView, ScreenMetrics] | None = None
        self.setObjectName("accuracy_panel")
        self._headline = named(label("", Role.DETAIL, "2", wrap=True), "accuracy_headline")
        self._trouble = named(Notice(theme, Tone.STOP), "accuracy_trouble")
        self._area = named(DragArea("Accuracy"), "accuracy_area")
        self._empty = EmptyState(theme, Icon.ACCURACY_LIGHT, "", "")
        self._blank = QWidget()
        self._empty_card = _card_around(self._empty)
        self._content = QStackedWidget()
        for page in (self._blank, self._area, self._empty_card):
            self._content.addWidget(page)
        self._parts = column(self, spacing=BASE.margin)
        self._parts.addLayout(self._make_head())
        self._parts.addWidget(self._trouble)
        self._parts.addWidget(self._content, 1)

    def show_view(self, view: AccuracyView) -> None:
        """Show the chosen time and its figures, or why there are none."""
        self._periods.select(view.period)
        self._trouble.set_text(view.trouble)
        headline = view.meter.headline if view.meter is not None else ""
        self._headline.setText(words.COUNTING if view.is_slow else headline)
        self._headline.setVisible(bool(self._headline.text()))
        if view.meter is not None:
            self._show_meter(view.meter)
            self._content.setCurrentWidget(self._area)
        elif view.empty is not None:
            self._empty.set_text(*view.empty)
            self._content.setCurrentWidget(self._empty_card)
        else:
            self._content.setCurrentWidget(self._blank)

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Choose sizes and distances by the size of the screen."""
        self._metrics = metrics
        self._parts.setSpacing(metrics.margin)
        if self._shown is not None:
            self._show_meter(self._shown[0])

    def _make_head(self) -> QBoxLayout:
        self._periods = named(Pills(self._theme, "Time"), "accuracy_periods")
        self._periods.set_options(words.PERIODS)
        self._periods.fit()
        self._periods.chosen.connect(self.period_chosen)
        titles = column(spacing=0)
        titles.addWidget(label("Accuracy", Role.HEAD))
        titles.addWidget(self._headline)
        head = row(spacing=SPACE_L)
        head.addLayout(titles, 1)
        head.addWidget(self._periods, 0, Qt.AlignmentFlag.AlignVCenter)
        return head

    def _show_meter(self, meter: MeterView) -> None:
        if self._shown != (meter, self._metrics):
            self._shown = (meter, self._metrics)
            self._area.setWidget(self._make_body(meter))

    def _make_body(self, meter: MeterView) -> QWidget:
        body = QWidget()
        gap = self._metrics.margin
        parts = column(body, spacing=gap)
        figures = row(spacing=min(gap, SPACE_L))
        for figure in meter.figures:
            figures.addWidget(FigureCard(self._theme, figure, self._metrics), 1)
        plots = row(spacing=gap)
        plots.addWidget(trend_card(self._theme, meter.trend, self._metrics), 1)
        plots.addWidget(calibration_card(self._theme, meter.calibration, self._metrics), 1)
        missed = MissedTable(self._theme, self._pictures, meter.missed, self._metrics)
        missed.teach_requested.connect(self.teach_requested)
        parts.addLayout(figures)
        parts.addWidget(self._make_note(meter.note))
        parts.addLayout(plots)
        parts.addWidget(missed)
        parts.addWidget(StageTable(meter.stages, self._metrics))
        parts.addStretch(1)
        return body

    def _make_note(self, text: str) -> QWidget:
        box = frame("accentbox")
        inside = row(box, (SPACE_L, SPACE_M, SPACE_L, SPACE_M), SPACE_M)
        inside.addWidget(IconLabel(self._theme, Icon.INFO, "accent_text"))
        inside.addWidget(named(label(text, Role.BODY, "accent", wrap=True), "accuracy_note"), 1)
        return box


def _card_around(content: QWidget) -> QFrame:
    card = frame("card")
    column(card, (SPACE_XL,) * 4).addWidget(content)
    return card
