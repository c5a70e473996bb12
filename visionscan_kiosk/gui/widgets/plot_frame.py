"""What plots of shares have in common: the frame from 0 to 100 %, its lines and its words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from visionscan_kiosk.gui.theme.metrics import SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font

GUTTER = 52
"""Room for `100 %` beside the frame."""
ROW = 22
"""The height of one row of words."""
AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
AT_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
AT_CENTRE = Qt.AlignmentFlag.AlignHCenter
"""Absolute: a plot is not mirrored, time runs rightwards in it."""
_MARKS = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class PlotFrame:
    """Maps shares to pixels: x 0..1 from left to right, y 0..1 from bottom to top."""

    place: QRectF

    def x(self, share: float) -> float:
        """Return where a share of the width lies."""
        return self.place.left() + share * self.place.width()

    def y(self, share: float) -> float:
        """Return where a share lies upright."""
        return self.place.bottom() - share * self.place.height()

    def point(self, x: float, y: float) -> QPointF:
        """Return where two shares meet."""
        return QPointF(self.x(x), self.y(y))


def paint_levels(painter: QPainter, theme: Theme, frame: PlotFrame) -> None:
    """Draw the lines at 0, 50 and 100 % and write them at the left."""
    for share in _MARKS:
        y = round(frame.y(share)) + 0.5
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(QPointF(frame.place.left(), y), QPointF(frame.place.right(), y))
        beside = QRectF(0, y - ROW / 2, frame.place.left() - SPACE_S, ROW)
        write(painter, theme.color("text2"), beside, f"{100 * share:.0f} %", AT_RIGHT)


def write(
    painter: QPainter, ink: QColor, place: QRectF, text: str, align: Qt.AlignmentFlag = AT_CENTRE
) -> None:
    """Write one row of small words."""
    painter.setFont(font(Role.LABEL))
    painter.setPen(ink)
    painter.drawText(place, align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)


def text_width(text: str) -> float:
    """Return how wide small words are."""
    return QFontMetricsF(font(Role.LABEL)).horizontalAdvance(text)


def short_count(count: int) -> str:
    """Return a count in at most four characters up to a million: `999`, `1.2k`, `12k`."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.1f}k" if count < 9950 else f"{count / 1000:.0f}k"
