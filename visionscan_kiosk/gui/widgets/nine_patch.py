"""The shadow of dialogs: drawn once, stretched for every size. A blur effect would cost every repaint."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

SPREAD: Final = 40
_RADIUS: Final = 16
_CORNER: Final = SPREAD + _RADIUS + 8
_SIDE: Final = 2 * _CORNER + 8
_DEPTH: Final = 8
_STRENGTH: Final = 80


def paint_shadow(painter: QPainter, card: QRect) -> None:
    """Paint a soft shadow around `card`, a little below it."""
    outer = card.adjusted(-SPREAD, -SPREAD + _DEPTH, SPREAD, SPREAD + _DEPTH)
    image = _shadow()
    for from_x, width_from, to_x, width_to in _spans(outer.left(), outer.width()):
        for from_y, height_from, to_y, height_to in _spans(outer.top(), outer.height()):
            painter.drawImage(
                QRect(to_x, to_y, width_to, height_to), image, QRect(from_x, from_y, width_from, height_from)
            )


def _spans(start: int, length: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return the three parts of one side as (source start, source length, target start, target length)."""
    middle = _SIDE - 2 * _CORNER
    return (
        (0, _CORNER, start, _CORNER),
        (_CORNER, middle, start + _CORNER, length - 2 * _CORNER),
        (_SIDE - _CORNER, _CORNER, start + length - _CORNER, _CORNER),
    )


@lru_cache(maxsize=1)
def _shadow() -> QImage:
    """Many faint rounded rectangles, each a little smaller, add up to a soft edge."""
    image = QImage(_SIDE, _SIDE, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    before = 0.0
    for step in range(SPREAD):
        target = _STRENGTH / 255 * ((step + 1) / SPREAD) ** 2.2
        painter.setBrush(QColor.fromRgbF(0.0, 0.0, 0.0, (target - before) / (1 - before)))
        radius = _RADIUS + (SPREAD - step) * 0.8
        painter.drawRoundedRect(QRectF(step, step, _SIDE - 2 * step, _SIDE - 2 * step), radius, radius)
        before = target
    painter.end()
    return image
