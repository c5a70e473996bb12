"""The pictures that were taken while a product was shown, each with what became of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.manager_views import ShownPictureState, ShownPictureView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.painting import mirrored, rounded

_SIDE = 64
_PLACES = 8
_BADGE = 24
_BADGES = {
    ShownPictureState.KEPT: (Icon.CHECK, "sure", "on_sure"),
    ShownPictureState.REFUSED: (Icon.CLOSE, "stop", "on_stop"),
}
_WORDS = {
    ShownPictureState.WAITING: "taken",
    ShownPictureState.KEPT: "kept",
    ShownPictureState.REFUSED: "not used",
}


class ShownPictures(QWidget):
    """A row of eight places; those without a picture yet are dashed. A refused one is dim with a cross."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pictures: tuple[ShownPictureView, ...] = ()
        self._images: list[QImage] = []
        self.setObjectName("shown_pictures")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_pictures(())
        theme.changed.connect(self.update)

    def show_pictures(self, pictures: tuple[ShownPictureView, ...]) -> None:
        """Show these, in the order they were taken."""
        self._pictures = pictures
        self._images = [_image(picture) for picture in pictures]
        said = (f"Picture {place + 1} {_WORDS[picture.state]}" for place, picture in enumerate(pictures))
        self.setAccessibleName(", ".join(said) or "No pictures taken yet")
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for eight pictures."""
        return QSize(_PLACES * (_SIDE + SPACE_S), _SIDE)

    def minimumSizeHint(self) -> QSize:
        """Return the least: they shrink with the width."""
        return QSize(_PLACES * 40, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint all places."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for place in range(_PLACES):
            box = self._box(place)
            if place < len(self._pictures):
                self._paint_picture(painter, place, box)
            else:
                self._paint_empty(painter, box)
        painter.end()

    def _box(self, place: int) -> QRect:
        side = min(_SIDE, (self.width() - (_PLACES - 1) * SPACE_S) // _PLACES)
        return mirrored(self, QRect(place * (side + SPACE_S), 0, side, side))

    def _paint_picture(self, painter: QPainter, place: int, box: QRect) -> None:
        state = self._pictures[place].state
        painter.save()
        painter.setClipPath(rounded(QRectF(box), 10))
        image = self._images[place]
        side = min(image.width(), image.height())
        middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        painter.drawImage(box, image, middle)
        if state is ShownPictureState.REFUSED:
            painter.fillRect(box, QColor(0, 0, 0, 140))
        painter.restore()
        if state in _BADGES:
            self._paint_badge(painter, box, *_BADGES[state])

    def _paint_badge(self, painter: QPainter, box: QRect, icon: Icon, ground: str, ink: str) -> None:
        badge = QRect(box.right() - _BADGE - 1, box.bottom() - _BADGE - 1, _BADGE, _BADGE)
        painter.fillPath(rounded(QRectF(badge), _BADGE / 2), self._theme.color(ground))
        drawn = self._theme.pixmap(icon, ink, 16, self.devicePixelRatioF())
        painter.drawPixmap(badge.adjusted(4, 4, -4, -4), drawn)

    def _paint_empty(self, painter: QPainter, box: QRect) -> None:
        pen = painter.pen()
        pen.setColor(self._theme.color("control"))
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 10, 10)


def _image(picture: ShownPictureView) -> QImage:
    pixels = np.ascontiguousarray(picture.pixels)
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_BGR888).copy()
