"""Shared strokes of the widgets that paint themselves: text that fits, rounded ground, mirrored places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QWidget

_ROW_GAP = 1.02
_SIZE_WITH_UNIT = re.compile(r"(?<=\d) (?=[^\W\d]{1,3}\b)|(?<=\d) (?=%)")
_NO_BREAK_SPACE = "\u00a0"
_ISOLATED = "\u2068{}\u2069"
"""A name in another direction than the page's keeps its own order, and its brackets and stops their side."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Text broken into rows that fit a width. `is_cut` says that even the smallest font was too large."""

    rows: tuple[str, ...]
    font: QFont
    row_height: int
    is_cut: bool = False

    @property
    def height(self) -> int:
        """The height of all rows in pixels."""
        return len(self.rows) * self.row_height


def fit_text(text: str, width: float, most_rows: int, fonts: Sequence[QFont]) -> TextBlock:
    """Break `text` with the first of `fonts` (largest first) that needs no more than `most_rows`.

    When none does, the block says so and loses the middle: the end ("unsalted", "2 l") tells products apart.
    """
    for font in fonts:
        rows = break_rows(text, width, font)
        if len(rows) <= most_rows and _fits(rows, width, font):
            return TextBlock(tuple(rows), font, row_height(font))
    kept, rest = rows[: most_rows - 1], " ".join(rows[most_rows - 1 :])
    last = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideLeft, width)
    return TextBlock((*kept, last), font, row_height(font), is_cut=True)


def break_rows(text: str, width: float, font: QFont) -> list[str]:
    """Return the rows `text` needs at this width, broken between words and only if need be inside one.

    A number stays with its unit: "500 g" is never torn apart.
    """
    text = _SIZE_WITH_UNIT.sub(_NO_BREAK_SPACE, text)
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    rows = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        rows.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return rows or [""]


def row_height(font: QFont) -> int:
    """Return the height one row of this font takes."""
    return round(QFontMetricsF(font).height() * _ROW_GAP)


def draw_block(
    painter: QPainter,
    block: TextBlock,
    place: QRectF,
    ink: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw the rows from the top of `place`; left means the leading side."""
    painter.setFont(block.font)
    painter.setPen(ink)
    for number, text in enumerate(block.rows):
        top = place.top() + number * block.row_height
        row = QRectF(place.left(), top, place.width(), block.row_height)
        painter.drawText(row, align | Qt.AlignmentFlag.AlignVCenter, _ISOLATED.format(text))


def rounded(place: QRectF, radius: float) -> QPainterPath:
    """Return a rectangle with round corners, to fill or to clip by."""
    path = QPainterPath()
    path.addRoundedRect(place, radius, radius)
    return path


def mirrored(widget: QWidget, place: QRect) -> QRect:
    """Return `place`, given for left-to-right, where the widget's reading direction wants it."""
    return QStyle.visualRect(widget.layoutDirection(), widget.rect(), place)


def _fits(rows: list[str], width: float, font: QFont) -> bool:
    """Whether words stayed whole: a word broken inside is a reason to try a smaller font."""
    metrics = QFontMetricsF(font)
    words = [word for row in rows for word in row.split(" ")]
    return all(metrics.horizontalAdvance(word) <= width for word in words)
