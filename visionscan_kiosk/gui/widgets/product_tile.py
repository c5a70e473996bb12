"""A product to tap: picture, whole name, price, and on a suggestion its key and how like it is."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from visionscan_kiosk.gui.theme.metrics import RADIUS_BADGE, RADIUS_CONTROL
from visionscan_kiosk.gui.theme.palette import ON_PICTURE_PLATE, ON_PICTURE_TEXT
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font, sized_font
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.gui.widgets.painting import (
    TextBlock,
    break_rows,
    draw_block,
    fit_text,
    mirrored,
    rounded,
    row_height,
)
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

_PAD = 10
_PRICE_ROW = 28
_BESIDE_HEIGHT = 150
_TALL_HEIGHT = 168
_MOST_NAME_ROWS = 3
_MEDIUM = QFont.Weight.Medium


class ProductTile(QAbstractButton):
    """Lays itself out by its size: picture above with or without a price row, or picture at the side."""

    def __init__(self, theme: Theme, pictures: PictureStore) -> None:
        super().__init__()
        self._theme = theme
        self._pictures = pictures
        self._view: TileView | None = None
        self._name_rows = 2
        self._needed: tuple[str, int, int] = ("", 0, 1)
        self._fitted: tuple[tuple[str, float, int, int], TextBlock] | None = None
        self.is_chosen = False
        self.has_cut_text = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(96, 112)
        pictures.arrived.connect(self._picture_arrived)
        theme.changed.connect(self.update)

    @property
    def view(self) -> TileView | None:
        """The product it shows."""
        return self._view

    def show_view(self, view: TileView) -> None:
        """Show this product."""
        if view == self._view:
            return
        self._view = view
        said = [view.key, view.name, view.price_text, view.likeness, view.badge]
        self.setAccessibleName(", ".join(part for part in said if part))
        self.setObjectName(f"tile_{view.sku}")
        self.update()

    def needed_name_rows(self) -> int:
        """Return how many rows its name takes at its present width, three at most."""
        if self._view is None:
            return 1
        name, width = self._view.name, self.width()
        if self._needed[:2] != (name, width):  # asked at every change around it, and breaking rows is slow
            rows = len(break_rows(name, width - 2 * _PAD, self._name_font()))
            self._needed = (name, width, min(_MOST_NAME_ROWS, rows))
        return self._needed[2]

    def set_name_rows(self, rows: int) -> None:
        """Give the name this many rows, so that tiles side by side align."""
        if rows != self._name_rows:
            self._name_rows = rows
            self.update()

    def sizeHint(self) -> QSize:
        """Return the size it has room in."""
        return QSize(144, 132)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint it in the way that suits its size."""
        if self._view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = "raised" if self.isDown() else "surface"
        painter.fillPath(rounded(ground, RADIUS_CONTROL), self._theme.color(ink))
        if self._is_beside():
            self._paint_beside(painter, self._view, ground)
        else:
            self._paint_above(painter, self._view, ground)
        self._paint_border(painter, ground)
        painter.end()

    def _is_beside(self) -> bool:
        return bool(self._view and self._view.bars) and self.height() < _BESIDE_HEIGHT

    def _is_tall(self) -> bool:
        return bool(self._view and self._view.bars) or self.height() >= _TALL_HEIGHT

    def _name_font(self) -> QFont:
        return font(Role.STRONG_SMALL if self.width() < 160 else Role.STRONG)

    def _fit_name(self, view: TileView, width: float, rows: int) -> TextBlock:
        asked = (view.name, width, rows, self.width())
        if self._fitted is None or self._fitted[0] != asked:
            fonts = (self._name_font(), sized_font(15), sized_font(14))
            self._fitted = (asked, fit_text(view.name, width, rows, fonts))
        block = self._fitted[1]
        self.has_cut_text = block.is_cut
        return block

    def _paint_above(self, painter: QPainter, view: TileView, ground: QRectF) -> None:
        name_height = self._name_rows * row_height(self._name_font())
        text_height = name_height + (_PRICE_ROW + 14 if self._is_tall() else 12)
        photo = QRect(0, 0, self.width(), max(32, self.height() - text_height))
        self._paint_photo(painter, view, photo, ground, self._kept_free(view))
        top = photo.bottom() + (8 if self._is_tall() else 6)
        name = QRectF(_PAD, top, self.width() - 2 * _PAD, name_height)
        draw_block(
            painter, self._fit_name(view, name.width(), self._name_rows), name, self._theme.color("text")
        )
        if self._is_tall():
            self._paint_price_row(painter, view, self.height() - _PRICE_ROW - 6)
        else:
            self._paint_price_pill(painter, view, photo)
        self._paint_key(painter, view, QRect(8, 8, 32, 32))
        self._paint_badge(painter, view)

    def _paint_beside(self, painter: QPainter, view: TileView, ground: QRectF) -> None:
        side = min(76, self.width() * 2 // 5)
        self._paint_photo(painter, view, mirrored(self, QRect(0, 0, side, self.height())), ground)
        self._paint_key(painter, view, QRect(6, 6, 28, 28))
        width = self.width() - side - 16
        rows_in = row_height(sized_font(15))
        name = self._fit_name(view, width, max(1, (self.height() - 60) // rows_in))
        feet = [(view.price_text, sized_font(16, _MEDIUM)), (view.likeness, font(Role.LABEL))]
        if name.is_cut:
            # A long name takes the price's row; price and likeness share one.
            name = self._fit_name(view, width, max(1, (self.height() - 38) // row_height(sized_font(14))))
            feet = [(f"{view.price_text} · {view.likeness}", font(Role.LABEL))]
        place = mirrored(self, QRect(side + _PAD, 8, width, name.height))
        draw_block(painter, name, QRectF(place), self._theme.color("text"))
        painter.setPen(self._theme.color("text2"))
        for number, (words, used) in enumerate(reversed(feet)):
            painter.setFont(used)
            place = mirrored(self, QRect(side + _PAD, self.height() - 30 - 22 * number, width, 22))
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_photo(
        self, painter: QPainter, view: TileView, place: QRect, ground: QRectF, kept_free: int = 0
    ) -> None:
        ratio = self.devicePixelRatioF()
        drawn = self._pictures.pixmap(
            view.product_id, view.name, view.category, place.size(), ratio, kept_free
        )
        painter.save()
        painter.setClipPath(rounded(ground, RADIUS_CONTROL))
        painter.drawPixmap(place.topLeft(), drawn)
        painter.restore()

    def _kept_free(self, view: TileView) -> int:
        """Room for the price pill beside the artwork, so that it hides no word on a pack."""
        if self._is_tall():
            return 0
        width = QFontMetrics(self._name_font()).horizontalAdvance(view.price_text)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return -width if is_mirrored else width

    def _paint_price_row(self, painter: QPainter, view: TileView, top: int) -> None:
        leading = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(sized_font(16, _MEDIUM))
        painter.setPen(self._theme.color("text2"))
        painter.drawText(
            mirrored(self, QRect(_PAD, top, self.width() - 2 * _PAD, _PRICE_ROW)), leading, view.price_text
        )
        if view.bars:
            self._paint_likeness(painter, view, top)

    def _paint_likeness(self, painter: QPainter, view: TileView, top: int) -> None:
        used = font(Role.LABEL)
        width = QFontMetrics(used).horizontalAdvance(view.likeness)
        start = self.width() - _PAD - width
        painter.setFont(used)
        painter.drawText(
            mirrored(self, QRect(start, top, width + 1, _PRICE_ROW)),
            Qt.AlignmentFlag.AlignCenter,
            view.likeness,
        )
        painter.setPen(Qt.PenStyle.NoPen)
        for bar in range(3):
            height = 6 + 4 * bar
            place = mirrored(self, QRect(start - 36 + bar * 9, top + 21 - height, 6, height))
            painter.setBrush(self._theme.color("text" if bar < view.bars else "line"))
            painter.drawRoundedRect(place, 2, 2)

    def _paint_price_pill(self, painter: QPainter, view: TileView, photo: QRect) -> None:
        used = self._name_font()
        width = QFontMetrics(used).horizontalAdvance(view.price_text) + 16
        place = mirrored(self, QRect(self.width() - width - 8, photo.bottom() - 33, width, 28))
        painter.setPen(QPen(self._theme.color("line"), 1))
        painter.setBrush(self._theme.color("surface"))
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5), 14, 14)
        painter.setFont(used)
        painter.setPen(self._theme.color("text"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, view.price_text)

    def _paint_key(self, painter: QPainter, view: TileView, place: QRect) -> None:
        if not view.key:
            return
        shown = mirrored(self, place)
        plate = self._theme.color(ON_PICTURE_PLATE)
        plate.setAlphaF(0.88)
        painter.fillPath(rounded(QRectF(shown), RADIUS_BADGE), plate)
        painter.setFont(font(Role.STRONG))
        painter.setPen(self._theme.color(ON_PICTURE_TEXT))
        painter.drawText(shown, Qt.AlignmentFlag.AlignCenter, view.key)

    def _paint_badge(self, painter: QPainter, view: TileView) -> None:
        if not view.badge:
            return
        used = font(Role.LABEL)
        width = QFontMetrics(used).horizontalAdvance(view.badge) + 16
        start = self.width() - width - 8 if view.key else 8
        place = mirrored(self, QRect(start, 8, width, 26))
        painter.fillPath(rounded(QRectF(place), 13), self._theme.color("ask"))
        painter.setFont(used)
        painter.setPen(self._theme.color("on_ask"))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, view.badge)

    def _paint_border(self, painter: QPainter, ground: QRectF) -> None:
        is_marked = self.is_chosen or self.hasFocus()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color("accent" if is_marked else "line"), 3 if is_marked else 1))
        edge = 1.0 if is_marked else 0.0
        painter.drawRoundedRect(ground.adjusted(edge, edge, -edge, -edge), RADIUS_CONTROL, RADIUS_CONTROL)

    def _picture_arrived(self, product_id: object) -> None:
        if self._view is not None and self._view.product_id == product_id:
            self.update()
