"""The cards of the page of accuracy. Each is made for one view and passive."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from visionscan_kiosk.gui import accuracy_presenter as words
from visionscan_kiosk.gui.accuracy_views import (
    CalibrationView,
    FigureView,
    MissedRowView,
    StageRowView,
    TrendView,
)
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, TARGET, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    IconLabel,
    column,
    frame,
    label,
    named,
    row,
    rule,
)
from visionscan_kiosk.gui.widgets.calibration_plot import CalibrationPlot
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, ProductPicture
from visionscan_kiosk.gui.widgets.trend_plot import TrendPlot

_LONG_WORD = re.compile(r"[^\W_]{12}(?=[^\W_]{4})")
_CELL = 96
_NARROW_CELL = 80
_PLOT = 240
_LOW_PLOT = 208
_TALL_PLOT = 320


class FigureCard(QFrame):
    """One large figure with its name above and where it comes from below."""

    def __init__(self, theme: Theme, view: FigureView, metrics: ScreenMetrics) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName(f"figure_{view.name}")
        self.setAccessibleName(f"{view.title}: {view.value}. {', '.join(view.details)}")
        edge = SPACE_M if metrics.is_compact else SPACE_L
        parts = column(self, (edge, SPACE_M, edge, SPACE_M), 0)
        parts.addWidget(_narrow(label(view.title, Role.LABEL, "2", wrap=True)))
        figure = row(spacing=SPACE_S)
        role = Role.TOTAL if metrics.is_compact else Role.CHANGE
        figure.addWidget(label(view.value, role, "stop" if view.is_warning else ""))
        if view.is_warning:
            figure.addWidget(IconLabel(theme, Icon.WARNING_CIRCLE, "stop_text"))
        figure.addStretch(1)
        parts.addLayout(figure)
        for detail in view.details:
            parts.addWidget(_narrow(label(detail, Role.DETAIL, "2", wrap=True)))
        parts.addStretch(1)


def trend_card(theme: Theme, view: TrendView, metrics: ScreenMetrics) -> QFrame:
    """Return the line over time."""
    plot = named(TrendPlot(theme), "accuracy_trend")
    plot.show_view(view)
    return _plot_card(view.title, "", plot, metrics)


def calibration_card(theme: Theme, view: CalibrationView, metrics: ScreenMetrics) -> QFrame:
    """Return what was stated against what was true."""
    plot = named(CalibrationPlot(theme), "accuracy_calibration")
    plot.show_view(view)
    return _plot_card(words.CALIBRATION_TITLE, view.gap_text, plot, metrics)


class StageTable(QFrame):
    """Every stage and model that answered, as rows."""

    def __init__(self, rows: tuple[StageRowView, ...], metrics: ScreenMetrics) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setObjectName("accuracy_stages")
        table = _Table("Stages and models", words.STAGE_COLUMNS, metrics)
        for view in rows:
            table.add_row(_names(view.name, view.model), view.cells)
        column(self, (SPACE_L,) * 4, SPACE_S).addLayout(table)


class MissedTable(QFrame):
    """The products most often missed; each leads to teaching it again."""

    teach_requested = Signal(object)

    def __init__(
        self,
        theme: Theme,
        pictures: PictureStore,
        rows: tuple[MissedRowView, ...],
        metrics: ScreenMetrics,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self.setProperty("kind", "card")
        self.setObjectName("accuracy_missed")
        parts = column(self, (SPACE_L,) * 4, SPACE_S)
        if not rows:
            parts.addWidget(label("Most often missed", Role.TITLE))
            parts.addWidget(label(words.NOTHING_MISSED, Role.BODY, "2", wrap=True))
            return
        table = _Table("Most often missed", words.MISSED_COLUMNS, metrics)
        for view in rows:
            table.add_row(self._make_head(view), view.cells, self._make_button(view))
        parts.addLayout(table)

    def _make_head(self, view: MissedRowView) -> QWidget:
        holder = QWidget()
        parts = row(holder, spacing=SPACE_M)
        picture = ProductPicture(self._pictures, self._theme, TARGET)
        picture.show_product(view.product_id, view.name, view.category)
        parts.addWidget(picture)
        parts.addWidget(_names(view.name, view.detail), 1)
        return holder

    def _make_button(self, view: MissedRowView) -> Button:
        made = named(Button(self._theme, "Teach", ButtonKind.OUTLINED, Icon.TEACH), "accuracy_teach")
        made.setAccessibleName(f"Teach {view.name} again")
        made.clicked.connect(partial(self.teach_requested.emit, view.product_id))
        return made


class _Table(QGridLayout):
    """A title with captions, then rows: something leading, figures in columns, and maybe a button."""

    def __init__(self, title: str, captions: tuple[str, ...], metrics: ScreenMetrics) -> None:
        super().__init__()
        self._cell_width = _NARROW_CELL if metrics.is_compact else _CELL
        self.setHorizontalSpacing(SPACE_S)
        self.setVerticalSpacing(SPACE_S)
        self.setColumnStretch(0, 1)
        self._columns = len(captions) + 1
        self.addWidget(label(title, Role.TITLE), 0, 0)
        for place, caption in enumerate(captions):
            self.addWidget(self._cell(label(caption, Role.LABEL, "2", wrap=True)), 0, place + 1)

    def add_row(self, leading: QWidget, cells: tuple[str, ...], button: QWidget | None = None) -> None:
        """Add a line and a row below it."""
        place = self.rowCount()
        self.addWidget(rule(), place, 0, 1, self._columns if button is None else self._columns + 1)
        self.addWidget(leading, place + 1, 0)
        for number, text in enumerate(cells):
            figure = label(text, Role.STRONG if number == 0 else Role.BODY)
            self.addWidget(self._cell(figure), place + 1, number + 1)
        if button is not None:
            self.setColumnMinimumWidth(self._columns, button.sizeHint().width() + SPACE_M)
            self.addWidget(button, place + 1, self._columns, Qt.AlignmentFlag.AlignRight)

    def _cell(self, text: QLabel) -> QLabel:
        text.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        text.setMinimumWidth(self._cell_width)
        return text


def _plot_card(title: str, aside: str, plot: QWidget, metrics: ScreenMetrics) -> QFrame:
    card = frame("card")
    parts = column(card, (SPACE_L, SPACE_M, SPACE_L, SPACE_M), SPACE_S)
    head = row(spacing=SPACE_S)
    head.addWidget(label(title, Role.STRONG), 1)
    head.addWidget(label(aside, Role.DETAIL, "2"))
    plot.setFixedHeight(_TALL_PLOT if metrics.is_wide else _LOW_PLOT if metrics.is_compact else _PLOT)
    parts.addLayout(head)
    parts.addWidget(plot)
    return card


def _names(name: str, detail: str) -> QWidget:
    holder = QWidget()
    parts = column(holder, spacing=SPACE_XS // 2)
    parts.addWidget(_narrow(label(_breakable(name), Role.STRONG, wrap=True)))
    parts.addWidget(_narrow(label(_breakable(detail), Role.DETAIL, "2", wrap=True)))
    return holder


def _breakable(text: str) -> str:
    """Let long words break: the end of a name tells products apart."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)


def _narrow(text: QLabel) -> QLabel:
    """Let a label be narrower than its longest word: one word must not widen the page."""
    text.setMinimumWidth(1)
    return text
