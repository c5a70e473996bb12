"""The basket's lines, newest last and in sight; it says how many lie above what is shown."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.metrics import BASE, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import LineView
from visionscan_kiosk.gui.widgets.basics import column
from visionscan_kiosk.gui.widgets.line_row import LineRow
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.touch_list import TouchList


class LineList(TouchList):
    """Rows are kept and filled again, so that a changed quantity does not rebuild the list."""

    quantity_changed = Signal(object, int)
    quantity_keyed = Signal(object)
    removed = Signal(object)
    chosen = Signal(object)
    hidden_above = Signal(int)

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        content = QWidget()
        self._rows_layout = column(content, spacing=0)
        super().__init__(content)
        self._theme = theme
        self._pictures = pictures
        self._metrics = BASE
        self._rows: list[LineRow] = []
        self._lines: tuple[LineView, ...] = ()
        self._rows_layout.addStretch()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._count_hidden)

    @property
    def rows(self) -> list[LineRow]:
        """The rows in use, oldest first."""
        return self._rows[: len(self._lines)]

    def show_lines(self, lines: tuple[LineView, ...]) -> None:
        """Show these lines; a new one, or one that got pieces, is scrolled into sight."""
        is_longer = len(lines) > len(self._lines)
        added = _added(lines)
        is_raised = added != _added(self._lines)
        self._lines = lines
        while len(self._rows) < len(lines):
            self._add_row()
        for line, row in zip(lines, self._rows, strict=False):
            row.show_line(line, self._metrics)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(lines))
        if is_longer or is_raised:
            self._bring(added)
        self._count_hidden()

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self._metrics = metrics
        self.show_lines(self._lines)

    def page_up(self) -> None:
        """Show the lines above."""
        bar = self.verticalScrollBar()
        bar.setValue(max(0, bar.value() - self.viewport().height() + self._metrics.line_height))

    def _add_row(self) -> None:
        row = LineRow(self._theme, self._pictures)
        row.quantity_changed.connect(self.quantity_changed)
        row.quantity_keyed.connect(self.quantity_keyed)
        row.removed.connect(self.removed)
        row.chosen.connect(self.chosen)
        self._rows_layout.insertWidget(len(self._rows), row)
        self._rows.append(row)

    def _range_changed(self) -> None:
        self._bring(_added(self._lines))
        self._count_hidden()

    def _bring(self, added: LineView | None) -> None:
        """The rows are laid out anew first: a row has no place before."""
        self._rows_layout.activate()
        if added is None:
            self.scroll_to_end()
        else:
            self.ensureWidgetVisible(self._rows[self._lines.index(added)], 0, 0)

    def _count_hidden(self) -> None:
        """Count a line as hidden when its top is out of sight."""
        top = self.verticalScrollBar().value()
        self.hidden_above.emit(sum(1 for row in self.rows if row.y() < top))


def _added(lines: tuple[LineView, ...]) -> LineView | None:
    """Return the line that was added or raised last, while the basket says which."""
    return next((line for line in lines if line.is_new), None)
