"""How far something is that takes minutes. While nobody knows how long, the bar is empty."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.theme import Theme

_HEIGHT = 8


class ProgressBar(QWidget):
    """A flat bar that fills in reading direction; a screen reader hears the share."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        theme.changed.connect(self.update)

    @property
    def share(self) -> float:
        """The part that is done, 0..1."""
        return self._share

    def set_progress(self, done: int, planned: int) -> None:
        """Show that so much of so much is done; `planned` 0 means that nobody knows yet."""
        self._share = min(1.0, done / planned) if planned else 0.0
        self.setAccessibleName(f"{self._share:.0%} done")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a width that any place has."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the track and what is done of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        track = QRectF(self.rect())
        self._bar(painter, track, "sunken")
        done = QRectF(track)
        done.setWidth(track.width() * self._share)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            done.moveRight(track.right())
        if done.width() >= _HEIGHT:
            self._bar(painter, done, "accent")
        painter.end()

    def _bar(self, painter: QPainter, place: QRectF, ink: str) -> None:
        painter.setBrush(self._theme.color(ink))
        painter.drawRoundedRect(place, _HEIGHT / 2, _HEIGHT / 2)
