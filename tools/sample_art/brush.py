"""Paths, fills and letters: the few strokes everything is drawn with. Light falls from the left."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QLinearGradient,
    QPainter,
    QPainterPath,
    QPen,
    QRadialGradient,
)

Paint = str | QColor | QBrush | QLinearGradient | QRadialGradient


def colour(name: str, alpha: int = 255) -> QColor:
    """Return a colour with an opacity of 0..255."""
    result = QColor(name)
    result.setAlpha(alpha)
    return result


def darker(name: str, percent: int) -> QColor:
    return QColor(name).darker(percent)


def lighter(name: str, percent: int) -> QColor:
    return QColor(name).lighter(percent)


def outline(*points: tuple[float, ...], is_closed: bool = True) -> QPainterPath:
    """Return a path: two numbers are a straight line, four a quadratic and six a cubic curve."""
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        if len(point) == 2:
            path.lineTo(*point)
        elif len(point) == 4:
            path.quadTo(*point)
        else:
            path.cubicTo(*point)
    if is_closed:
        path.closeSubpath()
    return path


def rounded(x: float, y: float, width: float, height: float, radius: float = 2) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(x, y, width, height), radius, radius)
    return path


def ellipse(x: float, y: float, radius_x: float, radius_y: float) -> QPainterPath:
    path = QPainterPath()
    path.addEllipse(QPointF(x, y), radius_x, radius_y)
    return path


def fill(painter: QPainter, path: QPainterPath, paint: Paint) -> None:
    painter.fillPath(path, QBrush(QColor(paint)) if isinstance(paint, str) else QBrush(paint))


def stroke(painter: QPainter, path: QPainterPath, paint: Paint, width: float) -> None:
    pen = QPen(QBrush(QColor(paint)) if isinstance(paint, str) else QBrush(paint), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.strokePath(path, pen)


def down(top: float, bottom: float, *stops: tuple[float, Paint]) -> QLinearGradient:
    """Return a gradient from top to bottom."""
    gradient = QLinearGradient(0, top, 0, bottom)
    for place, paint in stops:
        gradient.setColorAt(place, QColor(paint))
    return gradient


def round_light(x: float, y: float, radius: float, *stops: tuple[float, Paint]) -> QRadialGradient:
    """Return a gradient outwards from a lit point."""
    gradient = QRadialGradient(x, y, radius)
    for place, paint in stops:
        gradient.setColorAt(place, QColor(paint))
    return gradient


def shade(painter: QPainter, path: QPainterPath, strength: int = 34, dark_from: float = 0.55) -> None:
    """Give a body volume: a lit left edge, a dark right one."""
    box = path.boundingRect()
    gradient = QLinearGradient(box.left(), 0, box.right(), 0)
    gradient.setColorAt(0, colour("#ffffff", strength))
    gradient.setColorAt(0.22, colour("#ffffff", 0))
    gradient.setColorAt(dark_from, colour("#000000", 0))
    gradient.setColorAt(1, colour("#000000", strength + 10))
    painter.fillPath(path, QBrush(gradient))


def within(painter: QPainter, area: QPainterPath, path: QPainterPath, paint: Paint) -> None:
    """Fill the part of `path` that lies inside `area`."""
    fill(painter, path.intersected(area), paint)


def gleam(painter: QPainter, x: float, y: float, width: float, height: float, alpha: int = 90) -> None:
    """A soft vertical reflection on glass or tin."""
    fill(painter, rounded(x, y, width, height, width / 2), colour("#ffffff", alpha))


def words(
    painter: QPainter,
    text: str,
    middle: tuple[float, float],
    size: float,
    paint: Paint,
    widest: float = 100,
    weight: int = 600,
    angle: float = 0,
) -> None:
    """Write one line around its middle, shrunk to `widest` where it would be wider."""
    font = QFont("IBM Plex Sans")
    font.setPixelSize(100)
    font.setWeight(QFont.Weight(weight))
    path = QPainterPath()
    path.addText(0, 0, font, text)
    box = path.boundingRect()
    scale = min(size / 100, widest / max(box.width(), 1))
    painter.save()
    painter.translate(*middle)
    painter.rotate(angle)
    painter.scale(scale, scale)
    painter.translate(-box.center())
    fill(painter, path, paint)
    painter.restore()
