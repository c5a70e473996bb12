"""How sure the till said it was against how often it was right: dots beside a diagonal. Painted, passive."""

from __future__ import annotations

from math import sqrt

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.accuracy_views import CalibrationPointView, CalibrationView
from visionscan_kiosk.gui.theme.metrics import SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.plot_frame import (
    AT_LEFT,
    AT_RIGHT,
    GUTTER,
    ROW,
    PlotFrame,
    paint_levels,
    short_count,
    write,
)

_MARKS = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
_SMALLEST, _LARGEST = 4.0, 9.0


class CalibrationPlot(QWidget):
    """Shows a `CalibrationView`; what it shows is its accessible description too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: tuple[CalibrationPointView, ...] = ()
        self.setMinimumSize(280, 220)
        self.setAccessibleName("How sure it said it was, and how often it was right")
        theme.changed.connect(self.update)

    def show_view(self, view: CalibrationView) -> None:
        """Plot these points."""
        self._points = view.points
        self.setAccessibleDescription(view.description)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(360, 260)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint levels, diagonal, dots and how many things each dot is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        frame = PlotFrame(
            QRectF(GUTTER, ROW + SPACE_S, self.width() - GUTTER - 28, self.height() - 4 * ROW - 12)
        )
        write(painter, self._theme.color("text2"), QRectF(0, 0, self.width(), ROW), "Was right", AT_LEFT)
        paint_levels(painter, self._theme, frame)
        self._paint_scale(painter, frame)
        self._paint_diagonal(painter, frame)
        for point in self._points:
            self._paint_dot(painter, frame, point)
        self._paint_counts(painter, frame)
        painter.end()

    def _paint_scale(self, painter: QPainter, frame: PlotFrame) -> None:
        ink = self._theme.color("text2")
        for share, text in _MARKS:
            below = QRectF(frame.x(share) - GUTTER, frame.place.bottom() + 4, 2 * GUTTER, ROW)
            write(painter, ink, below, text)
        caption = QRectF(frame.place.left(), self.height() - ROW, frame.place.width(), ROW)
        write(painter, ink, caption, "Said it was this sure", AT_RIGHT)

    def _paint_diagonal(self, painter: QPainter, frame: PlotFrame) -> None:
        painter.setPen(QPen(self._theme.color("control"), 2, Qt.PenStyle.DashLine))
        painter.drawLine(frame.point(0, 0), frame.point(1, 1))

    def _paint_dot(self, painter: QPainter, frame: PlotFrame, point: CalibrationPointView) -> None:
        """Draw a dot as large as it has things, tied to where it ought to be."""
        middle = frame.point(point.stated, point.truth)
        painter.setPen(QPen(self._theme.color("accent"), 2))
        painter.drawLine(middle, QPointF(middle.x(), frame.y(point.stated)))
        most = max(entry.seen for entry in self._points)
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(point.seen / most)
        painter.setPen(QPen(self._theme.color("surface"), 2))
        painter.setBrush(self._theme.color("accent"))
        painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_counts(self, painter: QPainter, frame: PlotFrame) -> None:
        """Write under each tenth how many things it has: few things make a dot that means little."""
        top = frame.place.bottom() + 4 + ROW
        ink = self._theme.color("text")
        for point in self._points:
            tenth = min(int(point.stated * 10), 9) / 10 + 0.05
            below = QRectF(frame.x(tenth) - ROW, top, 2 * ROW, ROW)
            write(painter, ink, below, short_count(point.seen))
        beside = QRectF(0, top, frame.place.left() - SPACE_S, ROW)
        write(painter, self._theme.color("text2"), beside, "Things", AT_RIGHT)
