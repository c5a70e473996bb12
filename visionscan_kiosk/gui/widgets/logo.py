"""The till's mark: a view finder around a dot."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.painting import rounded


class Logo(QWidget):
    """Drawn, so that it is sharp at every size and follows the theme."""

    def __init__(self, theme: Theme, size: int = 40) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the mark."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(rounded(QRectF(self.rect()), self.width() / 4), self._theme.color("accent"))
        scale = self.width() / 40
        painter.translate(self.width() / 2, self.height() / 2)
        pen = QPen(self._theme.color("on_accent"), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for across, down in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
            painter.save()
            painter.scale(scale * across, scale * down)
            painter.drawPath(_corner())
            painter.restore()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("on_accent"))
        painter.drawEllipse(QPointF(0, 0), 4.5 * scale, 4.5 * scale)
        painter.end()


def _corner() -> QPainterPath:
    path = QPainterPath(QPointF(-11, -5))
    path.lineTo(-11, -8)
    path.quadTo(-11, -11, -8, -11)
    path.lineTo(-5, -11)
    return path
