"""Two shares over time as lines, and how much was seen as bars below. Painted, passive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.accuracy_views import TrendPointView, TrendView
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_S, SPACE_XL
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.plot_frame import (
    AT_LEFT,
    AT_RIGHT,
    GUTTER,
    ROW,
    PlotFrame,
    paint_levels,
    short_count,
    text_width,
    write,
)

_BARS = 28
_BAR = 12
_SAMPLE = 28
_MANY = 31


@dataclass(frozen=True, slots=True)
class _Line:
    """One of the lines: told apart by dashes and marks, not by its colour alone."""

    name: str
    ink: str
    is_dashed: bool
    share: Callable[[TrendPointView], float]


_LINES = (
    _Line("Right first time", "accent", is_dashed=False, share=lambda point: point.first),
    _Line("Asked", "ask_text", is_dashed=True, share=lambda point: point.asked),
)
_BARS_NAME = "Things seen"


class TrendPlot(QWidget):
    """Shows a `TrendView`; what it shows is its accessible description too."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points: tuple[TrendPointView, ...] = ()
        self.setMinimumSize(320, 220)
        theme.changed.connect(self.update)

    def show_view(self, view: TrendView) -> None:
        """Plot these points."""
        self._points = view.points
        self.setAccessibleName(f"{view.title}: right first time, and asked")
        self.setAccessibleDescription(view.description)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a comfortable size."""
        return QSize(560, 260)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint legend, levels, bars, lines and dates."""
        if not self._points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        frame = PlotFrame(
            QRectF(GUTTER, ROW + SPACE_L, self.width() - 2 * GUTTER, self.height() - 2 * ROW - _BARS - 44)
        )
        self._paint_legend(painter)
        paint_levels(painter, self._theme, frame)
        self._paint_bars(painter, frame)
        for line in _LINES:
            self._paint_line(painter, frame, line)
        self._paint_newest(painter, frame)
        self._paint_dates(painter, frame)
        painter.end()

    def _paint_legend(self, painter: QPainter) -> None:
        left = 2.0
        for line in _LINES:
            middle = QPointF(left + _SAMPLE / 2, ROW / 2)
            self._stroke(painter, line, [QPointF(left, middle.y()), QPointF(left + _SAMPLE, middle.y())])
            self._mark(painter, line, middle, 4)
            left = self._name(painter, line.name, left)
        self._bar(painter, QRectF(left, ROW / 2 - 7, _BAR, 14))
        self._name(painter, _BARS_NAME, left + _BAR - _SAMPLE)

    def _name(self, painter: QPainter, name: str, left: float) -> float:
        """Write a name of the legend behind its sample; return where the next one begins."""
        place = QRectF(left + _SAMPLE + SPACE_S, 0, text_width(name), ROW)
        write(painter, self._theme.color("text2"), place, name, AT_LEFT)
        return place.right() + SPACE_L + SPACE_S

    def _paint_bars(self, painter: QPainter, frame: PlotFrame) -> None:
        most = max(point.seen for point in self._points)
        foot = frame.place.bottom() + SPACE_XL + _BARS
        wide = min(20.0, max(2.0, frame.place.width() / len(self._points) * 0.6))
        for place, point in enumerate(self._points):
            high = _BARS * point.seen / most if most else 0.0
            self._bar(painter, QRectF(self._x(frame, place) - wide / 2, foot - high, wide, high))
        for count, y in ((most, foot - _BARS), (0, foot)):
            painter.setPen(QPen(self._theme.color("line"), 1))
            painter.drawLine(QPointF(frame.place.left(), y), QPointF(frame.place.right(), y))
            beside = QRectF(0, y - ROW / 2, frame.place.left() - SPACE_S, ROW)
            write(painter, self._theme.color("text2"), beside, short_count(count), AT_RIGHT)

    def _bar(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, self._theme.color("control"))

    def _paint_line(self, painter: QPainter, frame: PlotFrame, line: _Line) -> None:
        """Draw through the days on which something was seen; a day without is no nought."""
        points = [
            QPointF(self._x(frame, place), frame.y(line.share(point)))
            for place, point in enumerate(self._points)
            if point.seen
        ]
        self._stroke(painter, line, points)
        for point in points:
            self._mark(painter, line, point, 4 if len(self._points) <= _MANY else 3)

    def _stroke(self, painter: QPainter, line: _Line, points: Sequence[QPointF]) -> None:
        pen = QPen(self._theme.color(line.ink), 2.5)
        pen.setStyle(Qt.PenStyle.DashLine if line.is_dashed else Qt.PenStyle.SolidLine)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF([*points]))

    def _mark(self, painter: QPainter, line: _Line, middle: QPointF, radius: float) -> None:
        ink = self._theme.color(line.ink)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(self._theme.color("surface") if line.is_dashed else ink)
        if line.is_dashed:
            painter.drawRect(QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius))
        else:
            painter.drawEllipse(middle, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_newest(self, painter: QPainter, frame: PlotFrame) -> None:
        """Write the newest shares beside the lines, one above the other where they would touch."""
        newest = next((point for point in reversed(self._points) if point.seen), None)
        if newest is None:
            return
        upper, lower = sorted((line.share(newest) for line in _LINES), reverse=True)
        high = min(frame.y(upper), frame.place.bottom() - ROW)
        low = max(frame.y(lower), high + ROW - 4)
        for share, y in ((upper, high), (lower, low)):
            beside = QRectF(frame.place.right() + SPACE_S, y - ROW / 2, GUTTER - SPACE_S, ROW)
            write(painter, self._theme.color("text"), beside, f"{100 * share:.0f} %", AT_LEFT)

    def _paint_dates(self, painter: QPainter, frame: PlotFrame) -> None:
        top = frame.place.bottom() + SPACE_XL + _BARS + SPACE_S / 2
        for place in self._dated(frame.place.width()):
            below = QRectF(self._x(frame, place) - GUTTER, top, 2 * GUTTER, ROW)
            write(painter, self._theme.color("text2"), below, self._points[place].label)

    def _dated(self, width: float) -> range:
        """Return which points get their date: the newest, and every so many before it."""
        widest = max(text_width(point.label) for point in self._points) + SPACE_L
        step = max(1, -int(-widest * len(self._points) // width))
        return range(len(self._points) - 1, -1, -step)

    def _x(self, frame: PlotFrame, place: int) -> float:
        return frame.x((place + 0.5) / len(self._points))
