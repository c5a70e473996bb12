"""What the camera sees, with outlines around what the till found. Painting a frame costs about 1.5 ms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import RADIUS_CARD
from visionscan_kiosk.gui.theme.palette import (
    ON_PICTURE_ASK,
    ON_PICTURE_PLATE,
    ON_PICTURE_SOLD,
    ON_PICTURE_SURE,
    ON_PICTURE_TEXT,
)
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import OutlineKind, OutlineView
from visionscan_kiosk.gui.widgets.painting import draw_block, fit_text, rounded

_INKS = {
    OutlineKind.SURE: ON_PICTURE_SURE,
    OutlineKind.ASK: ON_PICTURE_ASK,
    OutlineKind.LEFT: ON_PICTURE_TEXT,
    OutlineKind.SOLD: ON_PICTURE_SOLD,
}
_ICONS = {
    OutlineKind.SURE: Icon.CHECK_CIRCLE,
    OutlineKind.ASK: Icon.QUESTION_FILL,
    OutlineKind.LEFT: Icon.TAG,
    OutlineKind.SOLD: Icon.BAG,
}
_LABEL_HEIGHT = 34
_MOST_ENLARGED = 1.15
_EDGE = 8


class PictureView(QWidget):
    """The live picture, filling its place; without frames a calm card that says why.

    `outline_tapped` names the piece whose outline, or label, was tapped.
    """

    outline_tapped = Signal(int)

    def __init__(self, theme: Theme, ground: str = "page") -> None:
        """`ground` is the colour of what lies around it."""
        super().__init__()
        self._theme = theme
        self._ground = ground
        self._pixels: NDArray[np.uint8] | None = None
        self._image = QImage()
        self._outlines: tuple[OutlineView, ...] = ()
        self._labels: dict[int, QRectF] = {}
        self._reserved = QRectF()
        self._state = "Starting the camera"
        self._hint = ""
        self.setObjectName("picture")
        self.setAccessibleName("Camera picture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Opaque, so that Qt does not paint the page below it thirty times a second.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self.update)

    @property
    def is_live(self) -> bool:
        """Whether it shows what the camera sees."""
        return not self._image.isNull()

    @property
    def outlines(self) -> tuple[OutlineView, ...]:
        """What is outlined on it."""
        return self._outlines

    def set_frame(self, pixels: NDArray[np.uint8]) -> None:
        """Show a BGR picture, height x width x 3. The array is kept, not copied: do not write to it again."""
        if pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"a picture has the shape height x width x 3, not {pixels.shape}")
        # QImage borrows the buffer: the array has to live as long as the image.
        self._pixels = np.ascontiguousarray(pixels)
        height, width, _ = self._pixels.shape
        self._image = QImage(
            self._pixels.data, width, height, self._pixels.strides[0], QImage.Format.Format_BGR888
        )
        self.update()

    def set_state(self, text: str) -> None:
        """Say why there is no picture; empty while it is live."""
        if text == self._state:
            return
        self._state = text
        if text:
            self._image, self._pixels = QImage(), None
        self.setAccessibleDescription(text)
        self.update()

    def set_hint(self, text: str) -> None:
        """Show a pill over the live picture, such as "Put goods on the counter"; empty hides it."""
        if text != self._hint:
            self._hint = text
            self.update()

    def reserve(self, place: QRect) -> None:
        """Keep labels off this place: a button lies over it."""
        self._reserved = QRectF(place)
        self.update()

    def set_outlines(self, outlines: tuple[OutlineView, ...]) -> None:
        """Outline these boxes, given in pixels of the frame."""
        if outlines != self._outlines:
            self._outlines = outlines
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell which outline lies under the finger."""
        piece = self._piece_at(event.position())
        if piece is not None and event.button() is Qt.MouseButton.LeftButton:
            self.outline_tapped.emit(piece)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that its release comes here too."""
        event.accept()

    def _piece_at(self, at: QPointF) -> int | None:
        """Return the piece of the smallest outline here, or of the label; None beside all of them."""
        if self._image.isNull():
            return None
        shown = self._fitted()
        boxes = [(self._box_in_widget(outline, shown), outline.piece) for outline in self._outlines]
        under = [(box.width() * box.height(), piece) for box, piece in boxes if box.contains(at)]
        labels = [piece for piece, place in self._labels.items() if place.contains(at)]
        return min(under)[1] if under else next(iter(labels), None)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the frame or the card, then what lies over it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(self.rect())
        self._paint_corners(painter)
        painter.setClipPath(rounded(place, RADIUS_CARD))
        if self._image.isNull():
            self._paint_card(painter, place)
        else:
            self._paint_frame(painter)
        painter.setClipping(False)
        self._paint_border(painter, place)
        painter.end()

    def _paint_frame(self, painter: QPainter) -> None:
        shown = self._fitted()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not shown.contains(QRectF(self.rect())):
            painter.fillRect(self.rect(), self._theme.color("sunken"))
        painter.drawImage(shown, self._image)
        if self._theme.palette.is_dark:
            painter.fillRect(self.rect(), QColor(0, 0, 0, 46))
        boxes = [self._box_in_widget(outline, shown) for outline in self._outlines]
        for outline, box in zip(self._outlines, boxes, strict=True):
            _paint_outline(painter, outline, box)
        self._paint_labels(painter, boxes)
        if self._hint and not self._outlines:
            self._paint_hint(painter)

    def _fitted(self) -> QRectF:
        """Where the whole frame lies: over the whole widget, unless that would hide goods at its edges."""
        across, down = self.width() / self._image.width(), self.height() / self._image.height()
        scale = min(max(across, down), min(across, down) * _MOST_ENLARGED)
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _box_in_widget(self, outline: OutlineView, shown: QRectF) -> QRectF:
        scale = shown.width() / self._image.width()
        box = outline.box
        place = QRectF(box.x * scale, box.y * scale, box.width * scale, box.height * scale)
        inside = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        return place.translated(shown.topLeft()).intersected(inside)

    def _paint_labels(self, painter: QPainter, boxes: list[QRectF]) -> None:
        """Label after label, each where it covers no earlier one, and no goods beside its own."""
        used = font(Role.STRONG)
        taken = [self._reserved]
        self._labels = {}
        for outline, box in sorted(zip(self._outlines, boxes, strict=True), key=_by_weight):
            if outline.label:
                width = QFontMetrics(used).horizontalAdvance(outline.label) + 52
                width, others = min(self.width() - 2 * _EDGE, width), [one for one in boxes if one != box]
                place = self._label_place(box, width, taken, others)
                taken.append(place)
                self._labels[outline.piece] = place
                self._paint_label(painter, outline, place, used)

    def _paint_label(self, painter: QPainter, outline: OutlineView, place: QRectF, used: QFont) -> None:
        plate, ink, words = ON_PICTURE_PLATE, _INKS[outline.kind], ON_PICTURE_TEXT
        if outline.is_in_question:
            plate, ink, words = ON_PICTURE_ASK, ON_PICTURE_PLATE, ON_PICTURE_PLATE
        _paint_plate(painter, place, 10, plate)
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        icon_left = place.right() - 30 if right_to_left else place.left() + 8
        corner = QPointF(icon_left, place.top() + 6)
        self._paint_icon(painter, _ICONS[outline.kind], ink, corner, 22)
        text = place.adjusted(8, 0, -38, 0) if right_to_left else place.adjusted(38, 0, -8, 0)
        block = fit_text(outline.label, text.width(), 1, (used,))
        top = (_LABEL_HEIGHT - block.height) / 2
        draw_block(painter, block, text.adjusted(0, top, 0, 0), QColor(words))

    def _label_place(self, box: QRectF, width: float, taken: list[QRectF], others: list[QRectF]) -> QRectF:
        """Above the box, else below it, else inside; the first that is in sight, and covers least."""
        places = [
            self._label_at(box, width, top, left)
            for top, left in (
                (box.top() - _LABEL_HEIGHT - _EDGE, -2),
                (box.bottom() + _EDGE, -2),
                (box.top() + _EDGE, _EDGE),
                (box.bottom() - _LABEL_HEIGHT - _EDGE, _EDGE),
            )
        ]
        in_sight = [place for place in places if self.rect().contains(place.toAlignedRect())]
        free = [place for place in in_sight if not any(place.intersects(other) for other in taken)]
        best = [place for place in free if not any(place.intersects(other) for other in others)]
        return next(iter((*best, *free, *in_sight, places[2])))

    def _label_at(self, box: QRectF, width: float, top: float, indent: float) -> QRectF:
        left = box.left() + indent
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            left = box.right() - width - indent
        left = min(max(left, _EDGE), self.width() - width - _EDGE)
        return QRectF(left, top, width, _LABEL_HEIGHT)

    def _paint_hint(self, painter: QPainter) -> None:
        used = font(Role.TITLE)
        width = QFontMetrics(used).horizontalAdvance(self._hint) + 80
        place = QRectF((self.width() - width) / 2, (self.height() - 64) / 2, width, 64)
        _paint_plate(painter, place, 32)
        right_to_left = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        icon_left = place.right() - 50 if right_to_left else place.left() + 22
        self._paint_icon(painter, Icon.BAG, ON_PICTURE_TEXT, QPointF(icon_left, place.top() + 18), 28)
        painter.setFont(used)
        painter.setPen(QColor(ON_PICTURE_TEXT))
        text = place.adjusted(16, 0, -58, 0) if right_to_left else place.adjusted(58, 0, -16, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, self._hint)

    def _paint_card(self, painter: QPainter, place: QRectF) -> None:
        painter.fillRect(place, self._theme.color("sunken"))
        size = 88 if self.height() >= 240 else 48
        icon = Icon.CAMERA_LIGHT if size > 48 else Icon.CAMERA
        text = fit_text(self._state, place.width() - 48, 3, (font(Role.TITLE), font(Role.STRONG)))
        top = place.center().y() - (size + 8 + text.height) / 2
        self._paint_icon(painter, icon, "text2", QPointF(place.center().x() - size / 2, top), size)
        words = QRectF(24, top + size + 8, place.width() - 48, text.height)
        draw_block(painter, text, words, self._theme.color("text2"), Qt.AlignmentFlag.AlignHCenter)

    def _paint_icon(self, painter: QPainter, icon: Icon, ink: str, corner: QPointF, size: int) -> None:
        drawn = self._theme.pixmap(icon, ink, size, self.devicePixelRatioF())
        painter.drawPixmap(QRect(round(corner.x()), round(corner.y()), size, size), drawn)

    def _paint_corners(self, painter: QPainter) -> None:
        """Show the ground where the round corners leave it in sight."""
        page = self._theme.color(self._ground)
        right, bottom = self.width() - RADIUS_CARD, self.height() - RADIUS_CARD
        for left, top in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
            painter.fillRect(left, top, RADIUS_CARD, RADIUS_CARD, page)

    def _paint_border(self, painter: QPainter, place: QRectF) -> None:
        is_dark = self._theme.palette.is_dark
        painter.setPen(QPen(self._theme.color("line") if is_dark else QColor(0, 0, 0, 40), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_CARD, RADIUS_CARD)


def _paint_outline(painter: QPainter, outline: OutlineView, box: QRectF) -> None:
    """A coloured line over a dark one is seen on any goods."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    more = 3 if outline.is_in_question else 0
    painter.setPen(_solid_pen(QColor(10, 12, 15, 165), 7 + more))
    painter.drawRoundedRect(box, 12, 12)
    pen = _solid_pen(QColor(_INKS[outline.kind]), 4 + more)
    if outline.kind is OutlineKind.ASK:
        pen.setDashPattern([2.2, 2.2])
    painter.setPen(pen)
    painter.drawRoundedRect(box, 12, 12)


def _solid_pen(ink: QColor, width: int) -> QPen:
    pen = QPen(ink, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _by_weight(outlined: tuple[OutlineView, QRectF]) -> bool:
    """What is asked about now has its label placed first."""
    return not outlined[0].is_in_question


def _paint_plate(painter: QPainter, place: QRectF, radius: float, ink: str = ON_PICTURE_PLATE) -> None:
    plate = QColor(ink)
    plate.setAlphaF(0.92)
    painter.fillPath(rounded(place, radius), plate)
